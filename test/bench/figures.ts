import type { Sample, Series } from './rounds.ts';

/** A series in numbers: medians over its rounds, but the least CPU, which others' load disturbs least. */
export interface Figures {
  p50: number;
  p95: number;
  p99: number;
  callsPerSecond: number;
  cpuMs: number | null;
  mainCpuMs: number | null;
  peakMb: number | null;
  calls: number;
  wrong: number;
}

export const callsPerSecond = ({ calls, seconds }: Sample): number => calls / seconds;

/** Null for a series without a single round. */
export function figuresOf({ samples }: Series): Figures | null {
  if (samples.length === 0) return null;
  const middle = (value: (sample: Sample) => number): number => median(samples.map(value));
  const known = (value: (sample: Sample) => number | null): number[] =>
    samples.map(value).filter((one) => one !== null);
  const cpu = known((sample) => sample.cpuMsPerCall);
  const mainCpu = known((sample) => sample.mainCpuMsPerCall);
  const peaks = known((sample) => sample.peakMb);
  return {
    p50: middle((sample) => sample.p50),
    p95: middle((sample) => sample.p95),
    p99: middle((sample) => sample.p99),
    callsPerSecond: middle(callsPerSecond),
    cpuMs: cpu.length === 0 ? null : Math.min(...cpu),
    mainCpuMs: mainCpu.length === 0 ? null : Math.min(...mainCpu),
    peakMb: peaks.length === 0 ? null : Math.max(...peaks),
    calls: samples.reduce((sum, { calls }) => sum + calls, 0),
    wrong: samples.reduce((sum, { wrong }) => sum + wrong, 0),
  };
}

/** One target's value divided by the other's in the same round. */
export interface PairedRatio {
  median: number;
  low: number;
  high: number;
}

/** Null without a round that both took part in. */
export function pairedRatio(
  of: Series | undefined,
  by: Series | undefined,
  value: (sample: Sample) => number,
): PairedRatio | null {
  const rounds = Math.min(of?.samples.length ?? 0, by?.samples.length ?? 0);
  if (!of || !by || rounds === 0) return null;
  const ratios = Array.from(
    { length: rounds },
    (_, round) => value(of.samples[round]!) / value(by.samples[round]!),
  );
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}

/** Ratio of the least CPU for a call; null where one of the two has no proxy or no rounds. */
export function cpuRatio(of: Series | undefined, by: Series | undefined): number | null {
  const one = of && figuresOf(of)?.cpuMs;
  const other = by && figuresOf(by)?.cpuMs;
  return one && other ? one / other : null;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
