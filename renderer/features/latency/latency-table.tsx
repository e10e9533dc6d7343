import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ToolLatency } from '../../../shared/model/latency.ts';
import { formatCount, formatDuration } from '../../lib/format.ts';
import { formatRoute, type Route } from '../../lib/route.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { errorRateOf, type Trend, trendOf } from './latency-trend.ts';
import type { LatencyColumn, Sorting } from './sort-latency.ts';

const text = messages.latency;

const COLUMNS: readonly { column: LatencyColumn; label: string; isText?: true; hint?: string }[] = [
  { column: 'server', label: text.server, isText: true },
  { column: 'tool', label: text.tool, isText: true },
  { column: 'count', label: text.calls },
  { column: 'errorRate', label: text.errors },
  { column: 'p50Ms', label: text.p50 },
  { column: 'p90Ms', label: text.p90 },
  { column: 'p99Ms', label: text.p99 },
  { column: 'maxMs', label: text.max },
  { column: 'trend', label: text.trend, hint: text.trendHint },
  { column: 'hubP50Ms', label: text.hub, hint: text.hubHint },
];

interface RowKey {
  server: string;
  tool: string;
}

interface LatencyTableProps {
  rows: readonly ToolLatency[];
  sorting: Sorting;
  chosen: RowKey | null;
  onSort(column: LatencyColumn): void;
  onChoose(row: RowKey): void;
  /** Where the calls of a row are shown. */
  routeOf(row: RowKey): Route;
}

/** One line per server and tool: choosing it opens its detail, its number of calls leads to the traffic. */
export function LatencyTable({ rows, sorting, chosen, onSort, onChoose, routeOf }: LatencyTableProps) {
  return (
    <table className="w-full border-collapse text-xs">
      <caption className="sr-only">{text.table}</caption>
      <thead className="sticky top-0 z-10 bg-canvas">
        <tr className="h-7">
          {COLUMNS.map(({ column, label, isText, hint }) => (
            <SortableHeader
              key={column}
              label={label}
              hint={hint}
              isText={isText === true}
              direction={
                sorting.column === column ? (sorting.isDescending ? 'descending' : 'ascending') : 'none'
              }
              onSort={() => onSort(column)}
            />
          ))}
          <th scope="col" className="border-b border-line px-3 text-left text-2xs font-medium text-muted">
            {text.spark}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <LatencyRow
            key={`${row.server}\n${row.tool}`}
            row={row}
            isChosen={chosen?.server === row.server && chosen.tool === row.tool}
            onChoose={onChoose}
            routeOf={routeOf}
          />
        ))}
      </tbody>
    </table>
  );
}

type LatencyRowProps = Pick<LatencyTableProps, 'onChoose' | 'routeOf'> & {
  row: ToolLatency;
  isChosen: boolean;
};

function LatencyRow({ row, isChosen, onChoose, routeOf }: LatencyRowProps) {
  const element = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isChosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  const number = 'px-2 text-right whitespace-nowrap';
  const [server, tool] = [oneLine(row.server), oneLine(row.tool)];
  return (
    <tr
      ref={element}
      className={classNames(
        'h-7 scroll-mt-7 cursor-pointer border-b border-line/60',
        isChosen ? 'bg-active' : 'hover:bg-hover',
      )}
      onClick={() => onChoose(row)}
    >
      <td className="max-w-40 truncate px-2 pl-4">
        <SafeText text={server} />
      </td>
      <td className="max-w-60 truncate px-2 font-medium">
        {/* What keyboard and screen reader use; the row is a larger target for the mouse. */}
        <button
          type="button"
          aria-label={text.showDetail(visibleText(server), visibleText(tool))}
          aria-expanded={isChosen}
          onClick={(event) => {
            event.stopPropagation();
            onChoose(row);
          }}
          className="max-w-full truncate rounded-sm align-bottom -outline-offset-1"
        >
          <SafeText text={tool} />
        </button>
      </td>
      <td className={number}>
        <a
          href={formatRoute(routeOf(row))}
          aria-label={text.showTraffic(visibleText(server), visibleText(tool))}
          title={text.showTraffic(visibleText(server), visibleText(tool))}
          onClick={(event) => event.stopPropagation()}
          className="rounded-sm text-accent underline-offset-2 hover:underline"
        >
          {formatCount(row.count)}
        </a>
      </td>
      <td className={classNames(number, row.errors > 0 ? 'font-medium text-danger' : 'text-faint')}>
        {row.errors > 0 ? text.errorsOf(row.errors, errorRateOf(row)) : formatCount(0)}
      </td>
      <td className={number}>{formatDuration(row.p50Ms)}</td>
      <td className={number}>{formatDuration(row.p90Ms)}</td>
      <td className={number}>{formatDuration(row.p99Ms)}</td>
      <td className={classNames(number, 'text-muted')}>{formatDuration(row.maxMs)}</td>
      <td className={number}>
        <TrendCell row={row} />
      </td>
      <td className={classNames(number, 'text-muted')}>{formatDuration(row.hubP50Ms)}</td>
      <td className="w-28 px-3">
        <Sparkline values={row.spark} label={text.sparkOf(row.count, Math.max(0, ...row.spark))} />
      </td>
    </tr>
  );
}

/** Slower is the only trend that has a colour: it is the only one that asks for something. */
function TrendCell({ row }: { row: ToolLatency }) {
  const trend: Trend = trendOf(row);
  if (!('change' in trend)) {
    return (
      <span title={text.trendHints[trend.kind]} className="text-faint">
        {text.trendKinds[trend.kind]}
      </span>
    );
  }
  const isSlower = trend.kind === 'slower';
  const Icon = isSlower ? ArrowUp : ArrowDown;
  return (
    <span
      title={text.trendFrom(row.previous?.p99Ms ?? 0, row.p99Ms)}
      className={classNames(
        'inline-flex items-center gap-0.5',
        isSlower ? 'font-medium text-warn' : 'text-muted',
      )}
    >
      <Icon aria-hidden="true" className="size-3" />
      {text[trend.kind](trend.change)}
    </span>
  );
}

interface SortableHeaderProps {
  label: string;
  hint: string | undefined;
  isText: boolean;
  direction: 'ascending' | 'descending' | 'none';
  onSort(): void;
}

function SortableHeader({ label, hint, isText, direction, onSort }: SortableHeaderProps) {
  const Icon = direction === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={direction}
      className={classNames('border-b border-line px-2 first:pl-4', isText ? 'text-left' : 'text-right')}
    >
      <button
        type="button"
        title={hint}
        onClick={onSort}
        className={classNames(
          'inline-flex items-center gap-0.5 rounded-sm text-2xs font-medium whitespace-nowrap hover:text-ink',
          direction === 'none' ? 'text-muted' : 'text-ink',
        )}
      >
        {label}
        {direction !== 'none' && <Icon aria-hidden="true" className="size-3" />}
      </button>
    </th>
  );
}
