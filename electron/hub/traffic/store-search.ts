import type { Filter } from '../../../shared/filter/filter.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { toSql } from './store-filter.ts';
import { candidateRanges, placesOf } from './store-ranges.ts';
import type { StoreReading } from './store-reading.ts';
import type { ExchangeRow } from './store-rows.ts';
import { Turn } from './store-turn.ts';

export interface ListQuery {
  filter: Filter;
  limit: number;
  /** Only exchanges with a smaller id. */
  before: number | undefined;
  /** Epoch milliseconds; what `since` and `until` in the filter count back from. */
  nowMs: number;
}

/** What one step found, newest first, and how much of the log is looked through, 0 to 1. */
export interface Found {
  exchanges: Exchange[];
  scanned: number;
}

/** Matches newest first, those of a step with each step; returns the last ones and whether more may follow. */
export function* search(
  reading: StoreReading,
  query: ListQuery,
): Generator<Found, { exchanges: Exchange[]; more: boolean }> {
  const { sql, params } = toSql(query.filter, query.nowMs);
  const statement = reading.statement(
    `SELECT * FROM exchanges WHERE ${sql} AND id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?`,
  );
  const { dense } = placesOf(reading, query);
  let left = query.limit;
  let exchanges: Exchange[] = [];
  const turn = new Turn();
  for (const { from, to } of candidateRanges(reading, query)) {
    // One more than wanted says that there are more.
    const rows = statement.all(...params, from, to, left + 1) as ExchangeRow[];
    for (const row of rows.slice(0, left)) exchanges.push(reading.exchange(row));
    if (rows.length > left) return { exchanges, more: true };
    left -= rows.length;
    if (!turn.isOver) continue;
    const passed = dense ? (dense.to - from + 1) / (dense.to - dense.from + 1) : 1;
    yield { exchanges, scanned: Math.min(1, Math.max(0, passed)) };
    exchanges = [];
    turn.begin();
  }
  return { exchanges, more: false };
}
