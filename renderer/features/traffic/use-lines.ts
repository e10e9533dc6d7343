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
  /** Only to be compared with: what it gives by now is not what it gave. */
  from: LogSnapshot;
  lines: LineList | null;
}

const sortNow = (snapshot: LogSnapshot, sort: SortOrder): Sorted => ({
  sort,
  from: snapshot,
  lines: sort && sortedLines(snapshot, sort),
});

/** The lines to show of what the log holds. */
export function useLines(snapshot: LogSnapshot, options: LinesOptions): LineList {
  const { sort, collapsesRuns, unfolded, isFollowing } = options;
  const [taken, setTaken] = useState(() => sortNow(snapshot, sort));
  const isOutdated = taken.sort !== sort || taken.from.selection !== snapshot.selection;
  const sorted = isOutdated ? sortNow(snapshot, sort) : taken;
  if (isOutdated) setTaken(sorted);
  const latest = useRef(snapshot);
  useEffect(() => {
    latest.current = snapshot;
  }, [snapshot]);
  useEffect(() => {
    if (sort === null || !isFollowing) return;
    const takeNew = (): void =>
      setTaken((now) => (now.from === latest.current ? now : sortNow(latest.current, sort)));
    takeNew();
    const timer = setInterval(takeNew, SORT_AGAIN_MS);
    return () => clearInterval(timer);
  }, [sort, isFollowing]);

  return useMemo(() => {
    if (sorted.lines) return withCurrentRows(sorted.lines, snapshot);
    return collapsesRuns ? foldedLines(snapshot, unfolded) : plainLines(snapshot);
  }, [sorted.lines, snapshot, collapsesRuns, unfolded]);
}
