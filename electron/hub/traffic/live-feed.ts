import type { Filter } from '../../../shared/filter/filter.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import type { Exchange, LiveBatch } from '../../../shared/model/exchange.ts';
import type { ExchangeRecord } from './exchange-record.ts';

/** Rows kept for a subscriber that does not take them. */
const MAX_WAITING = 1_000;
/** Unanswered rows a subscriber was shown, to be shown again when they change. */
const MAX_SHOWN = 10_000;

interface Subscriber {
  filter: Filter;
  waiting: Map<number, Exchange>;
  /** Ids of rows that were shown as pending. */
  shown: Set<number>;
  dropped: number;
  wake(): void;
}

/** Hands new and changed rows to whoever watches, each with a filter and a bound of its own. */
export class LiveFeed {
  readonly #subscribers = new Set<Subscriber>();
  #isClosed = false;

  /** Costs nothing while nobody watches. */
  publish(records: readonly ExchangeRecord[], nowMs: number): void {
    if (this.#subscribers.size === 0) return;
    const rows = records.map((record) => record.toExchange());
    for (const subscriber of this.#subscribers) {
      for (const row of rows) offer(subscriber, row, nowMs);
      if (subscriber.waiting.size > 0 || subscriber.dropped > 0) subscriber.wake();
    }
  }

  /** Ends every subscription. */
  close(): void {
    this.#isClosed = true;
    for (const subscriber of this.#subscribers) subscriber.wake();
  }

  /** Ends when the signal aborts, the feed is closed, or the reader stops. */
  async *subscribe(filter: Filter, signal: AbortSignal): AsyncGenerator<LiveBatch> {
    let wake = (): void => {};
    const subscriber: Subscriber = {
      filter,
      waiting: new Map(),
      shown: new Set(),
      dropped: 0,
      wake: () => wake(),
    };
    const abort = (): void => wake();
    signal.addEventListener('abort', abort);
    this.#subscribers.add(subscriber);
    try {
      while (!signal.aborted && !this.#isClosed) {
        if (subscriber.waiting.size === 0 && subscriber.dropped === 0) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        const batch: LiveBatch = {
          rows: [...subscriber.waiting.values()],
          dropped: subscriber.dropped,
          feed: '',
          number: 0,
        };
        subscriber.waiting.clear();
        subscriber.dropped = 0;
        yield batch;
      }
    } finally {
      this.#subscribers.delete(subscriber);
      signal.removeEventListener('abort', abort);
    }
  }
}

function offer(subscriber: Subscriber, row: Exchange, nowMs: number): void {
  const { waiting, shown } = subscriber;
  const isPending = row.outcome === 'pending';
  // A row that was shown waiting must be shown finished, also when the filter asks for waiting ones.
  if (!matches(subscriber.filter, row, nowMs) && !shown.has(row.id)) return;
  if (isPending && shown.size < MAX_SHOWN) shown.add(row.id);
  if (!isPending) shown.delete(row.id);
  if (waiting.size >= MAX_WAITING && !waiting.has(row.id)) {
    subscriber.dropped += 1;
    return;
  }
  waiting.set(row.id, row);
}
