import { LatencyHistogram } from '../traffic/latency-histogram.ts';
import type { ToolTotals } from '../traffic/summary.ts';

/** What happened in a window, of a server as a whole or of one of its tools. */
export interface CallFigures {
  server: string;
  tool: string | null;
  calls: number;
  failures: number;
  p99Ms: number;
}

interface Sample {
  at: number;
  /** Of the time since the sample before; tools without a call are left out. */
  tools: ToolTotals[];
}

/** The longest window of a rule. */
const LONGEST_MS = 1_440 * 60_000;
/** Tools of all samples together; the oldest samples go first, and then a long window is a shorter one. */
const MAX_TOOLS = 50_000;
/** A timer is never exact: what is nearer to a window's edge than this is inside. */
const JITTER_MS = 30_000;

/**
 * The calls of the last minutes, by the time they ended: a call that hangs for ten minutes is bad news when it is over.
 * Made of the counters that grow, so that no call costs more for it; what was not sampled costs nothing.
 */
export class CallWindows {
  readonly #samples: Sample[] = [];
  #size = 0;
  /** Of each tool, as it was at the last sample. */
  #last: Map<string, ToolTotals> | null = null;

  /** The first one is where counting begins. */
  sample(totals: Iterable<ToolTotals>, at: number): void {
    const before = this.#last;
    const now = new Map<string, ToolTotals>();
    const tools: ToolTotals[] = [];
    for (const tool of totals) {
      const key = keyOf(tool);
      const known = before?.get(key);
      if (known?.calls === tool.calls) {
        now.set(key, known);
        continue;
      }
      // The counters go on growing.
      const copy = { ...tool, durations: new LatencyHistogram(tool.durations.counts) };
      now.set(key, copy);
      if (before) tools.push(known ? difference(copy, known) : copy);
    }
    if (before) this.#keep({ at, tools });
    this.#last = now;
  }

  get isCounting(): boolean {
    return this.#last !== null;
  }

  /** Forgets all; the next sample is the first. */
  clear(): void {
    this.#samples.length = 0;
    this.#size = 0;
    this.#last = null;
  }

  /** Each server that had a call in the last `minutes`, or with `tool` the tool of that name of each. */
  figures(minutes: number, now: number, tool: string | null): CallFigures[] {
    const from = now - minutes * 60_000 + JITTER_MS;
    const sums = new Map<string, { calls: number; failures: number; durations: LatencyHistogram }>();
    for (const sample of this.#samples) {
      if (sample.at < from) continue;
      for (const counted of sample.tools) {
        if (tool !== null && counted.tool !== tool) continue;
        let sum = sums.get(counted.server);
        if (!sum) {
          sum = { calls: 0, failures: 0, durations: new LatencyHistogram() };
          sums.set(counted.server, sum);
        }
        sum.calls += counted.calls;
        sum.failures += counted.failures;
        sum.durations.merge(counted.durations);
      }
    }
    return [...sums].map(([server, { calls, failures, durations }]) => ({
      server,
      tool,
      calls,
      failures,
      p99Ms: durations.percentiles([0.99])[0]!,
    }));
  }

  #keep(sample: Sample): void {
    this.#samples.push(sample);
    this.#size += sample.tools.length;
    while (
      this.#samples.length > 1 &&
      (this.#size > MAX_TOOLS || this.#samples[0]!.at < sample.at - LONGEST_MS)
    ) {
      this.#size -= this.#samples.shift()!.tools.length;
    }
  }
}

const keyOf = ({ server, tool }: ToolTotals): string => `${server}\0${tool}`;

const difference = (now: ToolTotals, before: ToolTotals): ToolTotals => ({
  ...now,
  calls: now.calls - before.calls,
  failures: now.failures - before.failures,
  durations: now.durations.since(before.durations),
});
