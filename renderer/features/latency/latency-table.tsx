import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ToolLatency } from '../../../shared/model/latency.ts';
import { filterTerm } from '../../lib/filter-text.ts';
import { formatCount, formatDuration } from '../../lib/format.ts';
import { formatRoute, navigate, type Route } from '../../lib/route.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import type { LatencyColumn, Sorting } from './sort-latency.ts';

const text = messages.latency;

const COLUMNS: readonly { column: LatencyColumn; label: string; isText?: true; hint?: string }[] = [
  { column: 'server', label: text.server, isText: true },
  { column: 'tool', label: text.tool, isText: true },
  { column: 'count', label: text.calls },
  { column: 'errors', label: text.errors },
  { column: 'p50Ms', label: text.p50 },
  { column: 'p90Ms', label: text.p90 },
  { column: 'p99Ms', label: text.p99 },
  { column: 'maxMs', label: text.max },
  { column: 'hubP50Ms', label: text.hub, hint: text.hubHint },
];

const trafficOf = (row: ToolLatency): Route => ({
  screen: 'traffic',
  filter: `${filterTerm('server', row.server)} ${filterTerm('tool', row.tool)}`,
  exchange: null,
});

interface LatencyTableProps {
  rows: readonly ToolLatency[];
  sorting: Sorting;
  onSort(column: LatencyColumn): void;
}

/** One line per server and tool; a click anywhere on it leads to its traffic. */
export function LatencyTable({ rows, sorting, onSort }: LatencyTableProps) {
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
            {text.trend}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <LatencyRow key={`${row.server}\n${row.tool}`} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function LatencyRow({ row }: { row: ToolLatency }) {
  const number = 'px-2 text-right whitespace-nowrap';
  return (
    <tr
      className="h-8 cursor-pointer border-b border-line/60 hover:bg-hover"
      onClick={() => navigate(trafficOf(row))}
    >
      <td className="max-w-48 truncate px-2 pl-4">
        <SafeText text={oneLine(row.server)} />
      </td>
      <td className="max-w-72 truncate px-2 font-medium">
        {/* The link is what keyboard and screen reader use; the row is a larger target for the mouse. */}
        <a
          href={formatRoute(trafficOf(row))}
          aria-label={text.showTraffic(visibleText(oneLine(row.server)), visibleText(oneLine(row.tool)))}
          onClick={(event) => event.stopPropagation()}
          className="rounded-sm underline-offset-2 hover:underline"
        >
          <SafeText text={oneLine(row.tool)} />
        </a>
      </td>
      <td className={number}>{formatCount(row.count)}</td>
      <td className={classNames(number, row.errors > 0 ? 'font-medium text-danger' : 'text-faint')}>
        {formatCount(row.errors)}
      </td>
      <td className={number}>{formatDuration(row.p50Ms)}</td>
      <td className={number}>{formatDuration(row.p90Ms)}</td>
      <td className={number}>{formatDuration(row.p99Ms)}</td>
      <td className={classNames(number, 'text-muted')}>{formatDuration(row.maxMs)}</td>
      <td className={classNames(number, 'text-muted')}>{formatDuration(row.hubP50Ms)}</td>
      <td className="w-28 px-3">
        <Sparkline values={row.spark} label={text.trendOf(row.count, Math.max(0, ...row.spark))} />
      </td>
    </tr>
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
