import type { LatencyDistribution } from '../../../shared/model/latency.ts';
import { durationTerm } from './row-filter.ts';

/** Neighbouring buckets drawn as one bar, `last` included; one that only widens the axis has none (`last` < `first`). */
export interface BucketGroup {
  first: number;
  last: number;
  fromMs: number;
  toMs: number;
  /** Nothing was faster, or slower: a filter for it needs no bound there. */
  isLowest: boolean;
  isHighest: boolean;
}

/** With fewer bars, a spread of one or two buckets would look as if every duration had been seen. */
const FEWEST_GROUPS = 12;
/** Between neighbouring bounds, where a single one does not tell. */
const USUAL_FACTOR = 1.5;

/**
 * The buckets in at most `most` groups of equal size, with empty ones on each side. Bounds grow by a factor, so bars of
 * equal width are an axis with a logarithmic scale. A hub sends only buckets that hold calls, so where the lowest one
 * begins is taken from that factor.
 */
export function groupBuckets(
  { boundsMs, counts }: Pick<LatencyDistribution, 'boundsMs' | 'counts'>,
  most: number,
): BucketGroup[] {
  const start = counts.findIndex((count) => count > 0);
  if (start === -1) return [];
  const end = counts.findLastIndex((count) => count > 0);
  const factor = factorOf(boundsMs);
  const size = Math.ceil((end - start + 1) / (most - 2));
  const groups: BucketGroup[] = [];
  for (let first = start; first <= end; first += size) {
    const last = Math.min(first + size - 1, end);
    groups.push({
      first,
      last,
      fromMs: boundsMs[first - 1] ?? boundsMs[first]! / factor,
      toMs: boundsMs[last]!,
      isLowest: first === start,
      isHighest: last === end,
    });
  }
  return widened(groups, factor ** size);
}

function factorOf(boundsMs: readonly number[]): number {
  const [lowest, highest] = [boundsMs[0] ?? 0, boundsMs.at(-1) ?? 0];
  if (boundsMs.length < 2 || lowest <= 0) return USUAL_FACTOR;
  return Math.max(1.01, (highest / lowest) ** (1 / (boundsMs.length - 1)));
}

/** One empty group on each side at least, and more until the axis is long enough to read. */
function widened(groups: readonly BucketGroup[], factor: number): BucketGroup[] {
  const empty = { first: 0, last: -1, isLowest: false, isHighest: false };
  const wide = [...groups];
  const [before, after] = [
    Math.ceil((FEWEST_GROUPS - groups.length) / 2),
    Math.floor((FEWEST_GROUPS - groups.length) / 2),
  ];
  for (let left = Math.max(1, before); left > 0; left -= 1) {
    const { fromMs } = wide[0]!;
    wide.unshift({ ...empty, fromMs: fromMs / factor, toMs: fromMs });
  }
  for (let left = Math.max(1, after); left > 0; left -= 1) {
    const { toMs } = wide.at(-1)!;
    wide.push({ ...empty, fromMs: toMs, toMs: toMs * factor });
  }
  return wide;
}

/** Calls per group. */
export const countsIn = (groups: readonly BucketGroup[], counts: readonly number[]): number[] =>
  groups.map(({ first, last }) => counts.slice(first, last + 1).reduce((sum, count) => sum + count, 0));

/** A filter term for the calls of a group. */
export const termOf = ({ fromMs, toMs, isLowest, isHighest }: BucketGroup): string =>
  durationTerm(isLowest ? 0 : fromMs, isHighest ? null : toMs);

/** Where a duration lies on the axis of the groups, in widths of a group; null outside of it. */
export function positionOf(groups: readonly BucketGroup[], ms: number): number | null {
  const index = groups.findIndex(({ fromMs, toMs }) => ms >= fromMs && ms <= toMs);
  const group = groups[index];
  if (!group) return null;
  return index + Math.log(ms / group.fromMs) / Math.log(group.toMs / group.fromMs);
}

const STEPS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000,
  60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** Round durations to write under the axis, at least `apart` widths of a group from each other. */
export function axisTicks(groups: readonly BucketGroup[], apart: number): { ms: number; at: number }[] {
  const all = STEPS.map((ms) => ({ ms, at: positionOf(groups, ms) })).filter(
    (tick): tick is { ms: number; at: number } => tick.at !== null,
  );
  const ticks: { ms: number; at: number }[] = [];
  // Powers of ten first: what is between them fills the gaps only.
  for (const tick of all.toSorted((a, b) => Number(isPowerOfTen(b.ms)) - Number(isPowerOfTen(a.ms)))) {
    if (ticks.every(({ at }) => Math.abs(at - tick.at) >= apart)) ticks.push(tick);
  }
  return ticks.sort((a, b) => a.ms - b.ms);
}

const isPowerOfTen = (ms: number): boolean => Number.isInteger(Math.round(Math.log10(ms) * 1e6) / 1e6);
