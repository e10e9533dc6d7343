import type { Filter } from '../../../shared/filter/filter.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import type { Exchange, TimeSlice } from '../../../shared/model/exchange.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import { isFailure } from './latency-table.ts';
import { timeSlices } from './store-histogram.ts';
import type { ListQuery } from './store-search.ts';
import type { HistogramQuery } from './store-histogram.ts';

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

  /** Newest first. */
  list(
    { filter, limit, before, nowMs }: ListQuery,
    bookmarked: ReadonlySet<number>,
  ): { exchanges: Exchange[]; more: boolean } {
    const found = this.#newestFirst().filter(
      (record) => (before === undefined || record.id < before) && matches(filter, record, nowMs, bookmarked),
    );
    return {
      exchanges: found.slice(0, limit).map((record) => record.toExchange()),
      more: found.length > limit,
    };
  }

  histogram(query: HistogramQuery, bookmarked: ReadonlySet<number>): TimeSlice[] {
    const { width, counted } = timeSlices(query);
    for (const record of this.#newestFirst()) {
      const { at, outcome } = record;
      if (at < query.from || at >= query.until || !matches(query.filter, record, query.nowMs, bookmarked))
        continue;
      const slice = counted[Math.floor((at - counted[0]!.at) / width)]!;
      slice.count += 1;
      if (isFailure(outcome)) slice.failed += 1;
    }
    return counted;
  }

  /** Finished calls of clients since `from` (epoch milliseconds). */
  finished(
    { filter, from, until, nowMs }: { filter: Filter; from: number; until: number; nowMs: number },
    bookmarked: ReadonlySet<number>,
  ): ExchangeRecord[] {
    return this.#newestFirst().filter(
      (record) =>
        record.at >= from &&
        record.at < until &&
        record.kind === 'request' &&
        record.direction === 'client-to-server' &&
        record.outcome !== 'pending' &&
        matches(filter, record, nowMs, bookmarked),
    );
  }

  #newestFirst(): ExchangeRecord[] {
    return this.#records.filter((record) => record !== undefined).sort((a, b) => b.id - a.id);
  }
}
