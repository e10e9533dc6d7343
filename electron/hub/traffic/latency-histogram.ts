/** 32 buckets per octave: a value is at most 1/64 (1.6 %) away from the middle of its bucket. */
const SUB_BITS = 5;
const SUB_COUNT = 1 << SUB_BITS;
const MAX_MICROS = 2 ** 40;

/** Bucket number and count: what crosses a thread boundary. */
export type HistogramCounts = [bucket: number, count: number][];

const NONE = new Uint32Array(0);

/** Counts durations in logarithmic buckets, microseconds to days; below 64 µs each microsecond has its own. */
export class LatencyHistogram {
  /** The octaves from the lowest to the highest that occurred: a tool's durations lie close together. */
  #counts: Uint32Array = NONE;
  /** Bucket number of the first. */
  #first = 0;
  #total = 0;

  constructor(counts: HistogramCounts = []) {
    for (const [bucket, count] of counts) this.#add(bucket, count);
  }

  record(ms: number): void {
    this.#add(bucketOf(ms), 1);
  }

  merge(other: LatencyHistogram): void {
    for (const [bucket, count] of other.counts) this.#add(bucket, count);
  }

  /** What was counted after `earlier`, which is a copy of this one as it was then. */
  since(earlier: LatencyHistogram): LatencyHistogram {
    const difference = new LatencyHistogram();
    for (const [bucket, count] of this.counts) {
      const before = earlier.#counts[bucket - earlier.#first] ?? 0;
      if (count > before) difference.#add(bucket, count - before);
    }
    return difference;
  }

  /** Values in milliseconds at the given shares, which must ascend: `[0.5, 0.9]`. Zeros when nothing was counted. */
  percentiles(shares: readonly number[]): number[] {
    let seen = 0;
    let index = -1;
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * this.#total));
      while (seen < rank && index < this.#counts.length - 1) {
        index += 1;
        seen += this.#counts[index]!;
      }
      return this.#total === 0 ? 0 : middleOf(this.#first + index);
    });
  }

  /** The middle of a bucket may lie above the longest duration in it, which is `maxMs`. */
  usualPercentiles(maxMs: number): { p50Ms: number; p90Ms: number; p99Ms: number } {
    const [p50Ms, p90Ms, p99Ms] = this.percentiles([0.5, 0.9, 0.99]).map((value) =>
      Math.min(value, maxMs),
    ) as [number, number, number];
    return { p50Ms, p90Ms, p99Ms };
  }

  get counts(): HistogramCounts {
    const counts: HistogramCounts = [];
    for (const [index, count] of this.#counts.entries()) {
      if (count > 0) counts.push([this.#first + index, count]);
    }
    return counts;
  }

  /** Milliseconds in the middle of each bucket that has counts, ascending, and the count. */
  get values(): [ms: number, count: number][] {
    return this.counts.map(([bucket, count]) => [middleOf(bucket), count]);
  }

  #add(bucket: number, count: number): void {
    if (bucket < this.#first || bucket >= this.#first + this.#counts.length) this.#grow(bucket);
    this.#counts[bucket - this.#first]! += count;
    this.#total += count;
  }

  #grow(bucket: number): void {
    const octave = bucket - (bucket % SUB_COUNT);
    const isEmpty = this.#counts.length === 0;
    const first = isEmpty ? octave : Math.min(octave, this.#first);
    const end = Math.max(octave + SUB_COUNT, isEmpty ? 0 : this.#first + this.#counts.length);
    const grown = new Uint32Array(end - first);
    grown.set(this.#counts, isEmpty ? 0 : this.#first - first);
    this.#counts = grown;
    this.#first = first;
  }
}

function bucketOf(ms: number): number {
  const micros = Math.min(MAX_MICROS, Math.max(0, Math.round(ms * 1_000)));
  if (micros < SUB_COUNT * 2) return micros;
  // Math.clz32 is exact and much faster than a logarithm, for all but half-hour calls.
  const log = micros < 2 ** 31 ? 31 - Math.clz32(micros) : Math.floor(Math.log2(micros));
  const octave = log - SUB_BITS;
  return octave * SUB_COUNT + Math.floor(micros / 2 ** octave);
}

function middleOf(bucket: number): number {
  if (bucket < SUB_COUNT * 2) return bucket / 1_000;
  const octave = Math.floor(bucket / SUB_COUNT) - 1;
  return ((bucket - octave * SUB_COUNT + 0.5) * 2 ** octave) / 1_000;
}
