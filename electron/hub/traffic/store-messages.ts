import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import type { ExchangeBatch, SpentBuffers } from './exchange-batch.ts';
import type { LatencyQuery, ListQuery } from './exchange-store.ts';
import type { PlainLatencies } from './latency-table.ts';
import type { StoreLimits } from './store-limits.ts';

/** What the worker is started with. */
export interface StoreStart {
  file: string;
  limits: StoreLimits;
}

/** What can be asked, and what the answer is. */
export interface StoreQuestions {
  list: { query: ListQuery; answer: { exchanges: Exchange[]; more: boolean } };
  get: { query: { id: number }; answer: ExchangeDetail | null };
  latencies: { query: LatencyQuery; answer: PlainLatencies };
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
  | { type: 'close' };

/** From the worker. */
export type FromStore =
  /** The store is in use, now or again; `maxId` is the largest id it holds. */
  | { type: 'opened'; maxId: number; warning: string | null }
  | { type: 'unavailable'; reason: string }
  /** One per `write`, in order; `dropped` of its rows were not kept, because of `error`. Gives the buffers back. */
  | { type: 'written'; dropped: number; error: string | null; spent: SpentBuffers }
  | { type: 'answer'; call: number; answer: StoreQuestions[keyof StoreQuestions]['answer'] }
  | { type: 'refused'; call: number; reason: string }
  | { type: 'closed' };

/** The buffers that change hands with a message instead of being copied. */
export function buffersOf(message: ToStore | FromStore): ArrayBuffer[] {
  const spent = message.type === 'write' ? message.batch : message.type === 'written' ? message.spent : null;
  return spent ? [spent.cells.buffer, spent.bodies.buffer] : [];
}
