import type { Filter } from '../../../shared/filter/filter.ts';
import type { TimeSlice } from '../../../shared/model/exchange.ts';
import { toSql } from './store-filter.ts';
import { candidateRanges, placesOf } from './store-ranges.ts';
import type { StoreReading } from './store-reading.ts';
import { FAILED } from './store-schema.ts';
import type { IdRange } from './store-tools.ts';
import { Turn } from './store-turn.ts';

/** Up to here each exchange is looked at; above, ids tell how many there are. */
const MAX_COUNTED = 500_000;

export interface HistogramQuery {
  filter: Filter;
  /** Epoch milliseconds, `until` exclusive. */
  from: number;
  until: number;
  slices: number;
  nowMs: number;
}

/** Slices of equal length, at least a second each; the last one may reach beyond the end. */
export function timeSlices({ from, until, slices }: Omit<HistogramQuery, 'filter' | 'nowMs'>): {
  width: number;
  counted: TimeSlice[];
} {
  const first = Math.floor(from);
  const length = Math.max(0, Math.ceil(until) - first);
  const width = Math.max(1_000, Math.ceil(length / slices));
  const count = Math.ceil(length / width);
  const counted = Array.from({ length: count }, (_, index) => ({
    at: first + index * width,
    count: 0,
    failed: 0,
  }));
  return { width, counted };
}

/**
 * Matches over time. Without a filter and over very many exchanges, ids are counted instead: they grow with time. Then
 * exchanges that were not kept count too, and one that stands beside its time (it waited for its turn, or the clock
 * was set) counts where it stands.
 */
export function* histogram(
  reading: StoreReading,
  query: HistogramQuery,
  maxCounted = MAX_COUNTED,
): Generator<void, TimeSlice[]> {
  const places = placesOf(reading, query);
  const isWhole = query.filter.terms.length === 0;
  const { dense, kept } = places;
  if (!isWhole || !dense || dense.to - dense.from < maxCounted)
    return yield* countRows(reading, query, candidateRanges(reading, query));
  const slices = yield* countIds(reading, query, dense);
  if (!kept) return slices;
  const others = yield* countRows(reading, query, [kept]);
  for (const [index, { count, failed }] of others.entries()) {
    slices[index]!.count += count;
    slices[index]!.failed += failed;
  }
  return slices;
}

function* countRows(
  reading: StoreReading,
  query: HistogramQuery,
  ranges: Iterable<IdRange>,
): Generator<void, TimeSlice[]> {
  const { width, counted } = timeSlices(query);
  if (counted.length === 0) return counted;
  const first = counted[0]!.at;
  const { sql, params } = toSql(query.filter, query.nowMs);
  const statement = reading.statement(
    `SELECT CAST((at - ?) / ? AS INTEGER) AS slice, count(*) AS count, sum(${FAILED}) AS failed
     FROM exchanges WHERE at >= ? AND at < ? AND ${sql} AND id BETWEEN ? AND ? GROUP BY 1`,
  );
  const turn = new Turn();
  for (const { from, to } of ranges) {
    const rows = statement.all(first, width, query.from, query.until, ...params, from, to);
    for (const { slice, count, failed } of rows as { slice: number; count: number; failed: number }[]) {
      counted[slice]!.count += count;
      counted[slice]!.failed += failed;
    }
    if (!turn.isOver) continue;
    yield;
    turn.begin();
  }
  return counted;
}

function* countIds(
  reading: StoreReading,
  query: HistogramQuery,
  within: IdRange,
): Generator<void, TimeSlice[]> {
  const { counted } = timeSlices(query);
  const failures = `SELECT count(*) AS number FROM exchanges WHERE ${FAILED} AND id BETWEEN ? AND ?`;
  const turn = new Turn();
  // What was deleted before the first has no ids to count.
  const oldest = reading.number('SELECT min(id) AS number FROM exchanges WHERE id >= ?', within.from);
  let first = firstIdAt(reading, query.from, { from: oldest ?? within.from, to: within.to });
  for (const [index, slice] of counted.entries()) {
    const end = counted[index + 1]?.at ?? query.until;
    const next = firstIdAt(reading, end, { from: first, to: within.to });
    slice.count = next - first;
    slice.failed = reading.number(failures, first, next - 1) ?? 0;
    first = next;
    if (!turn.isOver) continue;
    yield;
    turn.begin();
  }
  return counted;
}

/** Where exchanges of that time begin, as if ids and times grew together; one more than the last when none do. */
function firstIdAt(reading: StoreReading, moment: number, { from, to }: IdRange): number {
  const statement = reading.statement(
    'SELECT id, at FROM exchanges WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1',
  );
  let [low, high] = [from, to + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = statement.get(middle, to) as { id: number; at: number } | undefined;
    if (!row || row.at >= moment) high = middle;
    else low = row.id + 1;
  }
  return low;
}
