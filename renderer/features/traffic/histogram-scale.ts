import { momentOf as momentAt } from '../../../shared/filter/filter.ts';
import { parseTime } from '../../../shared/filter/filter-values.ts';
import type { Exchange, TimeSlice } from '../../../shared/model/exchange.ts';
import { momentText, type TimeSpan } from './filter-terms.ts';
import type { HISTOGRAM_SPANS } from './traffic-view-store.ts';

export type HistogramSpan = (typeof HISTOGRAM_SPANS)[number];

/** The stretch of time a histogram shows, in slices of equal length. */
export interface TimeWindow {
  /** Epoch milliseconds. */
  from: number;
  sliceMs: number;
  slices: number;
}

const SPANS: Record<HistogramSpan, { sliceMs: number; slices: number }> = {
  '1h': { sliceMs: 30_000, slices: 120 },
  '24h': { sliceMs: 900_000, slices: 96 },
  '7d': { sliceMs: 3_600_000, slices: 168 },
};

/** The window up to now. It begins at a whole slice, so that bars keep their shape while time passes. */
export function windowUpTo(nowMs: number, span: HistogramSpan): TimeWindow {
  const { sliceMs, slices } = SPANS[span];
  const until = Math.ceil((nowMs + 1) / sliceMs) * sliceMs;
  return { from: until - sliceMs * slices, sliceMs, slices };
}

const FILE_SLICES = 120;

/** The window that holds all the given rows. */
export function windowAround(rows: readonly Pick<Exchange, 'at'>[]): TimeWindow {
  let from = Infinity;
  let last = -Infinity;
  for (const { at } of rows) {
    from = Math.min(from, at);
    last = Math.max(last, at);
  }
  if (rows.length === 0) return { from: 0, sliceMs: 1_000, slices: FILE_SLICES };
  const sliceMs = Math.max(1_000, Math.ceil((last - from + 1) / FILE_SLICES / 1_000) * 1_000);
  return { from: Math.floor(from / 1_000) * 1_000, sliceMs, slices: FILE_SLICES };
}

/** First moment after the window. */
export const endOf = ({ from, sliceMs, slices }: TimeWindow): number => from + sliceMs * slices;

/** What happened in one slice. */
export interface SliceCount {
  count: number;
  failed: number;
}

/** One count per slice of the window; what the hub left out had no calls. */
export function countsIn(window: TimeWindow, found: readonly TimeSlice[]): SliceCount[] {
  const counts = Array.from({ length: window.slices }, () => ({ count: 0, failed: 0 }));
  for (const { at, count, failed } of found) {
    const slice = counts[Math.floor((at - window.from) / window.sliceMs)];
    if (!slice) continue;
    slice.count += count;
    slice.failed += failed;
  }
  return counts;
}

/** A bar in pixels: all of it, and the failed part that stands at its foot. */
export interface Bar {
  height: number;
  failedHeight: number;
}

/** One failure among ten thousand calls must be seen, one call beside a burst too. */
const MIN_BAR = 1.5;
const MIN_FAILED = 2.5;

/** Bars on a linear scale up to the highest slice. */
export function barsOf(counts: readonly SliceCount[], height: number): Bar[] {
  const peak = Math.max(1, ...counts.map(({ count }) => count));
  return counts.map(({ count, failed }) => {
    if (count === 0) return { height: 0, failedHeight: 0 };
    const failedHeight = failed === 0 ? 0 : Math.max(MIN_FAILED, (failed / peak) * height);
    return { height: Math.max(MIN_BAR, failedHeight, (count / peak) * height), failedHeight };
  });
}

/** A stretch of slices, `end` exclusive. */
export interface Selection {
  start: number;
  end: number;
}

/** What a drag from one slice to another selects, whichever way it went. */
export const selectionBetween = (a: number, b: number, { slices }: TimeWindow): Selection => {
  const inside = (slice: number): number => Math.max(0, Math.min(slices - 1, slice));
  return { start: inside(Math.min(a, b)), end: inside(Math.max(a, b)) + 1 };
};

/** The span a selection asks for. Up to the last slice is open, so that what happens next is in it. */
export function spanOfSelection({ start, end }: Selection, window: TimeWindow): TimeSpan {
  const momentAt = (slice: number): string => momentText(window.from + slice * window.sliceMs);
  if (start <= 0 && end >= window.slices) return { since: null, until: null };
  return { since: momentAt(start), until: end >= window.slices ? null : momentAt(end) };
}

/** The moment a filter's value of time means, null when it means none. */
export function momentOf(value: string | null, nowMs: number): number | null {
  const time = value === null ? null : parseTime(value);
  return time && momentAt(time, nowMs);
}

/** Where a filter's span lies in the window, in (parts of) slices; null when it asks for no time. */
export function selectionOfSpan(span: TimeSpan, window: TimeWindow, nowMs: number): Selection | null {
  const since = momentOf(span.since, nowMs);
  const until = momentOf(span.until, nowMs);
  if (since === null && until === null) return null;
  const place = (moment: number): number =>
    Math.max(0, Math.min(window.slices, (moment - window.from) / window.sliceMs));
  const start = since === null ? 0 : place(since);
  const end = until === null ? window.slices : place(until);
  return { start, end: Math.max(start, end) };
}

/** Moves one end of a selection; the two never meet. */
export function moveEdge(
  selection: Selection,
  edge: 'start' | 'end',
  to: number,
  { slices }: TimeWindow,
): Selection {
  if (edge === 'start') {
    return { ...selection, start: Math.max(0, Math.min(Math.round(to), Math.ceil(selection.end) - 1)) };
  }
  return { ...selection, end: Math.min(slices, Math.max(Math.round(to), Math.floor(selection.start) + 1)) };
}
