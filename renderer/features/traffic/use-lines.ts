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

/** The lines to show of what the log holds. */
export function useLines(snapshot: LogSnapshot, options: LinesOptions): LineList {
  const { sort, collapsesRuns, unfolded, isFollowing } = options;
  const [taken, setTaken] = useState(snapshot);
  const latest = useRef(snapshot);
  useEffect(() => {
    latest.current = snapshot;
  }, [snapshot]);
  const isSorted = sort !== null;
  useEffect(() => {
    if (!isSorted || !isFollowing) return;
    setTaken(latest.current);
    const timer = setInterval(() => setTaken(latest.current), SORT_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isSorted, isFollowing]);

  const sorted = useMemo(() => sort && sortedLines(taken, sort), [taken, sort]);
  return useMemo(() => {
    if (sorted) return withCurrentRows(sorted, snapshot);
    return collapsesRuns ? foldedLines(snapshot, unfolded) : plainLines(snapshot);
  }, [sorted, snapshot, collapsesRuns, unfolded]);
}
