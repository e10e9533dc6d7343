import type { Annotation, Exchange, ExchangeDetail, TimeSlice } from '../../../shared/model/exchange.ts';
import type { ExchangeBatch, SpentBuffers } from './exchange-batch.ts';
import type { PlainSpread, SpreadPeriod } from './latency-spread.ts';
import type { PlainLatencies } from './latency-table.ts';
import type { LatencyQuery } from './store-calls.ts';
import type { LoggedContext } from './store-context.ts';
import type { HistogramQuery } from './store-histogram.ts';
import type { StoreLimits } from './store-limits.ts';
import type { Found, ListQuery } from './store-search.ts';

/** What the worker is started with. */
export interface StoreStart {
  file: string;
  limits: StoreLimits;
}

/** What can be asked, and what the answer is. */
export interface StoreQuestions {
  /** What was found comes in `found` messages before, but for the last of it. */
  search: { query: ListQuery; answer: { exchanges: Exchange[]; more: boolean } };
  get: { query: { id: number }; answer: ExchangeDetail | null };
  context: { query: { id: number; nowMs: number }; answer: LoggedContext | null };
  histogram: { query: HistogramQuery; answer: TimeSlice[] };
  latencies: { query: LatencyQuery; answer: PlainLatencies };
  spread: { query: LatencyQuery & { period: SpreadPeriod }; answer: PlainSpread };
  annotations: { query: Record<never, never>; answer: Annotation[] };
  /** False when there is no such exchange. */
  annotate: { query: Annotation; answer: boolean };
}

export type StoreQuestion = {
  [Name in keyof StoreQuestions]: { type: Name; call: number; query: StoreQuestions[Name]['query'] };
}[keyof StoreQuestions];

/** To the worker. Messages are taken in order: a question sees every row written before it. */
export type ToStore =
  /** Rows with ids up to `above` are not ours to write and are dropped. The buffers change hands. */
  | { type: 'write'; batch: ExchangeBatch; above: number }
  | { type: 'limits'; limits: StoreLimits }
  | StoreQuestion
  /** Nobody waits for this answer any more. */
  | { type: 'cancel'; call: number }
  | { type: 'close' };

/** From the worker. */
export type FromStore =
  /** The store is in use, now or again; `maxId` is the largest id it holds. */
  | { type: 'opened'; maxId: number; warning: string | null }
  | { type: 'unavailable'; reason: string }
  /** One per `write`, in order; `dropped` of its rows were not kept, because of `error`. Gives the buffers back. */
  | { type: 'written'; dropped: number; error: string | null; spent: SpentBuffers }
  /** A step of a search that goes on. */
  | { type: 'found'; call: number; found: Found }
  | { type: 'answer'; call: number; answer: StoreQuestions[keyof StoreQuestions]['answer'] }
  | { type: 'refused'; call: number; reason: string }
  | { type: 'closed' };

/** The buffers that change hands with a message instead of being copied. */
export function buffersOf(message: ToStore | FromStore): ArrayBuffer[] {
  const spent = message.type === 'write' ? message.batch : message.type === 'written' ? message.spent : null;
  return spent ? [spent.cells.buffer, spent.bodies.buffer] : [];
}
