import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { LineList } from './line-list.ts';
import { ROW_HEIGHT } from './traffic-row.tsx';

/** The view follows while it is this near to the end it follows. */
const AT_END_PX = 5;

/** Keeps either the followed end or what a person reads where it is on the screen, whatever comes and goes. */
export interface ScrollPlace {
  /** Lines that came (+) or went (-) above since the last scroll event. */
  pendingShift: number;
  /** Takes in where the list was scrolled to; whether that is the end that is followed. */
  onScroll(): boolean;
}

interface ScrollPlaceInput {
  scroller: RefObject<HTMLDivElement | null>;
  lines: LineList;
  isFollowing: boolean;
  /** The newest are at the end, or at the start of a sorted list. */
  followed: 'start' | 'end';
}

/** Does so for a list of lines of equal height. */
export function useScrollPlace({ scroller, lines, isFollowing, followed }: ScrollPlaceInput): ScrollPlace {
  const anchor = useRef<{ id: number; index: number } | null>(null);
  const place = isFollowing || anchor.current === null ? -1 : lines.indexOf(anchor.current.id);
  const pendingShift = place < 0 || anchor.current === null ? 0 : place - anchor.current.index;

  // How long the list and its window were when the end was last reached or left.
  const shape = useRef({ scrollHeight: 0, clientHeight: 0 });
  const stickToEnd = (element: HTMLElement): void => {
    element.scrollTop = element.scrollHeight;
    shape.current = { scrollHeight: element.scrollHeight, clientHeight: element.clientHeight };
  };

  const { count } = lines;
  // Asking where a list is scrolled to lays it out at once: only when its length or its place changed.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !isFollowing) return;
    anchor.current = null;
    if (followed === 'end') stickToEnd(element);
    else element.scrollTop = 0;
  }, [scroller, count, isFollowing, followed]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || isFollowing) return;
    if (pendingShift !== 0) element.scrollTop += pendingShift * ROW_HEIGHT;
    anchor.current = anchorAt(element, lines);
  }, [scroller, lines, isFollowing, pendingShift]);

  // A smaller window or an opened detail would otherwise hide the newest rows without any scrolling.
  useEffect(() => {
    const element = scroller.current;
    if (!element || !isFollowing || followed === 'start') return;
    const observer = new ResizeObserver(() => stickToEnd(element));
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, isFollowing, followed]);

  return {
    pendingShift,
    onScroll() {
      const element = scroller.current!;
      const rest =
        followed === 'start'
          ? element.scrollTop
          : element.scrollHeight - element.scrollTop - element.clientHeight;
      const isAtEnd = rest <= AT_END_PX;
      const { scrollHeight, clientHeight } = element;
      const hasShape =
        scrollHeight === shape.current.scrollHeight && clientHeight === shape.current.clientHeight;
      shape.current = { scrollHeight, clientHeight };
      if (!isAtEnd && !hasShape && isFollowing && followed === 'end') {
        // A browser moves a list whose window grew or whose rows went, too. Only a person leaves the end.
        stickToEnd(element);
        return true;
      }
      anchor.current = isAtEnd ? null : anchorAt(element, lines);
      return isAtEnd;
    },
  };
}

/** The topmost line that is fully in view; the line above the list has a row's height, like the header over it. */
function anchorAt(element: HTMLElement, lines: LineList): { id: number; index: number } | null {
  const index = Math.max(0, Math.min(lines.count - 1, Math.ceil(element.scrollTop / ROW_HEIGHT) - 1));
  const line = lines.at(index);
  return line ? { id: line.exchange.id, index } : null;
}
