import { useEffect, useMemo, useRef, useState } from 'react';
import type { LogSnapshot } from '../../lib/exchange-log.ts';
import type { SortOrder } from './column-layout.ts';
import { foldedLines, type LineList, plainLines, sortedLines, withCurrentRows } from './line-list.ts';

/** Often enough to be current, seldom enough to be read. */
const SORT_AGAIN_MS = 1_000;

interface LinesOptions {
  sort: SortOrder;
  collapsesRuns: boolean;
  /** An id of each run that is unfolded. */
  unfolded: ReadonlySet<number>;
  /** A sorted list takes new rows in while its top is in view; what somebody reads does not move. */
  isFollowing: boolean;
}

/** Rows in the order they were put in at one moment: a snapshot can be read only until the next one. */
interface Sorted {
  sort: SortOrder;
  selection: symbol;
  lines: LineList | null;
}

const sortNow = (snapshot: LogSnapshot, sort: SortOrder): Sorted => ({
  sort,
  selection: snapshot.selection,
  lines: sort && sortedLines(snapshot, sort),
});

/** The lines to show of what the log holds. */
export function useLines(snapshot: LogSnapshot, options: LinesOptions): LineList {
  const { sort, collapsesRuns, unfolded, isFollowing } = options;
  const [taken, setTaken] = useState(() => sortNow(snapshot, sort));
  const isOutdated = taken.sort !== sort || taken.selection !== snapshot.selection;
  const sorted = isOutdated ? sortNow(snapshot, sort) : taken;
  if (isOutdated) setTaken(sorted);
  const latest = useRef(snapshot);
  useEffect(() => {
    latest.current = snapshot;
  }, [snapshot]);
  useEffect(() => {
    if (sort === null || !isFollowing) return;
    let from: LogSnapshot | null = null;
    const takeNew = (): void => {
      if (latest.current === from) return;
      from = latest.current;
      setTaken(sortNow(from, sort));
    };
    takeNew();
    const timer = setInterval(takeNew, SORT_AGAIN_MS);
    return () => clearInterval(timer);
  }, [sort, isFollowing]);

  return useMemo(() => {
    if (sorted.lines) return withCurrentRows(sorted.lines, snapshot);
    return collapsesRuns ? foldedLines(snapshot, unfolded) : plainLines(snapshot);
  }, [sorted.lines, snapshot, collapsesRuns, unfolded]);
}
