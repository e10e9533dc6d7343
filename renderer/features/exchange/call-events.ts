import type {
  CapturedBody,
  Exchange,
  ExchangeContext,
  ExchangeDetail,
} from '../../../shared/model/exchange.ts';
import { indexJson, type JsonIndex } from '../../lib/json/json-index.ts';
import { copiedValue, memberAt } from '../../lib/json/json-path.ts';
import { stripAnsi } from '../../lib/strip-ansi.ts';

/** What happened during a call, on its own time axis. */
export interface CallEvent {
  /** Unique within the call. */
  key: string;
  kind:
    | 'queue'
    | 'hubIn'
    | 'server'
    | 'hubOut'
    | 'progress'
    | 'logging'
    | 'requests'
    | 'other'
    | 'stderr'
    | 'usage';
  /** Milliseconds since the call began; below zero before it. */
  atMs: number;
  tookMs: number | null;
  /** From outside, for a line of text. Empty where the kind says it all. */
  text: string;
  /** The exchange behind it, where there is one. */
  exchange: number | null;
}

type MessageKind = 'progress' | 'logging' | 'requests' | 'other';

/** What a message of the server is, to the call it came with. */
export function messageKind({ kind, method }: Exchange): MessageKind {
  if (kind === 'request') return 'requests';
  if (method === 'notifications/progress') return 'progress';
  return method === 'notifications/message' ? 'logging' : 'other';
}

const MAX_TEXT = 300;
/** Of a message; up to two hundred of them are read at once, and what is cut there is read as far as it goes. */
const MAX_READ = 20_000;

function valueText(index: JsonIndex, path: readonly string[]): string | null {
  const node = memberAt(index, path);
  return node === -1 ? null : copiedValue(index, node).slice(0, MAX_TEXT);
}

/** A message in a few words: how far it is, what was logged, which method. */
export function messageText(exchange: Exchange, body: CapturedBody | null): string {
  const index = body && indexJson(body.text.slice(0, MAX_READ));
  const kind = messageKind(exchange);
  if (!index || kind === 'requests' || kind === 'other') return exchange.method;
  if (kind === 'progress') {
    const [progress, total, message] = ['progress', 'total', 'message'].map((name) =>
      valueText(index, ['params', name]),
    );
    const share = total === null || total === undefined ? progress : `${progress} / ${total}`;
    return [share, message].filter(Boolean).join(' · ');
  }
  return [valueText(index, ['params', 'level']), valueText(index, ['params', 'data'])]
    .filter(Boolean)
    .join(': ');
}

/** All there is to draw and to read about a call, in order of time. */
export function callEvents(
  { exchange, phases }: ExchangeDetail,
  context: ExchangeContext | null,
): CallEvent[] {
  const events: CallEvent[] = [];
  const add = (event: Omit<CallEvent, 'key'>): void =>
    void events.push({ ...event, key: `${event.kind}-${events.length}` });
  if (phases) {
    let atMs = 0;
    const { queueMs, hubInMs, serverMs, hubOutMs } = phases;
    for (const [kind, tookMs] of [
      ['queue', queueMs],
      ['hubIn', hubInMs],
      ['server', serverMs],
      ['hubOut', hubOutMs],
    ] as const) {
      if (kind !== 'queue' || tookMs > 0) add({ kind, atMs, tookMs, text: '', exchange: null });
      atMs += tookMs;
    }
  }
  for (const message of context?.messages ?? []) {
    const { at, durationMs, id } = message.exchange;
    add({
      kind: messageKind(message.exchange),
      atMs: at - exchange.at,
      tookMs: durationMs,
      text: messageText(message.exchange, message.body),
      exchange: id,
    });
  }
  for (const { at, text } of context?.stderr ?? [])
    add({
      kind: 'stderr',
      atMs: at - exchange.at,
      tookMs: null,
      text: stripAnsi(text).slice(0, MAX_TEXT),
      exchange: null,
    });
  return events.toSorted((a, b) => a.atMs - b.atMs);
}

/** How long the axis is: the call, or as much of a running one as anything is known of. */
export function axisLength({ exchange, phases }: ExchangeDetail, events: readonly CallEvent[]): number {
  const phased = phases ? phases.queueMs + phases.hubInMs + phases.serverMs + phases.hubOutMs : 0;
  const known = exchange.durationMs ?? phased;
  if (known > 0) return known;
  return Math.max(
    1,
    ...events.filter(({ kind }) => kind !== 'stderr').map(({ atMs, tookMs }) => atMs + (tookMs ?? 0)),
  );
}

/** Round moments on an axis, the beginning included, the end perhaps: 0, 20, 40 … */
export function axisTicks(lengthMs: number, wanted = 5): number[] {
  const rough = lengthMs / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  // Multiplied, not added up: 0.1 + 0.2 is no round moment.
  return Array.from({ length: Math.floor(lengthMs / step + 1e-9) + 1 }, (_, at) => at * step);
}

/** A line over the axis: x and y from 0 to 1. */
export interface UsageLine {
  peak: number;
  points: { x: number; y: number }[];
}

/** Readings as a line, with the ones just outside of the axis giving it its ends. Null where it would be no line. */
export function usageLine(
  readings: readonly { atMs: number; value: number }[],
  lengthMs: number,
): UsageLine | null {
  const clipped: { atMs: number; value: number }[] = [];
  for (const [at, reading] of readings.entries()) {
    const before = readings[at - 1];
    for (const edge of [0, lengthMs]) {
      if (before && before.atMs < edge && reading.atMs > edge)
        clipped.push({ atMs: edge, value: valueAt(before, reading, edge) });
    }
    if (reading.atMs >= 0 && reading.atMs <= lengthMs) clipped.push(reading);
  }
  if (clipped.length < 2) return null;
  const peak = Math.max(...clipped.map(({ value }) => value));
  return {
    peak,
    points: clipped.map(({ atMs, value }) => ({ x: atMs / lengthMs, y: peak === 0 ? 0 : value / peak })),
  };
}

type Reading = { atMs: number; value: number };
const valueAt = (before: Reading, after: Reading, atMs: number): number =>
  before.value + ((after.value - before.value) * (atMs - before.atMs)) / (after.atMs - before.atMs);
