import type { Outcome } from '../../../shared/model/exchange.ts';
import { OUTCOMES, outcomeNumber } from './exchange-batch.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { hasOwnDuration, isFailure, type LatencySample, OVERFLOW, toolKey } from './latency-table.ts';

/** Tools of all servers together; what comes after is counted under one name. */
const MAX_TOOLS = 2_000;

/** Finished calls of one server and tool with one outcome, since the hub started. */
export interface ExchangeTotal {
  server: string;
  /** The tool's name for a tool call, the method for everything else. */
  tool: string;
  outcome: Outcome;
  count: number;
}

/** How long the answered calls of one server took, since the hub started. */
export interface DurationTotal {
  server: string;
  count: number;
  sumSeconds: number;
  /** `[seconds, calls]`, ascending; seconds are at most 1.6 % off. */
  durations: [seconds: number, calls: number][];
}

/** All that is counted of one tool, live: it goes on growing. */
export interface ToolTotals {
  server: string;
  tool: string;
  calls: number;
  /** Calls that failed in the eyes of who made them. */
  failures: number;
  /** Of the calls that were answered. */
  durations: LatencyHistogram;
}

interface ToolCounts {
  /** One per outcome. */
  outcomes: Uint32Array;
  durations: LatencyHistogram;
}

interface ServerTotals {
  tools: Map<string, ToolCounts>;
  count: number;
  sumMs: number;
}

/** What a monitoring system wants of the traffic: counters that only grow, kept in memory, whatever is recorded. */
export class TrafficTotals {
  readonly #servers = new Map<string, ServerTotals>();
  #size = 0;

  record(sample: LatencySample): void {
    const server = this.#serverOf(sample.server);
    const counts = this.#countsOf(server, toolKey(sample));
    counts.outcomes[outcomeNumber(sample.outcome)]! += 1;
    const { durationMs } = sample;
    if (durationMs === null || !hasOwnDuration(sample)) return;
    server.count += 1;
    server.sumMs += durationMs;
    counts.durations.record(durationMs);
  }

  *exchanges(): Generator<ExchangeTotal> {
    for (const [server, { tools }] of this.#servers) {
      for (const [tool, { outcomes }] of tools) {
        for (const [number, outcome] of OUTCOMES.entries()) {
          const count = outcomes[number]!;
          if (count > 0) yield { server, tool, outcome, count };
        }
      }
    }
  }

  *durations(): Generator<DurationTotal> {
    for (const [server, { count, sumMs, tools }] of this.#servers) {
      const durations = new LatencyHistogram();
      for (const counts of tools.values()) durations.merge(counts.durations);
      const seconds = durations.values.map(([ms, calls]): [number, number] => [ms / 1_000, calls]);
      yield { server, count, sumSeconds: sumMs / 1_000, durations: seconds };
    }
  }

  *tools(): Generator<ToolTotals> {
    for (const [server, { tools }] of this.#servers) {
      for (const [tool, { outcomes, durations }] of tools) {
        let calls = 0;
        let failures = 0;
        for (const [number, outcome] of OUTCOMES.entries()) {
          calls += outcomes[number]!;
          if (isFailure(outcome)) failures += outcomes[number]!;
        }
        yield { server, tool, calls, failures, durations };
      }
    }
  }

  #serverOf(name: string): ServerTotals {
    const known = this.#servers.get(name);
    if (known) return known;
    // A server without a tool to count takes no place: names without end end here as well.
    if (this.#size >= MAX_TOOLS && name !== OVERFLOW) return this.#serverOf(OVERFLOW);
    const server: ServerTotals = { tools: new Map(), count: 0, sumMs: 0 };
    this.#servers.set(name, server);
    return server;
  }

  #countsOf(server: ServerTotals, tool: string): ToolCounts {
    const known = server.tools.get(tool);
    if (known) return known;
    if (this.#size >= MAX_TOOLS && tool !== OVERFLOW) return this.#countsOf(server, OVERFLOW);
    const counts = { outcomes: new Uint32Array(OUTCOMES.length), durations: new LatencyHistogram() };
    server.tools.set(tool, counts);
    this.#size += 1;
    return counts;
  }
}
