/** What the virtualizer saw of the list, and what it does not know yet. */
export interface VisibleRowsInput {
  /** First and last row in the viewport at the last scroll event. */
  startIndex: number;
  endIndex: number;
  count: number;
  overscan: number;
  isFollowing: boolean;
  /** Rows that came (+) or went (-) above since that scroll event. */
  pendingShift: number;
}

/** While a person scrolls, the first row drawn moves this many rows at a time. */
const STEP = 8;

/**
 * The rows to draw. Scroll events arrive a frame after rows do: drawing what the last event saw would show a blank
 * list whenever a batch moves the view by more than the overscan.
 */
export function visibleRows(input: VisibleRowsInput): number[] {
  const { startIndex, endIndex, count, overscan, isFollowing, pendingShift } = input;
  const size = endIndex - startIndex + 1;
  const start = isFollowing ? count - size : startIndex + pendingShift;
  const earliest = Math.max(0, Math.min(start, count - size) - overscan);
  // Rows are drawn into the same elements by their place: moving the first one seldom draws the others seldom again.
  const first = isFollowing ? earliest : earliest - (earliest % STEP);
  const last = Math.min(count - 1, Math.max(start, 0) + size - 1 + overscan);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
}
