import { BodyArena } from './body-arena.ts';
import { CELLS, encodeBatch, type ExchangeBatch, type SpentBuffers } from './exchange-batch.ts';
import type { ExchangeRecord } from './exchange-record.ts';

/** How long a change may wait: the live view's rhythm, and the size of a transaction. */
const FLUSH_MS = 100;
const FLUSH_ROWS = 1_000;
const FLUSH_BYTES = 1024 * 1024;
/** Rows that wait while it is not known yet which ids are free. */
const MAX_WAITING = 20_000;
/** The last frame of a batch may bring a few rows. */
const ROOM = (FLUSH_ROWS + 8) * CELLS;
const MAX_SPARE = 2;

export interface ExchangeQueueOptions {
  /** Records that are new or have changed, each at most once, and the same written down with their frames. */
  onBatch(records: readonly ExchangeRecord[], batch: ExchangeBatch): void;
}

/** Collects changed exchanges and their frames, gives them numbers, and passes them on every 100 ms. */
export class ExchangeQueue {
  readonly #onBatch: ExchangeQueueOptions['onBatch'];
  #waiting: ExchangeRecord[] = [];
  readonly #arena = new BodyArena();
  readonly #spare: Float64Array<ArrayBuffer>[] = [];
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
  changed(record: ExchangeRecord): void {
    if (record.isQueued) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    record.isQueued = true;
    this.#waiting.push(record);
    if (this.#timer === null) this.#schedule();
  }

  /** Keeps a copy of the first `limit` bytes of a frame. The exchange must have changed as well. */
  capture(record: ExchangeRecord, part: 'request' | 'response', frame: Buffer, limit: number): void {
    if (!record.isQueued) return;
    const length = Math.min(frame.length, limit);
    const offset = this.#arena.append(frame, length);
    if (offset === -1) {
      this.#dropped += 1;
    } else if (part === 'request') {
      record.requestOffset = offset;
      record.requestLength = length;
    } else {
      record.responseOffset = offset;
      record.responseLength = length;
    }
  }

  /** Passes a batch on when it has become large. To be called when a frame is recorded with all it brings. */
  settle(): void {
    if (this.#waiting.length < FLUSH_ROWS && this.#arena.used < FLUSH_BYTES) return;
    if (this.#nextId !== 0) this.flush();
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#nextId === 0 || this.#waiting.length === 0) return;
    const records = this.#waiting;
    this.#waiting = [];
    for (const record of records) {
      if (record.id !== 0) continue;
      record.id = this.#nextId;
      this.#nextId += 1;
    }
    const { used } = this.#arena;
    const buffers = { cells: this.#cells(records.length), bodies: this.#arena.take() };
    const batch = encodeBatch(records, buffers, used);
    for (const record of records) {
      record.isQueued = false;
      record.requestOffset = -1;
      record.responseOffset = -1;
    }
    this.#onBatch(records, batch);
  }

  /** Buffers of an earlier batch that nobody reads any more. */
  recycle({ cells, bodies }: SpentBuffers): void {
    if (this.#spare.length < MAX_SPARE && cells.length === ROOM) this.#spare.push(cells);
    this.#arena.recycle(bodies);
  }

  #cells(rows: number): Float64Array<ArrayBuffer> {
    const needed = rows * CELLS;
    if (needed > ROOM) return new Float64Array(needed);
    return this.#spare.pop() ?? new Float64Array(ROOM);
  }

  #schedule(): void {
    if (this.#timer || this.#nextId === 0 || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => this.flush(), FLUSH_MS);
    this.#timer.unref();
  }
}
