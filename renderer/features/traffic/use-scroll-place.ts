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
  const place = anchor.current === null ? -1 : lines.indexOf(anchor.current.id);
  const pendingShift = place < 0 || anchor.current === null ? 0 : place - anchor.current.index;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (isFollowing) element.scrollTop = followed === 'end' ? element.scrollHeight : 0;
    else if (pendingShift !== 0) element.scrollTop += pendingShift * ROW_HEIGHT;
    anchor.current = anchorAt(element, lines);
  }, [scroller, lines, isFollowing, followed, pendingShift]);

  // A smaller window or an opened detail would otherwise hide the newest rows without any scrolling.
  useEffect(() => {
    const element = scroller.current;
    if (!element || !isFollowing || followed === 'start') return;
    const observer = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, isFollowing, followed]);

  return {
    pendingShift,
    onScroll() {
      const element = scroller.current!;
      anchor.current = anchorAt(element, lines);
      if (followed === 'start') return element.scrollTop <= AT_END_PX;
      return element.scrollHeight - element.scrollTop - element.clientHeight <= AT_END_PX;
    },
  };
}

/** The topmost line that is fully in view; the line above the list has a row's height, like the header over it. */
function anchorAt(element: HTMLElement, lines: LineList): { id: number; index: number } | null {
  const index = Math.max(0, Math.min(lines.count - 1, Math.ceil(element.scrollTop / ROW_HEIGHT) - 1));
  const line = lines.at(index);
  return line ? { id: line.exchange.id, index } : null;
}
