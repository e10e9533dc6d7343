import type { Exchange } from '../../../shared/model/exchange.ts';

/** Shorter runs are read at a glance; folding them would only make lines jump. */
export const MIN_RUN = 4;

/** Calls that tell the same story: same session, server, method, tool and outcome. What waits is never folded. */
export const isSameCall = (a: Exchange, b: Exchange): boolean =>
  a.method === b.method &&
  a.tool === b.tool &&
  a.outcome === b.outcome &&
  a.server === b.server &&
  a.sessionId === b.sessionId &&
  a.errorCode === b.errorCode &&
  a.direction === b.direction &&
  (a.outcome !== 'pending' || a.kind === 'notification');

/** Lines of a list: line `i` stands for `lengths[i]` rows from `starts[i]` on. `starts` grows. */
export interface Lines {
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  /** Length of the unfolded run that begins with this line; 0 elsewhere. */
  readonly unfolded: Int32Array;
  readonly count: number;
}

/**
 * Folds runs of equal neighbours into one line each, except those that hold an id of `unfolded`. One pass over all
 * rows, twice a frame at most: numbers in flat arrays, no object per row.
 */
export function collapseRuns(
  rowCount: number,
  rowAt: (index: number) => Exchange | undefined,
  unfolded: ReadonlySet<number>,
): Lines {
  const starts = new Int32Array(rowCount);
  const lengths = new Int32Array(rowCount);
  const open = new Int32Array(rowCount);
  let count = 0;
  let start = 0;
  while (start < rowCount) {
    const first = rowAt(start)!;
    let end = start + 1;
    let isUnfolded = unfolded.has(first.id);
    for (; end < rowCount; end += 1) {
      const next = rowAt(end)!;
      if (!isSameCall(first, next)) break;
      isUnfolded ||= unfolded.size > 0 && unfolded.has(next.id);
    }
    const length = end - start;
    if (length >= MIN_RUN && !isUnfolded) {
      starts[count] = start;
      lengths[count] = length;
      count += 1;
    } else {
      if (length >= MIN_RUN) open[count] = length;
      for (let row = start; row < end; row += 1) {
        starts[count] = row;
        lengths[count] = 1;
        count += 1;
      }
    }
    start = end;
  }
  return { starts, lengths, unfolded: open, count };
}

/** The line a row is in. */
export function lineOfRow({ starts, count }: Lines, row: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= row) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
