import type { Filter } from '../../../shared/filter/filter.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import type { ExchangeRecord } from './exchange-record.ts';

/** The most recent exchanges in memory: what can still be shown when the store is not usable. */
export class ExchangeRing {
  /** By id, modulo the capacity; a record that changes changes here as well. */
  readonly #records: (ExchangeRecord | undefined)[];
  readonly #capacity: number;

  constructor(capacity = 2_000) {
    this.#capacity = capacity;
    this.#records = Array.from({ length: capacity }, () => undefined);
  }

  put(record: ExchangeRecord): void {
    const index = record.id % this.#capacity;
    const known = this.#records[index];
    // An old call that is answered late must not take the place of a newer one.
    if (known === undefined || known.id <= record.id) this.#records[index] = record;
  }

  get(id: number): ExchangeRecord | undefined {
    const record = this.#records[id % this.#capacity];
    return record?.id === id ? record : undefined;
  }

  /** Newest first; `before` is an id. */
  list(
    filter: Filter,
    { limit, before, nowMs }: { limit: number; before: number | undefined; nowMs: number },
  ): { exchanges: Exchange[]; more: boolean } {
    const found = this.#newestFirst().filter(
      (record) => (before === undefined || record.id < before) && matches(filter, record, nowMs),
    );
    return {
      exchanges: found.slice(0, limit).map((record) => record.toExchange()),
      more: found.length > limit,
    };
  }

  /** Finished calls of clients since `from` (epoch milliseconds). */
  finished(filter: Filter, from: number, nowMs: number): ExchangeRecord[] {
    return this.#newestFirst().filter(
      (record) =>
        record.at >= from &&
        record.kind === 'request' &&
        record.direction === 'client-to-server' &&
        record.outcome !== 'pending' &&
        matches(filter, record, nowMs),
    );
  }

  #newestFirst(): ExchangeRecord[] {
    return this.#records.filter((record) => record !== undefined).sort((a, b) => b.id - a.id);
  }
}
