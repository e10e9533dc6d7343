import { randomUUID } from 'node:crypto';
import type { Filter } from '../../../shared/filter/filter.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import type { Exchange, LiveBatch } from '../../../shared/model/exchange.ts';
import type { ExchangeRecord } from './exchange-record.ts';

/** Rows kept for a subscriber that does not take them. */
const MAX_WAITING = 1_000;
/** Unanswered rows a subscriber was shown, to be shown again when they change. */
const MAX_SHOWN = 10_000;
/** Batches a reader may be behind with. */
const CREDIT = 4;
/** A reader that never says what it took (curl, an earlier Patchbay) gets a batch this often. */
const UNTOLD_EVERY_MS = 1_000;

interface Subscriber {
  filter: Filter;
  waiting: Map<number, Exchange>;
  /** Ids of rows that were shown as pending. */
  shown: Set<number>;
  dropped: number;
  /** Number of the last batch that was handed out, and of the last that counts as taken. */
  sent: number;
  taken: number;
  /** Whether the reader has ever said what it took. */
  isTold: boolean;
  wake(): void;
}

/** Hands new and changed rows to whoever watches, each with a filter, a bound and a credit of its own. */
export class LiveFeed {
  readonly #subscribers = new Map<string, Subscriber>();
  #isClosed = false;

  /** Costs nothing while nobody watches. */
  publish(records: readonly ExchangeRecord[], nowMs: number, bookmarked?: ReadonlySet<number>): void {
    if (this.#subscribers.size === 0) return;
    const rows = records.map((record) => record.toExchange());
    for (const subscriber of this.#subscribers.values()) {
      for (const row of rows) {
        if (isWanted(subscriber, row, matches(subscriber.filter, row, nowMs, bookmarked)))
          offer(subscriber, row);
      }
      if (hasNews(subscriber) && hasCredit(subscriber)) subscriber.wake();
    }
  }

  /** The reader of a feed has everything up to this batch; nothing happens when there is no such feed any more. */
  took(feed: string, number: number): void {
    const subscriber = this.#subscribers.get(feed);
    if (!subscriber) return;
    subscriber.isTold = true;
    subscriber.taken = Math.max(subscriber.taken, Math.min(number, subscriber.sent));
    subscriber.wake();
  }

  /** Ends every subscription. */
  close(): void {
    this.#isClosed = true;
    for (const subscriber of this.#subscribers.values()) subscriber.wake();
  }

  /** Ends when the signal aborts, the feed is closed, or the reader stops. */
  async *subscribe(filter: Filter, signal: AbortSignal): AsyncGenerator<LiveBatch> {
    let wake = (): void => {};
    const subscriber: Subscriber = {
      filter,
      waiting: new Map(),
      shown: new Set(),
      dropped: 0,
      sent: 0,
      taken: 0,
      isTold: false,
      wake: () => wake(),
    };
    const feed = randomUUID();
    const abort = (): void => wake();
    signal.addEventListener('abort', abort);
    this.#subscribers.set(feed, subscriber);
    try {
      while (!signal.aborted && !this.#isClosed) {
        if (!hasNews(subscriber) || !hasCredit(subscriber)) {
          const isStuck = !subscriber.isTold && !hasCredit(subscriber);
          const timer = isStuck ? setTimeout(grant, UNTOLD_EVERY_MS, subscriber).unref() : undefined;
          await new Promise<void>((resolve) => (wake = resolve));
          clearTimeout(timer);
          continue;
        }
        subscriber.sent += 1;
        const rows = [...subscriber.waiting.values()];
        const { dropped, sent: number } = subscriber;
        subscriber.waiting.clear();
        subscriber.dropped = 0;
        yield { rows, dropped, feed, number };
      }
    } finally {
      this.#subscribers.delete(feed);
      signal.removeEventListener('abort', abort);
    }
  }
}

const hasNews = ({ waiting, dropped }: Subscriber): boolean => waiting.size > 0 || dropped > 0;

const hasCredit = ({ sent, taken }: Subscriber): boolean => sent - taken < CREDIT;

function grant(subscriber: Subscriber): void {
  subscriber.taken += 1;
  subscriber.wake();
}

/** A row that was shown waiting must be shown finished, also when the filter asks for waiting ones. */
function isWanted({ shown }: Subscriber, row: Exchange, isMatch: boolean): boolean {
  if (!isMatch && !shown.has(row.id)) return false;
  const isPending = row.outcome === 'pending';
  if (isPending && shown.size < MAX_SHOWN) shown.add(row.id);
  if (!isPending) shown.delete(row.id);
  return true;
}

function offer(subscriber: Subscriber, row: Exchange): void {
  const { waiting } = subscriber;
  if (waiting.size >= MAX_WAITING && !waiting.has(row.id)) {
    subscriber.dropped += 1;
    return;
  }
  waiting.set(row.id, row);
}
