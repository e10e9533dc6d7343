import { type Range, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { LogSnapshot } from '../../lib/exchange-log.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { COLUMNS, MEDIUM_ONLY, ROW_HEIGHT, TrafficRow, WIDE_ONLY } from './traffic-row.tsx';
import { visibleRows } from './visible-rows.ts';

const OVERSCAN = 12;
/** The view follows the newest row while it is this near to the end. */
const AT_END_PX = 5;
/** Older pages are asked for this many rows before the top is reached. */
const OLDER_AHEAD = 60;

interface TrafficGridProps {
  snapshot: LogSnapshot;
  /** What stands above the oldest row. */
  head: ReactNode;
  activeId: number | null;
  openId: number | null;
  onActivate(id: number): void;
  onOpen(id: number): void;
  onClose(): void;
  onTogglePause(): void;
  onNearTop(): void;
}

/** The live list: a grid with one tab stop whose arrow keys move a cursor through rows that may not be drawn yet. */
export function TrafficGrid(props: TrafficGridProps) {
  const { snapshot, activeId, openId, onNearTop } = props;
  const { rowCount, headShift } = snapshot;
  const scroller = useRef<HTMLDivElement>(null);
  const appliedShift = useRef(headShift);
  const [isFollowing, setFollowing] = useState(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const [countAtLeave, setCountAtLeave] = useState(0);

  const rangeExtractor = useCallback(
    ({ startIndex, endIndex, count, overscan }: Range) =>
      visibleRows({
        startIndex,
        endIndex,
        count,
        overscan,
        isFollowing,
        pendingShift: headShift - appliedShift.current,
      }),
    [isFollowing, headShift],
  );
  const virtualizer = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    rangeExtractor,
    // The sticky header and the line above the oldest row are part of the scrolled content.
    scrollMargin: ROW_HEIGHT * 2,
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (isFollowing) element.scrollTop = element.scrollHeight;
    else if (headShift !== appliedShift.current) {
      element.scrollTop += (headShift - appliedShift.current) * ROW_HEIGHT;
    }
    appliedShift.current = headShift;
  }, [isFollowing, headShift, rowCount]);

  // A smaller window or an opened detail would otherwise hide the newest rows without any scrolling.
  useEffect(() => {
    const element = scroller.current;
    if (!element || !isFollowing) return;
    const observer = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isFollowing]);

  // Not when rows come in while the tail is followed, but when the person looks at the oldest ones.
  const firstShown = virtualizer.range?.startIndex ?? 0;
  useEffect(() => {
    if (!isFollowing && firstShown < OLDER_AHEAD) onNearTop();
  }, [isFollowing, firstShown, onNearTop]);

  const leaveTail = (): void => {
    if (isFollowing) setCountAtLeave(rowCount - headShift);
    setFollowing(false);
  };
  const onScroll = (): void => {
    const element = scroller.current!;
    const reachesEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= AT_END_PX;
    setAtEnd(reachesEnd);
    if (reachesEnd) setFollowing(true);
    else leaveTail();
  };
  const moveTo = (index: number): void => {
    const row = snapshot.rowAt(Math.max(0, Math.min(index, rowCount - 1)));
    if (!row) return;
    const element = scroller.current!;
    const top = snapshot.indexOf(row.id) * ROW_HEIGHT;
    // The header covers one row's height of the viewport.
    const visible = element.clientHeight - ROW_HEIGHT * 2;
    if (row !== snapshot.rowAt(rowCount - 1)) leaveTail();
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top > element.scrollTop + visible - ROW_HEIGHT) element.scrollTop = top - visible + ROW_HEIGHT;
    props.onActivate(row.id);
  };
  const select = (id: number): void => {
    leaveTail();
    props.onActivate(id);
    props.onOpen(id);
  };

  const activeIndex = activeId === null ? -1 : snapshot.indexOf(activeId);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 3);
    const from = activeIndex < 0 ? rowCount : activeIndex;
    const actions: Record<string, () => void> = {
      ArrowDown: () => moveTo(Math.min(from + 1, rowCount - 1)),
      ArrowUp: () => moveTo(from - 1),
      PageDown: () => moveTo(from + page),
      PageUp: () => moveTo(from - page),
      Home: () => moveTo(0),
      End: () => {
        moveTo(rowCount - 1);
        setFollowing(true);
      },
      Enter: () => activeIndex >= 0 && activeId !== null && select(activeId),
      Escape: props.onClose,
      ' ': props.onTogglePause,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };

  const items = virtualizer.getVirtualItems();
  const isActiveDrawn = activeIndex >= 0 && items.some((item) => item.index === activeIndex);
  const newBelow = rowCount - headShift - countAtLeave;
  const { columns } = messages.traffic;
  return (
    <div className="@container relative h-full min-h-0">
      <div
        ref={scroller}
        role="grid"
        aria-label={messages.traffic.grid}
        aria-rowcount={rowCount + 1}
        aria-colcount={7}
        aria-activedescendant={isActiveDrawn ? `exchange-${activeId}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={onScroll}
        onWheel={(event) => event.deltaY < 0 && leaveTail()}
        onClick={(event) => {
          const row = event.target instanceof Element && event.target.closest<HTMLElement>('[data-exchange]');
          if (row) select(Number(row.dataset.exchange));
        }}
        className="group/grid h-full overflow-x-hidden overflow-y-auto -outline-offset-2 [overflow-anchor:none]"
      >
        <div role="rowgroup" className="sticky top-0 z-10">
          <div
            role="row"
            aria-rowindex={1}
            className={classNames(
              COLUMNS,
              'h-7 items-center border-b border-line bg-canvas text-2xs font-medium text-muted',
            )}
          >
            <span role="columnheader">{columns.time}</span>
            <span role="columnheader" className={WIDE_ONLY}>
              {columns.client}
            </span>
            <span role="columnheader" className={MEDIUM_ONLY}>
              {columns.server}
            </span>
            <span role="columnheader">{columns.method}</span>
            <span role="columnheader">{columns.outcome}</span>
            <span role="columnheader" className={classNames(WIDE_ONLY, 'text-right')}>
              {columns.size}
            </span>
            <span role="columnheader" className="text-right @2xl:pr-12">
              {columns.duration}
            </span>
          </div>
        </div>
        <div className="flex h-7 items-center justify-center text-2xs text-faint">{props.head}</div>
        <div role="rowgroup" style={{ height: rowCount * ROW_HEIGHT }}>
          <div
            role="presentation"
            style={{ transform: `translateY(${(items[0]?.index ?? 0) * ROW_HEIGHT}px)` }}
          >
            {items.map(({ index }) => {
              const exchange = snapshot.rowAt(index);
              return (
                exchange && (
                  <TrafficRow
                    key={exchange.id}
                    exchange={exchange}
                    rowIndex={index + 2}
                    isActive={exchange.id === activeId}
                    isOpen={exchange.id === openId}
                  />
                )
              );
            })}
          </div>
        </div>
      </div>
      {!isFollowing && (newBelow > 0 || !isAtEnd) && (
        <div className="absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            className="rounded-full shadow-pop"
            icon={<ArrowDown aria-hidden="true" className="size-3.5" />}
            onClick={() => setFollowing(true)}
          >
            {messages.traffic.jumpToNewest}
            {newBelow > 0 && <span className="text-accent">{messages.traffic.newBelow(newBelow)}</span>}
          </Button>
        </div>
      )}
    </div>
  );
}
