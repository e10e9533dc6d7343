import type { Filter } from '../../../shared/filter/filter.ts';
import { OUTCOMES, PENDING } from './exchange-batch.ts';
import { LatencySpread, type SpreadPeriod } from './latency-spread.ts';
import { type LatencySample, LatencyTable } from './latency-table.ts';
import { toSql } from './store-filter.ts';
import { candidateRanges } from './store-ranges.ts';
import type { StoreReading } from './store-reading.ts';
import { type ExchangeRow, toMs } from './store-rows.ts';
import { Turn } from './store-turn.ts';

export interface LatencyQuery {
  filter: Filter;
  /** Epoch milliseconds, `until` exclusive. */
  from: number;
  until: number;
  nowMs: number;
}

type LatencyRow = Pick<
  ExchangeRow,
  'at' | 'origin' | 'method' | 'tool' | 'outcome' | 'duration_us' | 'hub_in_us' | 'hub_out_us'
>;

/** Finished calls of clients, by server and tool. */
export function* latencies(reading: StoreReading, query: LatencyQuery): Generator<void, LatencyTable> {
  const table = new LatencyTable();
  yield* eachCall(reading, query, (call) => table.record(call));
  return table;
}

/** Finished calls of clients, all together. */
export function* spread(
  reading: StoreReading,
  query: LatencyQuery & { period: SpreadPeriod },
): Generator<void, LatencySpread> {
  const found = new LatencySpread(query.period);
  yield* eachCall(reading, query, (call) => found.record(call));
  return found;
}

function* eachCall(
  reading: StoreReading,
  query: LatencyQuery,
  visit: (call: LatencySample) => void,
): Generator<void, void> {
  const { filter, from, until, nowMs } = query;
  const { sql, params } = toSql(filter, nowMs);
  const statement = reading.statement(
    `SELECT at, origin, method, tool, outcome, duration_us, hub_in_us, hub_out_us FROM exchanges
     WHERE id BETWEEN ? AND ? AND at >= ? AND at < ? AND kind = 0 AND direction = 0
     AND outcome <> ${PENDING} AND ${sql}`,
  );
  const turn = new Turn();
  for (const range of candidateRanges(reading, query)) {
    for (const row of statement.all(range.from, range.to, from, until, ...params) as LatencyRow[])
      visit(sampleOf(reading, row));
    if (!turn.isOver) continue;
    yield;
    turn.begin();
  }
}

function sampleOf(reading: StoreReading, row: LatencyRow): LatencySample {
  const { hub_in_us: hubIn, hub_out_us: hubOut } = row;
  return {
    at: row.at,
    server: reading.origins.get(row.origin).server,
    method: row.method,
    tool: row.tool,
    outcome: OUTCOMES[row.outcome]!,
    durationMs: toMs(row.duration_us),
    hubMs: hubIn === null ? null : toMs(hubIn + (hubOut ?? 0)),
  };
}
