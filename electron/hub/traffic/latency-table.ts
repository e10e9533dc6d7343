import type { Exchange } from '../../../shared/model/exchange.ts';
import type { ToolLatency } from '../../../shared/model/latency.ts';
import { type HistogramCounts, LatencyHistogram } from './latency-histogram.ts';

const MINUTE_MS = 60_000;
const MAX_SLICES = 30;

/** Tools of one table; what comes after is counted under one name (a hostile client can invent names for ever). */
const MAX_TOOLS = 2_000;
export const OVERFLOW = '(other)';

/** What the latency of an exchange is counted from. */
export type LatencySample = Pick<
  Exchange,
  'at' | 'server' | 'method' | 'tool' | 'outcome' | 'durationMs' | 'hubMs'
>;

/** Calls counted together. */
export interface LatencySum {
  count: number;
  errors: number;
  maxMs: number;
  durations: LatencyHistogram;
  hub: LatencyHistogram;
}

interface ToolRecord extends LatencySum {
  /** Calls by minute since the epoch. */
  minutes: Map<number, number>;
}

/** A table as it crosses a thread boundary. */
export type PlainLatencies = {
  server: string;
  tool: string;
  count: number;
  errors: number;
  maxMs: number;
  durations: HistogramCounts;
  hub: HistogramCounts;
  minutes: [minute: number, count: number][];
}[];

export const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS);

/** Latencies per server and tool. Only answered calls have a duration; calls that were lost count as errors. */
export class LatencyTable {
  readonly #servers = new Map<string, Map<string, ToolRecord>>();
  #size = 0;

  static from(plain: PlainLatencies): LatencyTable {
    const table = new LatencyTable();
    for (const { server, tool, ...values } of plain) {
      table.#mergeRecord(server, tool, {
        ...values,
        durations: new LatencyHistogram(values.durations),
        hub: new LatencyHistogram(values.hub),
        minutes: new Map(values.minutes),
      });
    }
    return table;
  }

  get size(): number {
    return this.#size;
  }

  record(sample: LatencySample): void {
    const { outcome, durationMs } = sample;
    const record = this.#recordOf(sample.server, toolKey(sample));
    record.count += 1;
    const minute = minuteOf(sample.at);
    record.minutes.set(minute, (record.minutes.get(minute) ?? 0) + 1);
    if (isFailure(outcome)) record.errors += 1;
    if (durationMs === null || !hasOwnDuration(sample)) return;
    record.durations.record(durationMs);
    if (sample.hubMs !== null) record.hub.record(sample.hubMs);
    record.maxMs = Math.max(record.maxMs, durationMs);
  }

  merge(other: LatencyTable, keeps: (server: string) => boolean = () => true): void {
    for (const [server, tools] of other.#servers) {
      if (!keeps(server)) continue;
      for (const [tool, record] of tools) this.#mergeRecord(server, tool, record);
    }
  }

  /** All tools together. */
  sum(keeps: (server: string) => boolean = () => true): LatencySum {
    const sum = {
      count: 0,
      errors: 0,
      maxMs: 0,
      durations: new LatencyHistogram(),
      hub: new LatencyHistogram(),
    };
    for (const [server, , record] of this.#entries()) {
      if (!keeps(server)) continue;
      sum.count += record.count;
      sum.errors += record.errors;
      sum.maxMs = Math.max(sum.maxMs, record.maxMs);
      sum.durations.merge(record.durations);
      sum.hub.merge(record.hub);
    }
    return sum;
  }

  toPlain(): PlainLatencies {
    return [...this.#entries()].map(([server, tool, record]) => ({
      server,
      tool,
      ...record,
      durations: record.durations.counts,
      hub: record.hub.counts,
      minutes: [...record.minutes],
    }));
  }

  /**
   * One row per server and tool, most calls first; `from` and `until` (epoch ms) bound the slices of `spark`, `before`
   * has the calls of the period to compare with.
   */
  report(from: number, until: number, before?: LatencyTable): ToolLatency[] {
    const first = minuteOf(from);
    // An hour touches 61 minutes of the clock; the one under way shares the last slice.
    const minutes = Math.max(1, minuteOf(until) - first);
    const perSlice = Math.ceil(minutes / MAX_SLICES);
    const slices = Math.ceil(minutes / perSlice);
    const rows = [...this.#entries()].map(([server, tool, record]): ToolLatency => {
      const spark = Array.from({ length: slices }, () => 0);
      for (const [minute, count] of record.minutes) {
        const slice = Math.min(slices - 1, Math.floor((minute - first) / perSlice));
        if (slice >= 0) spark[slice]! += count;
      }
      const { count, errors, maxMs, durations, hub } = record;
      return {
        server,
        tool,
        count,
        errors,
        ...durations.usualPercentiles(maxMs),
        maxMs,
        hubP50Ms: hub.percentiles([0.5])[0]!,
        spark,
        previous: before?.figuresOf(server, tool) ?? null,
      };
    });
    return rows.sort((a, b) => b.count - a.count || compare(a.server, b.server) || compare(a.tool, b.tool));
  }

  /** What is compared with a later period; null when there were no calls. */
  figuresOf(server: string, tool: string): ToolLatency['previous'] {
    const record = this.#servers.get(server)?.get(tool);
    if (!record) return null;
    const { count, errors, maxMs, durations } = record;
    const { p50Ms, p99Ms } = durations.usualPercentiles(maxMs);
    return { count, errors, p50Ms, p99Ms };
  }

  *#entries(): Generator<[server: string, tool: string, record: ToolRecord]> {
    for (const [server, tools] of this.#servers) {
      for (const [tool, record] of tools) yield [server, tool, record];
    }
  }

  #recordOf(server: string, tool: string): ToolRecord {
    const known = this.#servers.get(server)?.get(tool);
    if (known) return known;
    const isFull = this.#size >= MAX_TOOLS && tool !== OVERFLOW;
    if (isFull) return this.#recordOf(this.#servers.has(server) ? server : OVERFLOW, OVERFLOW);
    const record: ToolRecord = {
      count: 0,
      errors: 0,
      maxMs: 0,
      durations: new LatencyHistogram(),
      hub: new LatencyHistogram(),
      minutes: new Map(),
    };
    let tools = this.#servers.get(server);
    if (!tools) this.#servers.set(server, (tools = new Map()));
    tools.set(tool, record);
    this.#size += 1;
    return record;
  }

  #mergeRecord(server: string, tool: string, from: ToolRecord): void {
    const into = this.#recordOf(server, tool);
    into.count += from.count;
    into.errors += from.errors;
    into.maxMs = Math.max(into.maxMs, from.maxMs);
    into.durations.merge(from.durations);
    into.hub.merge(from.hub);
    for (const [minute, count] of from.minutes) {
      into.minutes.set(minute, (into.minutes.get(minute) ?? 0) + count);
    }
  }
}

/** The call failed, in the eyes of who made it. */
export const isFailure = (outcome: Exchange['outcome']): boolean =>
  outcome === 'error' || outcome === 'tool-error' || outcome === 'lost';

/** A cancelled call says how long someone waited, not how long the tool takes. */
export const hasOwnDuration = ({ outcome }: LatencySample): boolean =>
  outcome !== 'cancelled' && outcome !== 'lost';

/** The tool's name for a tool call, the method for everything else. */
export const toolKey = ({ method, tool }: LatencySample): string =>
  method === 'tools/call' && tool !== null ? tool : method;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
