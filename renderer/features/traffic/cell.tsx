import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { formatBytes, formatDuration, formatTime } from '../../lib/format.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import type { ColumnId } from './column-layout.ts';
import { isFailure, Outcome } from './outcome.tsx';
import { projectName, subjectOf } from './exchange-words.ts';

/** Columns of numbers, aligned at their right. */
export const NUMERIC: ReadonlySet<ColumnId> = new Set(['request', 'response', 'size', 'hub', 'duration']);

const PLAIN = /^[\x20-\x7E]*$/;

/** Text from outside; what has nothing to hide costs no component. */
const safe = (text: string): ReactNode => (PLAIN.test(text) ? text : <SafeText text={text} />);

interface CellProps {
  column: ColumnId;
  exchange: Exchange;
  /** The slowest call of a folded run. */
  slowestMs: number | null;
  namesServer: boolean;
  prefix: ReactNode;
}

const CLASSES: Partial<Record<ColumnId, string>> = {
  time: 'font-mono text-2xs leading-7 text-muted',
  client: 'text-muted',
  session: 'font-mono text-2xs leading-7 text-muted',
  instance: 'font-mono text-2xs leading-7 text-muted',
  error: 'text-danger',
};

/**
 * One cell of a row. Its parts are plain functions, not components: a thousand rows a second make seven thousand of
 * these.
 */
export function Cell(props: CellProps) {
  const { column } = props;
  return (
    <span
      role="gridcell"
      data-column={column}
      className={classNames(
        column === 'client' || column === 'duration' || column === 'method' ? 'flex min-w-0' : 'truncate',
        NUMERIC.has(column) && 'justify-end text-right text-muted',
        CLASSES[column],
      )}
    >
      {contentOf(props)}
    </span>
  );
}

function contentOf({ column, exchange, slowestMs, namesServer, prefix }: CellProps): ReactNode {
  switch (column) {
    case 'time':
      return formatTime(exchange.at);
    case 'client':
      return clientProject(exchange);
    case 'session':
      return safe(oneLine(exchange.sessionId));
    case 'server':
      return safe(oneLine(exchange.server));
    case 'instance':
      return safe(oneLine(exchange.instanceId));
    case 'method':
      return subject({ exchange, namesServer, prefix });
    case 'outcome':
      return <Outcome exchange={exchange} />;
    case 'error':
      return exchange.errorMessage === null ? null : safe(oneLine(exchange.errorMessage));
    case 'request':
      return formatBytes(exchange.requestBytes);
    case 'response':
      return exchange.responseBytes === null ? null : formatBytes(exchange.responseBytes);
    case 'size':
      return formatBytes(exchange.requestBytes + (exchange.responseBytes ?? 0));
    case 'hub':
      return exchange.hubMs === null ? null : formatDuration(exchange.hubMs);
    case 'duration':
      return duration(exchange, slowestMs);
  }
}

function clientProject({ client, project }: Exchange): ReactNode {
  return (
    <>
      <span className="truncate">{messages.client[client] ?? safe(oneLine(client))}</span>
      {project !== null && (
        // The project tells sessions apart: where both do not fit, the client's name gives way.
        <span data-column="project" className="max-w-[70%] shrink-0 truncate text-ink">
          <span className="whitespace-pre text-muted">{' · '}</span>
          {safe(oneLine(projectName(project)))}
        </span>
      )}
    </>
  );
}

function subject({ exchange, namesServer, prefix }: Omit<CellProps, 'column' | 'slowestMs'>): ReactNode {
  const { main, rest } = subjectOf(exchange);
  return (
    <>
      {prefix && <span className="inline-flex shrink-0 items-center">{prefix}</span>}
      <span className="truncate">
        {exchange.direction === 'server-to-client' && (
          <ArrowLeft
            role="img"
            aria-label={messages.traffic.fromServer}
            className="mr-1 inline size-3 align-[-2px] text-info"
          />
        )}
        <span className={exchange.tool === null ? 'text-muted' : 'font-medium'}>{safe(oneLine(main))}</span>
        {rest && <span className="text-muted"> {rest}</span>}
        {namesServer && (
          <span className="text-muted">
            {' · '}
            {safe(oneLine(exchange.server))}
          </span>
        )}
      </span>
    </>
  );
}

/** The full bar is ten seconds; a logarithm keeps one millisecond and ten seconds apart at this width. */
const barWidth = (ms: number): number => Math.min(100, (Math.log10(1 + ms) / 4) * 100);

function duration(exchange: Exchange, slowestMs: number | null): ReactNode {
  const ms = slowestMs ?? exchange.durationMs;
  if (ms === null) return null;
  return (
    <span className="flex min-w-0 items-center gap-2 text-ink">
      <span className="truncate">
        {slowestMs === null ? formatDuration(ms) : messages.traffic.upTo(formatDuration(ms))}
      </span>
      <span aria-hidden="true" className="h-1 w-8 shrink-0 overflow-hidden rounded-full bg-sunken">
        <span
          className={classNames('block h-full rounded-full', isFailure(exchange) ? 'bg-danger' : 'bg-accent')}
          style={{ width: `${barWidth(ms)}%` }}
        />
      </span>
    </span>
  );
}
