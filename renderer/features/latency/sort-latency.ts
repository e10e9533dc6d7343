import type { ToolLatency } from '../../../shared/model/latency.ts';

/** Columns that can be sorted by. */
export type LatencyColumn = Exclude<keyof ToolLatency, 'spark' | 'previous'>;

export interface Sorting {
  column: LatencyColumn;
  isDescending: boolean;
}

/** A sorted copy; equal rows stand by server and tool, so that a refresh never shuffles them. */
export function sortLatency(rows: readonly ToolLatency[], { column, isDescending }: Sorting): ToolLatency[] {
  const direction = isDescending ? -1 : 1;
  const compare = (a: string | number, b: string | number): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return rows.toSorted(
    (a, b) =>
      direction * compare(a[column], b[column]) || compare(a.server, b.server) || compare(a.tool, b.tool),
  );
}
