import type { Filter } from '../../../shared/filter/filter.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';

/** The most recent exchanges in memory: what can still be shown when the store is not usable. */
export class ExchangeRing {
  readonly #capacity: number;
  readonly #rows = new Map<number, Exchange>();

  constructor(capacity = 2_000) {
    this.#capacity = capacity;
  }

  /** Adds a row, or puts a newer state in its place. */
  put(exchange: Exchange): void {
    this.#rows.set(exchange.id, exchange);
    if (this.#rows.size <= this.#capacity) return;
    for (const id of this.#rows.keys()) {
      this.#rows.delete(id);
      return;
    }
  }

  get(id: number): Exchange | undefined {
    return this.#rows.get(id);
  }

  /** Newest first; `before` is an id. */
  list(
    filter: Filter,
    { limit, before, nowMs }: { limit: number; before: number | undefined; nowMs: number },
  ): { exchanges: Exchange[]; more: boolean } {
    const found = [...this.#rows.values()]
      .filter((row) => (before === undefined || row.id < before) && matches(filter, row, nowMs))
      .sort((a, b) => b.id - a.id);
    return { exchanges: found.slice(0, limit), more: found.length > limit };
  }

  /** Finished calls of clients since `from` (epoch milliseconds). */
  finished(filter: Filter, from: number, nowMs: number): Exchange[] {
    return [...this.#rows.values()].filter(
      (row) =>
        row.at >= from &&
        row.kind === 'request' &&
        row.direction === 'client-to-server' &&
        row.outcome !== 'pending' &&
        matches(filter, row, nowMs),
    );
  }
}
