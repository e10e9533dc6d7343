import { ArrowLeft } from 'lucide-react';
import { memo } from 'react';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { formatBytes, formatDuration, formatTime } from '../../lib/format.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { isFailure, Outcome } from './outcome.tsx';

export const ROW_HEIGHT = 28;

/** Columns of header and rows alike; the least needed ones give way when the list is narrow. */
export const COLUMNS = [
  'grid gap-x-3 px-3 grid-cols-[5.75rem_minmax(0,1fr)_7rem_4.5rem]',
  '@lg:grid-cols-[5.75rem_minmax(0,1fr)_minmax(0,1.6fr)_7.5rem_4.5rem]',
  '@2xl:grid-cols-[5.75rem_minmax(6rem,1.2fr)_minmax(5rem,1fr)_minmax(8rem,2fr)_8.25rem_4.75rem_8.5rem]',
].join(' ');
export const MEDIUM_ONLY = 'hidden @lg:block';
export const WIDE_ONLY = 'hidden @2xl:block';

/** The last part of a path, either slash: what a person calls the project. */
export const projectName = (path: string): string => /[^/\\]+(?=[/\\]*$)/.exec(path)?.[0] ?? path;

/** What an exchange is about: the tool where it names one, with the method of those that are no tool calls. */
export function subjectOf(exchange: Exchange): { main: string; rest: string | null } {
  if (exchange.tool === null) return { main: exchange.method, rest: null };
  return { main: exchange.tool, rest: exchange.method === 'tools/call' ? null : exchange.method };
}

/** The full bar is ten seconds; a logarithm keeps one millisecond and ten seconds apart at this width. */
const barWidth = (ms: number): number => Math.min(100, (Math.log10(1 + ms) / 4) * 100);

interface TrafficRowProps {
  exchange: Exchange;
  /** 1-based, the header row being 1. */
  rowIndex: number;
  isActive: boolean;
  isOpen: boolean;
}

/** One line of the live list. */
export const TrafficRow = memo(function TrafficRow({
  exchange,
  rowIndex,
  isActive,
  isOpen,
}: TrafficRowProps) {
  const subject = subjectOf(exchange);
  const failed = isFailure(exchange);
  const isFromServer = exchange.direction === 'server-to-client';
  return (
    <div
      role="row"
      id={`exchange-${exchange.id}`}
      data-exchange={exchange.id}
      aria-rowindex={rowIndex}
      aria-selected={isOpen}
      className={classNames(
        COLUMNS,
        'relative h-7 cursor-default items-center border-b border-line/60 text-xs leading-7 whitespace-nowrap',
        isOpen ? 'bg-active' : failed ? 'bg-danger-soft/60 hover:bg-danger-soft' : 'hover:bg-hover',
        isActive && 'outline-1 -outline-offset-1 outline-accent group-focus-visible/grid:outline-2',
        failed && 'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-danger',
      )}
    >
      <span role="gridcell" className="truncate font-mono text-2xs leading-7 text-muted">
        {formatTime(exchange.at)}
      </span>
      <span role="gridcell" className="hidden min-w-0 text-muted @2xl:flex">
        <span className="truncate">
          {messages.client[exchange.client] ?? <SafeText text={oneLine(exchange.client)} />}
        </span>
        {exchange.project !== null && (
          // The project tells sessions apart: where both do not fit, the client's name gives way.
          <span className="max-w-[70%] shrink-0 truncate text-ink">
            <span className="whitespace-pre text-muted">{' · '}</span>
            <SafeText text={oneLine(projectName(exchange.project))} />
          </span>
        )}
      </span>
      <span role="gridcell" className={classNames(MEDIUM_ONLY, 'truncate')}>
        <SafeText text={oneLine(exchange.server)} />
      </span>
      <span role="gridcell" className="truncate">
        {isFromServer && (
          <ArrowLeft
            role="img"
            aria-label={messages.traffic.fromServer}
            className="mr-1 inline size-3 align-[-2px] text-info"
          />
        )}
        <span className={exchange.tool === null ? 'text-muted' : 'font-medium'}>
          <SafeText text={oneLine(subject.main)} />
        </span>
        {subject.rest && <span className="text-muted"> {subject.rest}</span>}
        <span aria-hidden="true" className="text-muted @lg:hidden">
          {' · '}
          <SafeText text={oneLine(exchange.server)} />
        </span>
      </span>
      <span role="gridcell" className="truncate">
        <Outcome exchange={exchange} />
      </span>
      <span role="gridcell" className={classNames(WIDE_ONLY, 'truncate text-right text-muted')}>
        {formatBytes(exchange.requestBytes + (exchange.responseBytes ?? 0))}
      </span>
      <span role="gridcell" className="flex items-center justify-end gap-2">
        {exchange.durationMs !== null && (
          <>
            <span>{formatDuration(exchange.durationMs)}</span>
            <span
              aria-hidden="true"
              className="hidden h-1 w-10 overflow-hidden rounded-full bg-sunken @2xl:block"
            >
              <span
                className={classNames('block h-full rounded-full', failed ? 'bg-danger' : 'bg-accent')}
                style={{ width: `${barWidth(exchange.durationMs)}%` }}
              />
            </span>
          </>
        )}
      </span>
    </div>
  );
});
