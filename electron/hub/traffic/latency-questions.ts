import type { Filter } from '../../../shared/filter/filter.ts';
import { serverPredicate } from '../../../shared/filter/match-filter.ts';
import type { LatencyDistribution, ToolLatency } from '../../../shared/model/latency.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import type { LatencyMinutes } from './latency-minutes.ts';
import { LatencySpread } from './latency-spread.ts';
import { LatencyTable, minuteOf } from './latency-table.ts';
import type { LatencyQuery } from './store-calls.ts';
import type { StoreClient } from './store-client.ts';

/** Where latencies are counted from: minutes in memory, the store, and recent calls while there is no store. */
export interface LatencySources {
  minutes: LatencyMinutes;
  store: StoreClient;
  recent(query: LatencyQuery): ExchangeRecord[];
}

export interface LatencyAsked {
  filter: Filter;
  sinceMs: number;
  nowMs: number;
  signal?: AbortSignal | undefined;
}

const MINUTE_MS = 60_000;

/** The table of the last `sinceMs`, and what it is compared with where that is wanted. */
export async function latencyReport(
  sources: LatencySources,
  asked: LatencyAsked,
  compare: boolean,
): Promise<ToolLatency[]> {
  const from = wholeMinutes(asked.nowMs - asked.sinceMs);
  const table = await tableOf(sources, asked, { from, until: Number.MAX_SAFE_INTEGER });
  if (!compare) return table.report(from, asked.nowMs);
  const earlier = wholeMinutes(from - asked.sinceMs);
  return table.report(from, asked.nowMs, await tableOf(sources, asked, { from: earlier, until: from }));
}

/** How the durations of the last `sinceMs` lie. */
export async function latencyDistribution(
  { minutes, store, recent }: LatencySources,
  { filter, sinceMs, nowMs, signal }: LatencyAsked,
): Promise<LatencyDistribution> {
  const from = wholeMinutes(nowMs - sinceMs);
  const period = { from: minuteOf(from), until: minuteOf(nowMs) };
  const spread = new LatencySpread(period);
  const keeps = serverPredicate(filter);
  const until = keeps ? minutes.coversFrom : Number.MAX_SAFE_INTEGER;
  if (keeps) minutes.spreadInto(spread, from, keeps);
  const query = { filter, from, until, nowMs };
  if (from < until && store.error === null)
    spread.merge(await store.ask('spread', { ...query, period }, { signal }));
  else if (!keeps) for (const call of recent(query)) spread.record(call);
  return spread.report();
}

/** What memory covers is counted there, the rest in the store. */
async function tableOf(
  { minutes, store, recent }: LatencySources,
  { filter, nowMs, signal }: LatencyAsked,
  { from, until }: { from: number; until: number },
): Promise<LatencyTable> {
  const keeps = serverPredicate(filter);
  const table = keeps ? minutes.between(from, until, keeps) : new LatencyTable();
  const query = { filter, from, until: keeps ? Math.min(until, minutes.coversFrom) : until, nowMs };
  if (query.from < query.until && store.error === null)
    table.merge(LatencyTable.from(await store.ask('latencies', query, { signal })));
  else if (!keeps) for (const call of recent(query)) table.record(call);
  return table;
}

/** Memory counts by the minute: the store is asked for the same ones. */
const wholeMinutes = (moment: number): number => minuteOf(moment) * MINUTE_MS;
