import { Bookmark, ChevronDown, ChevronRight, StickyNote } from 'lucide-react';
import { memo } from 'react';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { Cell } from './cell.tsx';
import type { ColumnId } from './column-layout.ts';
import { isFailure } from './outcome.tsx';

export const ROW_HEIGHT = 28;

/** Columns of header and rows alike; the template is a variable of the grid, so that resizing draws no row again. */
export const ROW_LAYOUT = 'grid grid-cols-(--columns) gap-x-3 px-3';

/** What a person left on an exchange. */
export type RowMark = 'bookmark' | 'note' | null;

interface TrafficRowProps {
  exchange: Exchange;
  columns: readonly ColumnId[];
  /** 1-based, the header row being 1. */
  rowIndex: number;
  /** Calls a folded run stands for, else 1. */
  count: number;
  slowestMs: number | null;
  /** Length of the unfolded run that begins here, else 0. */
  unfolded: number;
  mark: RowMark;
  isActive: boolean;
  isOpen: boolean;
  isCompared: boolean;
}

/** One line of the list. */
export const TrafficRow = memo(function TrafficRow(props: TrafficRowProps) {
  const { exchange, columns, rowIndex, isActive, isOpen, isCompared } = props;
  const failed = isFailure(exchange);
  return (
    <div
      role="row"
      id={`exchange-${exchange.id}`}
      data-exchange={exchange.id}
      aria-rowindex={rowIndex}
      aria-selected={isOpen || isCompared}
      className={classNames(
        ROW_LAYOUT,
        'relative h-7 cursor-default contain-strict items-center border-b border-line/60 text-xs leading-7 whitespace-nowrap',
        isOpen || isCompared
          ? 'bg-active'
          : failed
            ? 'bg-danger-soft/60 hover:bg-danger-soft'
            : 'hover:bg-hover',
        isActive && 'outline-1 -outline-offset-1 outline-accent group-focus-visible/grid:outline-2',
        isCompared
          ? 'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent'
          : failed && 'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-danger',
      )}
    >
      {columns.map((column) => (
        <Cell
          key={column}
          column={column}
          exchange={exchange}
          slowestMs={props.count > 1 ? props.slowestMs : null}
          // Where the server has no column of its own, the subject names it.
          namesServer={!columns.includes('server')}
          prefix={column === 'method' && <SubjectPrefix {...props} />}
        />
      ))}
    </div>
  );
});

/** What stands before the name of a call: the sign of a run, the mark of a person. */
function SubjectPrefix({ count, unfolded, mark }: TrafficRowProps) {
  const text = messages.traffic;
  const run = Math.max(count, unfolded);
  return (
    <>
      {run > 1 && (
        <button
          type="button"
          data-run=""
          // The list is one tab stop; the arrow keys do this too.
          tabIndex={-1}
          aria-expanded={unfolded > 0}
          aria-label={unfolded > 0 ? text.foldRun(run) : text.unfoldRun(run)}
          className="mr-1.5 inline-flex h-4.5 shrink-0 items-center rounded bg-line/70 pr-1.5 pl-0.5 text-2xs font-medium text-muted hover:text-ink"
        >
          {unfolded > 0 ? (
            <ChevronDown aria-hidden="true" className="size-3" />
          ) : (
            <ChevronRight aria-hidden="true" className="size-3" />
          )}
          {text.times(run)}
        </button>
      )}
      {mark !== null && <Mark mark={mark} />}
    </>
  );
}

function Mark({ mark }: { mark: 'bookmark' | 'note' }) {
  const Icon = mark === 'bookmark' ? Bookmark : StickyNote;
  return (
    <Icon
      role="img"
      aria-label={messages.traffic.marks[mark]}
      className="mr-1.5 inline size-3 shrink-0 fill-current align-[-1.5px] text-accent"
    />
  );
}
