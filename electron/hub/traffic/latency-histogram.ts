/** 32 buckets per octave: a value is at most 1/64 (1.6 %) away from the middle of its bucket. */
const SUB_BITS = 5;
const SUB_COUNT = 1 << SUB_BITS;
const MAX_MICROS = 2 ** 40;

/** Bucket number and count: what crosses a thread boundary. */
export type HistogramCounts = [bucket: number, count: number][];

/** Counts durations in logarithmic buckets, microseconds to days; below 64 µs each microsecond has its own. */
export class LatencyHistogram {
  readonly #counts: Map<number, number>;
  #total = 0;

  constructor(counts: HistogramCounts = []) {
    this.#counts = new Map(counts);
    for (const [, count] of counts) this.#total += count;
  }

  record(ms: number): void {
    this.#add(bucketOf(ms), 1);
  }

  merge(other: LatencyHistogram): void {
    for (const [bucket, count] of other.#counts) this.#add(bucket, count);
  }

  /** Values in milliseconds at the given shares, which must ascend: `[0.5, 0.9]`. Zeros when nothing was counted. */
  percentiles(shares: readonly number[]): number[] {
    const ascending = [...this.#counts].sort(([a], [b]) => a - b);
    let seen = 0;
    let index = -1;
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * this.#total));
      while (seen < rank && index < ascending.length - 1) {
        index += 1;
        seen += ascending[index]![1];
      }
      return index === -1 ? 0 : middleOf(ascending[index]![0]);
    });
  }

  get counts(): HistogramCounts {
    return [...this.#counts];
  }

  #add(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#total += count;
  }
}

function bucketOf(ms: number): number {
  const micros = Math.min(MAX_MICROS, Math.max(0, Math.round(ms * 1_000)));
  if (micros < SUB_COUNT * 2) return micros;
  const octave = Math.floor(Math.log2(micros)) - SUB_BITS;
  return octave * SUB_COUNT + Math.floor(micros / 2 ** octave);
}

function middleOf(bucket: number): number {
  if (bucket < SUB_COUNT * 2) return bucket / 1_000;
  const octave = Math.floor(bucket / SUB_COUNT) - 1;
  return ((bucket - octave * SUB_COUNT + 0.5) * 2 ** octave) / 1_000;
}
