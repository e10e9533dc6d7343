import type { LatencySpread } from './latency-spread.ts';
import { LatencyTable, type LatencySample, minuteOf } from './latency-table.ts';

const MINUTE_MS = 60_000;
/** Tools of all minutes together, a few hundred bytes each. */
const MAX_CELLS = 20_000;

/**
 * Latencies of this process by minute, so that the usual question is answered without reading the store. The oldest
 * minutes go when there are too many; before `coversFrom` the store must be asked.
 */
export class LatencyMinutes {
  readonly #minutes = new Map<number, LatencyTable>();
  #cells = 0;
  /** The minute under way and its table, which nearly every call belongs to. */
  #current = -1;
  #table = new LatencyTable();
  #coversFrom: number;

  constructor(startedAt: number) {
    this.#coversFrom = startedAt;
  }

  /** Epoch milliseconds; every call made since then is counted here. */
  get coversFrom(): number {
    return this.#coversFrom;
  }

  record(sample: LatencySample): void {
    // A call that began in a minute already dropped belongs to the store.
    if (sample.at < this.#coversFrom) return;
    const minute = minuteOf(sample.at);
    const table = minute === this.#current ? this.#table : this.#tableOf(minute);
    const before = table.size;
    table.record(sample);
    this.#cells += table.size - before;
    while (this.#cells > MAX_CELLS && this.#minutes.size > 1) this.#dropOldest();
  }

  /** Everything from the minute of `from` on, up to that of `until`; of some servers where `keeps` is given. */
  between(from: number, until: number, keeps?: (server: string) => boolean): LatencyTable {
    const sum = new LatencyTable();
    for (const [, table] of this.#tables(from, until)) sum.merge(table, keeps);
    return sum;
  }

  /** The same, put into the slices of a spread. */
  spreadInto(spread: LatencySpread, from: number, keeps?: (server: string) => boolean): void {
    for (const [minute, table] of this.#tables(from, Number.MAX_SAFE_INTEGER))
      spread.add(minute, table.sum(keeps));
  }

  *#tables(from: number, until: number): Generator<[minute: number, table: LatencyTable]> {
    const [first, end] = [minuteOf(from), minuteOf(until)];
    for (const entry of this.#minutes) if (entry[0] >= first && entry[0] < end) yield entry;
  }

  #tableOf(minute: number): LatencyTable {
    let table = this.#minutes.get(minute);
    if (!table) this.#minutes.set(minute, (table = new LatencyTable()));
    this.#current = minute;
    this.#table = table;
    return table;
  }

  #dropOldest(): void {
    const oldest = Math.min(...this.#minutes.keys());
    this.#cells -= this.#minutes.get(oldest)!.size;
    this.#minutes.delete(oldest);
    if (oldest === this.#current) this.#current = -1;
    this.#coversFrom = (oldest + 1) * MINUTE_MS;
  }
}
