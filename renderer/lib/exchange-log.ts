import type { Exchange } from '../../shared/model/exchange.ts';
import { createFlushScheduler, type PageClock } from './flush-scheduler.ts';
import { SortedRows } from './sorted-rows.ts';

/** Whether a row passes the filter in use. */
export type ExchangePredicate = (exchange: Exchange) => boolean;

/** What the screen draws. Rows are read through it until the next snapshot; it is a new object for every change. */
export interface LogSnapshot {
  /** Rows that pass the filter. */
  readonly rowCount: number;
  /** The same while rows only come and go; another filter or a fresh start brings another. */
  readonly selection: symbol;
  /** Rows held in all, filter or not. */
  readonly heldCount: number;
  /** Changes by the number of rows that appeared (+) or went (-) above the others: the view scrolls along with it. */
  readonly headShift: number;
  readonly isPaused: boolean;
  /** New rows that pass the filter and wait for the end of the pause. */
  readonly waiting: number;
  /** Rows the hub could not send us because we were too slow. */
  readonly missed: number;
  rowAt(index: number): Exchange | undefined;
  indexOf(id: number): number;
}

/** A page of history asked for before an answer came may arrive after it. */
const isOutdated = (row: Exchange, known: Exchange | undefined): boolean =>
  known !== undefined && row.outcome === 'pending' && known.outcome !== 'pending';

const DEFAULT_CAPACITY = 20_000;
/** Rows taken into the view per flush; more would cost frames, the rest comes with the next one. */
const DEFAULT_FLUSH_LIMIT = 2_000;

/**
 * The live log: a bounded ring of the newest rows, and the filtered view of it with older pages in front. Rows come
 * in at any pace and reach the view at most once per frame. While paused nothing reaches the view, all is kept.
 */
export class ExchangeLog {
  readonly #capacity: number;
  readonly #flushLimit: number;
  readonly #scheduler: { schedule(): void; cancel(): void };
  readonly #held = new SortedRows<Exchange>();
  readonly #view = new SortedRows<Exchange>();
  readonly #listeners = new Set<() => void>();
  #queue = new Map<number, Exchange>();
  #matches: ExchangePredicate = () => true;
  #selection = Symbol('selection');
  #headShift = 0;
  #isPaused = false;
  #waiting = 0;
  #missed = 0;
  #snapshot: LogSnapshot;

  constructor(clock: PageClock, { capacity = DEFAULT_CAPACITY, flushLimit = DEFAULT_FLUSH_LIMIT } = {}) {
    this.#capacity = capacity;
    this.#flushLimit = flushLimit;
    this.#scheduler = createFlushScheduler(clock, () => this.#flush());
    this.#snapshot = this.#take();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LogSnapshot => this.#snapshot;

  /** No older page can be put in front any more. */
  get isFull(): boolean {
    return this.#view.length >= this.#capacity;
  }

  /** Oldest row shown or held: pages before it continue the view without a gap. */
  get oldestId(): number | undefined {
    return this.#view.first?.id ?? this.#held.first?.id;
  }

  get newestId(): number | undefined {
    return this.#held.last?.id;
  }

  /** Takes in a live batch; `missed` are rows the hub left out. */
  enqueue(rows: readonly Exchange[], missed: number): void {
    for (const row of rows) {
      const queued = this.#queue.get(row.id);
      if (isOutdated(row, queued)) continue;
      this.#queue.set(row.id, row);
      if (!queued && this.#isNew(row)) this.#waiting += 1;
      if (this.#queue.size > this.#capacity) {
        // Only a long pause gets here. What falls out is still in the hub's history.
        this.#queue.delete(this.#queue.keys().next().value!);
        this.#missed += 1;
      }
    }
    this.#missed += missed;
    this.#scheduler.schedule();
  }

  /** Puts a page of older rows in front. They passed the filter at the hub; they are not part of the ring. */
  prepend(rows: readonly Exchange[]): void {
    for (const row of rows) if (this.#view.upsert(row) === 0) this.#headShift += 1;
    this.#publish();
  }

  /** Shows what passes `matches`; older pages of the previous filter go. */
  setFilter(matches: ExchangePredicate): void {
    this.#matches = matches;
    this.#selection = Symbol('selection');
    this.#view.clear();
    for (const row of this.#held) if (matches(row)) this.#view.upsert(row);
    this.#countWaiting();
    this.#publish();
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#countWaiting();
    if (!isPaused) this.#scheduler.schedule();
    this.#publish();
  }

  /** Forgets all rows, for a fresh start after a gap. */
  reset(): void {
    this.#scheduler.cancel();
    this.#queue.clear();
    this.#held.clear();
    this.#selection = Symbol('selection');
    this.#view.clear();
    this.#waiting = 0;
    this.#missed = 0;
    this.#publish();
  }

  dispose(): void {
    this.#scheduler.cancel();
    this.#listeners.clear();
  }

  #flush(): void {
    if (!this.#isPaused) {
      let taken = 0;
      for (const [id, row] of this.#queue) {
        if (taken === this.#flushLimit) break;
        this.#queue.delete(id);
        this.#insert(row);
        taken += 1;
      }
      this.#held.trimFront(this.#capacity);
      this.#headShift -= this.#view.trimFront(this.#capacity);
      if (this.#queue.size > 0) this.#scheduler.schedule();
    }
    this.#publish();
  }

  #insert(row: Exchange): void {
    if (isOutdated(row, this.#held.get(row.id))) return;
    this.#held.upsert(row);
    if (this.#matches(row)) this.#view.upsert(row);
    else this.#view.remove(row.id);
  }

  #isNew(row: Exchange): boolean {
    return row.id > (this.newestId ?? -1) && this.#matches(row);
  }

  #countWaiting(): void {
    this.#waiting = 0;
    for (const row of this.#queue.values()) if (this.#isNew(row)) this.#waiting += 1;
  }

  #publish(): void {
    this.#snapshot = this.#take();
    for (const listener of this.#listeners) listener();
  }

  #take(): LogSnapshot {
    const view = this.#view;
    return {
      rowCount: view.length,
      selection: this.#selection,
      heldCount: this.#held.length,
      headShift: this.#headShift,
      isPaused: this.#isPaused,
      waiting: this.#isPaused ? Math.min(this.#waiting, this.#queue.size) : 0,
      missed: this.#missed,
      rowAt: (index) => view.at(index),
      indexOf: (id) => view.indexOf(id),
    };
  }
}
