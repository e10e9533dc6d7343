import type { ToolLatency } from '../../../shared/model/latency.ts';
import { errorRateOf, trendRank } from './latency-trend.ts';

/** Columns that can be sorted by. */
export type LatencyColumn =
  'server' | 'tool' | 'count' | 'errorRate' | 'p50Ms' | 'p90Ms' | 'p99Ms' | 'maxMs' | 'hubP50Ms' | 'trend';

export interface Sorting {
  column: LatencyColumn;
  isDescending: boolean;
}

const valueOf = (row: ToolLatency, column: LatencyColumn): string | number => {
  if (column === 'errorRate') return errorRateOf(row);
  if (column === 'trend') return trendRank(row);
  return row[column];
};

/** A sorted copy; equal rows stand by server and tool, so that a refresh never shuffles them. */
export function sortLatency(rows: readonly ToolLatency[], { column, isDescending }: Sorting): ToolLatency[] {
  const direction = isDescending ? -1 : 1;
  const compare = (a: string | number, b: string | number): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return rows.toSorted(
    (a, b) =>
      direction * compare(valueOf(a, column), valueOf(b, column)) ||
      compare(a.server, b.server) ||
      compare(a.tool, b.tool),
  );
}
