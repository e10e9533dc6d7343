import type { LatencyDistribution } from '../../../shared/model/latency.ts';
import { type HistogramCounts, LatencyHistogram } from './latency-histogram.ts';
import { hasOwnDuration, isFailure, type LatencySample, type LatencySum, minuteOf } from './latency-table.ts';

const MINUTE_MS = 60_000;
const MAX_SLICES = 60;

/** Six steps a decade that people can read (the E6 series), from 10 µs to 11 minutes. */
const STEPS = [1, 1.5, 2.2, 3.3, 4.7, 6.8];
const BOUNDS = [-2, -1, 0, 1, 2, 3, 4, 5].flatMap((power) =>
  STEPS.map((step) => Number((step * 10 ** power).toPrecision(2))),
);

/** Minutes since the epoch; `until` is the one under way, which shares the last slice. */
export interface SpreadPeriod {
  from: number;
  until: number;
}

/** A spread as it crosses a thread boundary. */
export interface PlainSpread {
  count: number;
  errors: number;
  maxMs: number;
  hub: HistogramCounts;
  slices: HistogramCounts[];
}

/** How the durations of calls lie, over a period and slice by slice. */
export class LatencySpread {
  readonly #period: SpreadPeriod;
  readonly #perSlice: number;
  readonly #slices: LatencyHistogram[];
  readonly #hub = new LatencyHistogram();
  #count = 0;
  #errors = 0;
  #maxMs = 0;

  constructor(period: SpreadPeriod) {
    this.#period = period;
    const minutes = Math.max(1, period.until - period.from);
    this.#perSlice = Math.ceil(minutes / MAX_SLICES);
    this.#slices = Array.from({ length: Math.ceil(minutes / this.#perSlice) }, () => new LatencyHistogram());
  }

  /** Calls outside the period are not counted. */
  record(sample: LatencySample): void {
    const slice = this.#sliceOf(minuteOf(sample.at));
    if (!slice) return;
    this.#count += 1;
    if (isFailure(sample.outcome)) this.#errors += 1;
    const { durationMs, hubMs } = sample;
    if (durationMs === null || !hasOwnDuration(sample)) return;
    slice.record(durationMs);
    if (hubMs !== null) this.#hub.record(hubMs);
    this.#maxMs = Math.max(this.#maxMs, durationMs);
  }

  /** Calls of one minute that were counted elsewhere. */
  add(minute: number, sum: LatencySum): void {
    const slice = this.#sliceOf(minute);
    if (!slice) return;
    slice.merge(sum.durations);
    this.#addTotals(sum);
  }

  /** The same period, counted elsewhere. */
  merge(other: PlainSpread): void {
    for (const [index, counts] of other.slices.entries())
      this.#slices[index]?.merge(new LatencyHistogram(counts));
    this.#addTotals({ ...other, hub: new LatencyHistogram(other.hub) });
  }

  toPlain(): PlainSpread {
    return {
      count: this.#count,
      errors: this.#errors,
      maxMs: this.#maxMs,
      hub: this.#hub.counts,
      slices: this.#slices.map(({ counts }) => counts),
    };
  }

  report(): LatencyDistribution {
    const whole = new LatencyHistogram();
    for (const slice of this.#slices) whole.merge(slice);
    const counts = bucketCounts(whole);
    const first = counts.findIndex((count) => count > 0);
    const last = counts.findLastIndex((count) => count > 0);
    // The last bucket has everything above the bound before; its own is where that really ends.
    const boundsMs = BOUNDS.slice(first, last + 1);
    if (last === BOUNDS.length) boundsMs.push(Math.max(this.#maxMs, BOUNDS.at(-1)! * STEPS[1]!));
    const shown = (all: number[]): number[] => all.slice(first, last + 1);
    return {
      boundsMs,
      counts: shown(counts),
      slices: this.#slices.map((slice, index) => ({
        at: (this.#period.from + index * this.#perSlice) * MINUTE_MS,
        counts: shown(bucketCounts(slice)),
      })),
      hub: this.#hub.usualPercentiles(Number.MAX_SAFE_INTEGER),
      total: {
        count: this.#count,
        errors: this.#errors,
        ...whole.usualPercentiles(this.#maxMs),
        maxMs: this.#maxMs,
      },
    };
  }

  #addTotals({ count, errors, maxMs, hub }: Omit<LatencySum, 'durations'>): void {
    this.#count += count;
    this.#errors += errors;
    this.#maxMs = Math.max(this.#maxMs, maxMs);
    this.#hub.merge(hub);
  }

  #sliceOf(minute: number): LatencyHistogram | undefined {
    if (minute > this.#period.until) return undefined;
    const index = Math.floor((minute - this.#period.from) / this.#perSlice);
    return this.#slices[Math.min(index, this.#slices.length - 1)];
  }
}

/** Calls per bucket of `BOUNDS`, and of one above them all. */
function bucketCounts(histogram: LatencyHistogram): number[] {
  const counts = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  let bucket = 0;
  for (const [ms, count] of histogram.values) {
    while (bucket < BOUNDS.length && ms > BOUNDS[bucket]!) bucket += 1;
    counts[bucket]! += count;
  }
  return counts;
}
