import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from 'react';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { NUMERIC } from './cell.tsx';
import {
  type ColumnChoice,
  type ColumnId,
  moveColumn,
  nextSort,
  resizeColumn,
  roomFor,
  type SortOrder,
} from './column-layout.ts';
import { ROW_LAYOUT } from './traffic-row.tsx';

const text = messages.traffic;

const DRAG_FROM_PX = 4;
const RESIZE_STEP_PX = 16;

interface GridHeaderProps {
  columns: readonly ColumnId[];
  choice: ColumnChoice;
  sort: SortOrder;
  /** Width of the list in pixels. */
  width: number;
  onChange(change: { columns: ColumnChoice } | { sort: SortOrder }): void;
  /** Tells those who do not see the column move. */
  onSay(words: string): void;
}

/** A drag under way: of a whole column to another place, or of its right edge. */
type Drag =
  | { kind: 'move'; id: ColumnId; fromX: number; target: number | null }
  | { kind: 'resize'; id: ColumnId; fromX: number; width: number };

/**
 * The header: click sorts, dragging moves, the edge resizes. By keyboard it is one tab stop: arrows go from column to
 * column, Enter sorts, Alt with arrows moves, Shift with arrows resizes.
 */
export const GridHeader = memo(function GridHeader(props: GridHeaderProps) {
  const { columns, choice, sort, width, onChange, onSay } = props;
  const row = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<ColumnId>('method');
  const [drag, setDrag] = useState<Drag | null>(null);
  const stop = columns.includes(focused) ? focused : columns[0];

  const cells = (): HTMLElement[] => [...row.current!.querySelectorAll<HTMLElement>('[role="columnheader"]')];
  const move = (id: ColumnId, steps: number): void => {
    onChange({ columns: moveColumn(choice, id, steps) });
    const to = Math.max(0, Math.min(columns.length - 1, columns.indexOf(id) + steps));
    onSay(text.columnMoved(text.columns[id], to + 1, columns.length));
  };
  const resize = (id: ColumnId, to: number | null): void =>
    onChange({
      columns: resizeColumn(
        choice,
        id,
        to === null ? null : Math.min(to, roomFor(choice, columns, id, width)),
      ),
    });

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, id: ColumnId): void => {
    if (event.ctrlKey || event.metaKey) return;
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'Enter' || event.key === ' ') onChange({ sort: nextSort(sort, id) });
    else if (step === 0) return;
    else if (event.altKey) move(id, step);
    else if (event.shiftKey) resize(id, event.currentTarget.offsetWidth + step * RESIZE_STEP_PX);
    else cells()[columns.indexOf(id) + step]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>, id: ColumnId): void => {
    if (event.button !== 0) return;
    const isEdge = event.target instanceof Element && event.target.closest('[data-edge]') !== null;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag(
      isEdge
        ? { kind: 'resize', id, fromX: event.clientX, width: event.currentTarget.offsetWidth }
        : { kind: 'move', id, fromX: event.clientX, target: null },
    );
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (drag?.kind === 'resize') resize(drag.id, drag.width + event.clientX - drag.fromX);
    else if (drag && (drag.target !== null || Math.abs(event.clientX - drag.fromX) > DRAG_FROM_PX)) {
      const middles = cells().map((cell) => {
        const box = cell.getBoundingClientRect();
        return box.left + box.width / 2;
      });
      const others = middles.filter((_, index) => columns[index] !== drag.id);
      setDrag({ ...drag, target: others.filter((middle) => middle < event.clientX).length });
    }
  };
  const onPointerUp = (): void => {
    if (drag?.kind === 'move') {
      if (drag.target === null) onChange({ sort: nextSort(sort, drag.id) });
      else move(drag.id, drag.target - columns.indexOf(drag.id));
    }
    setDrag(null);
  };

  return (
    <div role="rowgroup" className="sticky top-0 z-10">
      <div
        ref={row}
        role="row"
        aria-rowindex={1}
        className={classNames(
          ROW_LAYOUT,
          'h-7 items-center border-b border-line bg-canvas text-2xs font-medium text-muted select-none',
        )}
      >
        {columns.map((id, index) => (
          <span
            key={id}
            role="columnheader"
            tabIndex={id === stop ? 0 : -1}
            aria-sort={sort?.column === id ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
            title={text.columnHint}
            onFocus={() => setFocused(id)}
            onKeyDown={(event) => onKeyDown(event, id)}
            onPointerDown={(event) => onPointerDown(event, id)}
            onPointerMove={onPointerMove}
            onPointerUp={onPointerUp}
            onPointerCancel={() => setDrag(null)}
            className={classNames(
              'relative flex h-full min-w-0 items-center gap-1 -outline-offset-2',
              NUMERIC.has(id) && 'justify-end',
              sort?.column === id && 'text-ink',
              drag?.kind === 'move' && drag.id === id && drag.target !== null && 'opacity-40',
              isDropTarget(drag, columns, index) && 'bg-accent-soft',
            )}
          >
            <span className="truncate">{text.columns[id]}</span>
            {sort?.column === id && <SortSign isDescending={sort.isDescending} />}
            <span
              data-edge=""
              aria-hidden="true"
              onDoubleClick={() => resize(id, null)}
              className="absolute inset-y-1 -right-2 w-2 cursor-col-resize border-r border-line hover:border-accent"
            />
          </span>
        ))}
      </div>
    </div>
  );
});

const isDropTarget = (drag: Drag | null, columns: readonly ColumnId[], index: number): boolean =>
  drag?.kind === 'move' && drag.target === index && columns[index] !== drag.id;

function SortSign({ isDescending }: { isDescending: boolean }) {
  const Icon = isDescending ? ArrowDown : ArrowUp;
  return <Icon aria-hidden="true" className="size-3 shrink-0 text-accent" />;
}
