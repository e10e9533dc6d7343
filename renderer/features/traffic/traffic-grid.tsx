import { type Range, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { LogSnapshot } from '../../lib/exchange-log.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { CellFilter } from './cell-filter.tsx';
import { columnTemplate, fittingColumns } from './column-layout.ts';
import { GridHeader } from './grid-header.tsx';
import type { Line } from './line-list.ts';
import { ROW_HEIGHT, type RowMark, TrafficRow } from './traffic-row.tsx';
import { changeView, useTrafficView } from './traffic-view-store.ts';
import { useLines } from './use-lines.ts';
import { useScrollPlace } from './use-scroll-place.ts';
import { useWidth } from './use-width.ts';
import { visibleRows } from './visible-rows.ts';

const OVERSCAN = 12;
/** Older pages are asked for this many rows before the top is reached. */
const OLDER_AHEAD = 60;

/** What commands can do with the list from outside. */
export interface GridHandle {
  move(step: number): void;
  follow(): void;
  openActive(): void;
  toggleCompareActive(): void;
}

export interface TrafficGridProps {
  ref?: Ref<GridHandle>;
  snapshot: LogSnapshot;
  /** What stands above the oldest row. */
  head: ReactNode;
  activeId: number | null;
  openId: number | null;
  compared: readonly number[];
  marks: ReadonlyMap<number, RowMark>;
  onActivate(id: number): void;
  onOpen(id: number): void;
  onToggleCompare(id: number): void;
  onNearTop(): void;
  onTerm(term: string): void;
}

/** The live list: a grid with one tab stop whose arrow keys move a cursor through rows that may not be drawn yet. */
export function TrafficGrid(props: TrafficGridProps) {
  const { snapshot, activeId, openId, compared, marks, onNearTop } = props;
  const { columns: choice, sort, collapsesRuns } = useTrafficView();
  const scroller = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const [countAtLeave, setCountAtLeave] = useState(0);
  const [said, setSaid] = useState('');
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());

  const lines = useLines(snapshot, { sort, collapsesRuns, unfolded, isFollowing });
  const followed = sort === null ? 'end' : 'start';
  const place = useScrollPlace({ scroller, lines, isFollowing, followed });

  const width = useWidth(scroller);
  const fitting = fittingColumns(choice, width).join(' ');
  // The same array until another column is shown: rows are drawn again for nothing less.
  const columns = useMemo(() => fittingColumns(choice, width), [fitting]);

  const { pendingShift } = place;
  const atTail = isFollowing && followed === 'end';
  const rangeExtractor = useCallback(
    ({ startIndex, endIndex, count, overscan }: Range) =>
      visibleRows({ startIndex, endIndex, count, overscan, isFollowing: atTail, pendingShift }),
    [atTail, pendingShift],
  );
  const virtualizer = useVirtualizer({
    count: lines.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    rangeExtractor,
    // Where the virtualizer scrolls to when it gets the element, after the end was scrolled to: by itself, the start.
    initialOffset: followed === 'end' ? Number.MAX_SAFE_INTEGER : 0,
    // The sticky header and the line above the oldest row are part of the scrolled content.
    scrollMargin: ROW_HEIGHT * 2,
  });

  // Not when rows come in while the tail is followed, but when the person looks at the oldest ones.
  const firstShown = virtualizer.range?.startIndex ?? 0;
  useEffect(() => {
    if (sort === null && !isFollowing && firstShown < OLDER_AHEAD) onNearTop();
  }, [sort, isFollowing, firstShown, onNearTop]);

  const appended = snapshot.rowCount - snapshot.headShift;
  const leaveTail = (): void => {
    if (isFollowing) setCountAtLeave(appended);
    setFollowing(false);
  };
  const onScroll = (): void => {
    const reachesEnd = place.onScroll();
    setAtEnd(reachesEnd);
    if (reachesEnd) setFollowing(true);
    else leaveTail();
  };
  const activate = (line: Line, index: number): void => {
    const element = scroller.current!;
    const top = index * ROW_HEIGHT;
    // The header covers one row's height of the viewport.
    const visible = element.clientHeight - ROW_HEIGHT * 2;
    if (index !== (followed === 'end' ? lines.count - 1 : 0)) leaveTail();
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top > element.scrollTop + visible - ROW_HEIGHT) element.scrollTop = top - visible + ROW_HEIGHT;
    props.onActivate(line.exchange.id);
  };
  const moveTo = (index: number): void => {
    const inside = Math.max(0, Math.min(index, lines.count - 1));
    const line = lines.at(inside);
    if (line) activate(line, inside);
  };
  const select = (id: number): void => {
    leaveTail();
    props.onActivate(id);
    props.onOpen(id);
  };
  const activeIndex = activeId === null ? -1 : lines.indexOf(activeId);
  const from = activeIndex < 0 ? (followed === 'end' ? lines.count : -1) : activeIndex;

  /** Unfolds a folded run, folds an unfolded one. */
  const toggleRun = (index: number, to?: 'fold' | 'unfold'): void => {
    const line = lines.at(index);
    if (!line) return;
    if (line.count > 1 && to !== 'fold') setUnfolded(new Set([...unfolded, line.exchange.id]));
    if (line.unfolded > 0 && to !== 'unfold') {
      const first = snapshot.indexOf(line.exchange.id);
      const next = new Set(unfolded);
      for (let row = first; row < first + line.unfolded; row += 1) next.delete(snapshot.rowAt(row)?.id ?? -1);
      setUnfolded(next);
    } else if (line.count === 1 && to === 'fold') {
      // Inside an unfolded run its first line is the one that folds it.
      for (let above = index - 1; above >= 0; above -= 1) {
        const head = lines.at(above)!;
        if (head.unfolded > index - above) return toggleRun(above, 'fold');
        if (head.count > 1 || head.unfolded > 0) return;
      }
    }
  };

  useImperativeHandle(props.ref, () => ({
    move: (step) => {
      scroller.current?.focus({ preventScroll: true });
      moveTo(from + step);
    },
    follow: () => {
      setFollowing(true);
      scroller.current?.focus({ preventScroll: true });
    },
    openActive: () => activeIndex >= 0 && activeId !== null && select(activeId),
    toggleCompareActive: () => activeIndex >= 0 && activeId !== null && props.onToggleCompare(activeId),
  }));

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 3);
    const actions: Record<string, () => void> = {
      ArrowDown: () => moveTo(from + 1),
      ArrowUp: () => moveTo(from - 1),
      ArrowRight: () => toggleRun(activeIndex, 'unfold'),
      ArrowLeft: () => toggleRun(activeIndex, 'fold'),
      PageDown: () => moveTo(from + page),
      PageUp: () => moveTo(from - page),
      Home: () => moveTo(0),
      End: () => {
        moveTo(lines.count - 1);
        if (followed === 'end') setFollowing(true);
      },
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const target = event.target instanceof Element ? event.target : null;
    const id = Number(target?.closest<HTMLElement>('[data-exchange]')?.dataset.exchange ?? Number.NaN);
    if (Number.isNaN(id)) return;
    if (target?.closest('[data-run]')) {
      leaveTail();
      props.onActivate(id);
      toggleRun(lines.indexOf(id));
    } else if (event.ctrlKey || event.metaKey) props.onToggleCompare(id);
    else select(id);
  };

  const items = virtualizer.getVirtualItems();
  const isActiveDrawn = activeIndex >= 0 && items.some((item) => item.index === activeIndex);
  const activeRow = activeIndex < 0 ? null : (lines.at(activeIndex)?.exchange.id ?? null);
  const newCount = Math.max(0, appended - countAtLeave);
  return (
    <div className="relative h-full min-h-0">
      <div
        ref={scroller}
        role="grid"
        aria-label={sort === null ? messages.traffic.grid : messages.traffic.gridSorted}
        aria-rowcount={lines.count + 1}
        aria-colcount={columns.length}
        aria-multiselectable="true"
        aria-activedescendant={isActiveDrawn ? `exchange-${activeRow}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={onScroll}
        onWheel={(event) => event.deltaY < 0 && followed === 'end' && leaveTail()}
        onClick={onClick}
        className="group/grid h-full overflow-x-hidden overflow-y-auto -outline-offset-2 [overflow-anchor:none]"
        style={{ '--columns': columnTemplate(choice, columns) } as CSSProperties}
      >
        <GridHeader {...{ columns, choice, sort, width }} onChange={changeView} onSay={setSaid} />
        <div className="flex h-7 items-center justify-center text-2xs text-faint">{props.head}</div>
        <div role="rowgroup" style={{ height: lines.count * ROW_HEIGHT }}>
          <div
            role="presentation"
            style={{ transform: `translateY(${(items[0]?.index ?? 0) * ROW_HEIGHT}px)` }}
          >
            {items.map(({ index }, slot) => {
              const line = lines.at(index);
              return (
                line && (
                  <TrafficRow
                    // By place, not by exchange: at a thousand rows a second new texts in the elements that are
                    // there cost a fraction of new elements.
                    key={slot}
                    exchange={line.exchange}
                    columns={columns}
                    rowIndex={index + 2}
                    count={line.count}
                    slowestMs={line.slowestMs}
                    unfolded={line.unfolded}
                    mark={marks.get(line.exchange.id) ?? null}
                    isActive={line.exchange.id === activeRow}
                    isOpen={index === (openId === null ? -1 : lines.indexOf(openId))}
                    isCompared={compared.includes(line.exchange.id)}
                  />
                )
              );
            })}
          </div>
        </div>
      </div>
      <span role="status" className="sr-only">
        {said}
      </span>
      <CellFilter
        scroller={scroller}
        rowOf={(id) => lines.at(lines.indexOf(id))?.exchange}
        onTerm={props.onTerm}
      />
      {!isFollowing && (newCount > 0 || !isAtEnd) && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            className="pointer-events-auto rounded-full shadow-pop"
            icon={
              followed === 'end' ? (
                <ArrowDown aria-hidden="true" className="size-3.5" />
              ) : (
                <ArrowUp aria-hidden="true" className="size-3.5" />
              )
            }
            onClick={() => setFollowing(true)}
          >
            {followed === 'end' ? messages.traffic.jumpToNewest : messages.traffic.sortAgain}
            {newCount > 0 && <span className="text-accent">{messages.traffic.newBelow(newCount)}</span>}
          </Button>
        </div>
      )}
    </div>
  );
}
