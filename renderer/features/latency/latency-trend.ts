import type { ToolLatency } from '../../../shared/model/latency.ts';

/**
 * How a tool's slow calls (p99) compare with the period before. `few`: too little was measured to say; `new`: nothing
 * was called before.
 */
export type Trend =
  | { kind: 'new' | 'few' | 'same' }
  /** `change` is relative: 0.5 is half as slow again, -0.5 half as slow. */
  | { kind: 'slower' | 'faster'; change: number };

/** A percentile of fewer calls is one call's luck. */
const FEWEST_CALLS = 5;
/** Both must be passed: a millisecond more or less is noise, and so is a tenth of a slow call. */
const NOTABLE_SHARE = 0.15;
const NOTABLE_MS = 2;

/** Compares a row with its period before. */
export function trendOf({ count, p99Ms, previous }: ToolLatency): Trend {
  if (previous === null || previous.count === 0) return { kind: 'new' };
  if (count < FEWEST_CALLS || previous.count < FEWEST_CALLS) return { kind: 'few' };
  const distance = p99Ms - previous.p99Ms;
  // A share of nothing is none: such a period had no time to measure.
  if (previous.p99Ms <= 0 || Math.abs(distance) < NOTABLE_MS) return { kind: 'same' };
  const change = distance / previous.p99Ms;
  if (Math.abs(change) < NOTABLE_SHARE) return { kind: 'same' };
  return { kind: change > 0 ? 'slower' : 'faster', change };
}

/** For sorting: what got slower most comes last, what cannot be compared is neither. */
export const trendRank = (row: ToolLatency): number => {
  const trend = trendOf(row);
  return 'change' in trend ? trend.change : 0;
};

/** Failed calls of all calls, 0 to 1. */
export const errorRateOf = ({ count, errors }: { count: number; errors: number }): number =>
  count === 0 ? 0 : errors / count;
