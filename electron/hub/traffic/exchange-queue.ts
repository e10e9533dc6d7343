import type { Exchange } from '../../../shared/model/exchange.ts';
import { BodyArena } from './body-arena.ts';
import type { BodyBatch, BodyPart, StoredExchange } from './stored-exchange.ts';

/** How long a change may wait: the live view's rhythm, and the size of a transaction. */
const FLUSH_MS = 100;
const FLUSH_ROWS = 1_000;
/** Rows that wait while it is not known yet which ids are free. */
const MAX_WAITING = 20_000;

/** An exchange being recorded; it changes until it is answered. */
export interface LiveExchange extends StoredExchange {
  isQueued: boolean;
}

export interface ExchangeQueueOptions {
  /** Rows as they are now, each at most once, and the frames captured since the last batch. */
  onBatch(rows: StoredExchange[], bodies: BodyBatch): void;
}

/** Collects changed exchanges and their frames, gives them numbers, and passes them on every 100 ms. */
export class ExchangeQueue {
  readonly #onBatch: ExchangeQueueOptions['onBatch'];
  #waiting: LiveExchange[] = [];
  readonly #arena = new BodyArena();
  #timer: NodeJS.Timeout | null = null;
  /** 0 until it is known which ids are free. */
  #nextId = 0;
  #dropped = 0;

  constructor({ onBatch }: ExchangeQueueOptions) {
    this.#onBatch = onBatch;
  }

  /** Exchanges and frames that found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** From now on ids are larger than this. */
  idsAfter(largest: number): void {
    this.#nextId = Math.max(this.#nextId, largest + 1);
    this.#schedule();
  }

  /** The exchange is new or has changed. */
  changed(record: LiveExchange): void {
    if (record.isQueued) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    record.isQueued = true;
    this.#waiting.push(record);
    if (this.#waiting.length >= FLUSH_ROWS && this.#nextId !== 0) this.flush();
    else this.#schedule();
  }

  /** Keeps a copy of the first `limit` bytes of a frame. The exchange must have changed as well. */
  capture(record: LiveExchange, part: BodyPart, frame: Buffer, limit: number): void {
    if (!record.isQueued) return;
    if (!this.#arena.append(record, part, frame, limit)) this.#dropped += 1;
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#nextId === 0 || this.#waiting.length === 0) return;
    const records = this.#waiting;
    this.#waiting = [];
    const rows = records.map((record): StoredExchange => {
      record.isQueued = false;
      this.#number(record.exchange);
      return { exchange: { ...record.exchange }, phases: record.phases };
    });
    this.#onBatch(rows, this.#arena.take());
  }

  #number(exchange: Exchange): void {
    if (exchange.id !== 0) return;
    exchange.id = this.#nextId;
    this.#nextId += 1;
  }

  #schedule(): void {
    if (this.#timer || this.#nextId === 0 || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => this.flush(), FLUSH_MS);
    this.#timer.unref();
  }
}
