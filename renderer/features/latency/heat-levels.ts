import type { LatencyDistribution } from '../../../shared/model/latency.ts';
import { type BucketGroup, countsIn } from './bucket-groups.ts';

/** Shades of the heat map, from one call to the most; 0 is none. */
export const HEAT_LEVELS = 5;

/**
 * The shade of a count. Logarithmic: one slow call among ten thousand fast ones is what the map is looked at for, and
 * must not be invisible.
 */
export function heatLevel(count: number, peak: number): number {
  if (count <= 0) return 0;
  if (peak <= 1) return HEAT_LEVELS;
  return Math.max(1, Math.ceil((HEAT_LEVELS * Math.log1p(count)) / Math.log1p(peak)));
}

/** One slice of time of the map. */
export interface HeatColumn {
  /** First moment of the slice, epoch milliseconds. */
  at: number;
  total: number;
  /** Per group, fastest first. */
  counts: number[];
}

export interface HeatMap {
  columns: HeatColumn[];
  /** The largest count of one cell. */
  peak: number;
}

/** Calls per slice of time and group of durations. */
export function heatMapOf(slices: LatencyDistribution['slices'], groups: readonly BucketGroup[]): HeatMap {
  const columns = slices.map(({ at, counts }) => {
    const cells = countsIn(groups, counts);
    return { at, counts: cells, total: cells.reduce((sum, count) => sum + count, 0) };
  });
  return { columns, peak: Math.max(0, ...columns.flatMap(({ counts }) => counts)) };
}

/** The group by which a share of the calls of a column is done (0.5 is half of them); null for none. */
export function groupReached({ counts, total }: HeatColumn, share: number): number | null {
  if (total === 0) return null;
  let sum = 0;
  const index = counts.findIndex((count) => (sum += count) >= share * total);
  return index === -1 ? counts.length - 1 : index;
}
