import type { LatencyDistribution } from '../../../shared/model/latency.ts';

/** Neighbouring buckets drawn as one bar, `last` included. */
export interface BucketGroup {
  first: number;
  last: number;
  fromMs: number;
  /** null: the last bucket of all, which holds everything above. */
  toMs: number | null;
}

/**
 * The part of the buckets that holds calls, with an empty one on each side, in at most `most` groups of equal size.
 * Bounds grow by a factor, so bars of equal width are an axis with a logarithmic scale.
 */
export function groupBuckets(
  { boundsMs, counts }: Pick<LatencyDistribution, 'boundsMs' | 'counts'>,
  most: number,
): BucketGroup[] {
  const lowest = counts.findIndex((count) => count > 0);
  if (lowest === -1) return [];
  const end = Math.min(boundsMs.length - 1, counts.findLastIndex((count) => count > 0) + 1);
  const start = Math.max(0, lowest - 1);
  const size = Math.ceil((end - start + 1) / most);
  const groups: BucketGroup[] = [];
  for (let first = start; first <= end; first += size) {
    const last = Math.min(first + size - 1, end);
    groups.push({
      first,
      last,
      fromMs: first === 0 ? 0 : boundsMs[first - 1]!,
      toMs: last === boundsMs.length - 1 ? null : boundsMs[last]!,
    });
  }
  return groups;
}

/** Calls per group. */
export const countsIn = (groups: readonly BucketGroup[], counts: readonly number[]): number[] =>
  groups.map(({ first, last }) => counts.slice(first, last + 1).reduce((sum, count) => sum + count, 0));

/** Where a duration lies on the axis of the groups, in widths of a group; null outside of it. */
export function positionOf(groups: readonly BucketGroup[], ms: number): number | null {
  const index = groups.findIndex(({ fromMs, toMs }) => ms >= fromMs && (toMs === null || ms <= toMs));
  const group = groups[index];
  if (!group) return null;
  // Neither the bucket that starts at zero nor the one without an end has a scale of its own.
  if (group.fromMs <= 0 || group.toMs === null) return index + 0.5;
  return index + Math.log(ms / group.fromMs) / Math.log(group.toMs / group.fromMs);
}

const STEPS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000,
  60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** Round durations to write under the axis, at least `apart` widths of a group from each other. */
export function axisTicks(groups: readonly BucketGroup[], apart: number): { ms: number; at: number }[] {
  const all = STEPS.map((ms) => ({ ms, at: positionOf(groups, ms) })).filter(
    (tick): tick is { ms: number; at: number } => tick.at !== null && !isEdge(groups, tick.at),
  );
  const ticks: { ms: number; at: number }[] = [];
  // Powers of ten first: what is between them fills the gaps only.
  for (const tick of all.toSorted((a, b) => Number(isPowerOfTen(b.ms)) - Number(isPowerOfTen(a.ms)))) {
    if (ticks.every(({ at }) => Math.abs(at - tick.at) >= apart)) ticks.push(tick);
  }
  return ticks.sort((a, b) => a.ms - b.ms);
}

/** In a group without a scale of its own. */
const isEdge = (groups: readonly BucketGroup[], at: number): boolean => {
  const group = groups[Math.floor(at)];
  return group !== undefined && (group.fromMs <= 0 || group.toMs === null);
};

const isPowerOfTen = (ms: number): boolean => Number.isInteger(Math.round(Math.log10(ms) * 1e6) / 1e6);
