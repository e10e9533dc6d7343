import type { ReactNode } from 'react';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { filterTerm } from '../../lib/filter-text.ts';
import { formatBytes, formatDateTime, formatDuration, formatTime } from '../../lib/format.ts';
import { formatRoute } from '../../lib/route.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { Outcome } from '../traffic/outcome.tsx';

const text = messages.exchange;

const sizes = ({ requestBytes, responseBytes }: Exchange): string =>
  text.sizeOf(
    formatBytes(requestBytes),
    responseBytes === null ? messages.common.none : formatBytes(responseBytes),
  );

/** What one wants to know first, in one line. */
export function ExchangeStrip({ exchange }: { exchange: Exchange }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-muted">
      <Outcome exchange={exchange} />
      {exchange.durationMs !== null && (
        <span className="text-ink">{formatDuration(exchange.durationMs)}</span>
      )}
      <span className="min-w-0 truncate">
        <FilterLink term={filterTerm('server', exchange.server)}>{exchange.server}</FilterLink>
      </span>
      <span className="min-w-0 truncate">
        <FilterLink term={filterTerm('client', exchange.client)}>
          {messages.client[exchange.client] ?? exchange.client}
        </FilterLink>
      </span>
      <time title={formatDateTime(exchange.at)}>{formatTime(exchange.at)}</time>
      <span>{sizes(exchange)}</span>
    </p>
  );
}

/** All the rest there is to know of an exchange. */
export function ExchangeFacts({ exchange }: { exchange: Exchange }) {
  return (
    <dl
      aria-label={text.facts}
      className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 border-t border-line px-3 py-2 text-xs"
    >
      <Fact name={text.direction}>{text.directions[exchange.direction]}</Fact>
      <Fact name={messages.traffic.columns.method}>
        <SafeText text={exchange.method} />
      </Fact>
      <Fact name={text.started}>{formatDateTime(exchange.at)}</Fact>
      <Fact name={text.sizes}>{sizes(exchange)}</Fact>
      {exchange.rpcId !== null && (
        <Fact name={text.rpcId} isCode>
          <SafeText text={oneLine(exchange.rpcId)} />
        </Fact>
      )}
      {exchange.project !== null && (
        <Fact name={text.project}>
          <SafeText text={exchange.project} />
        </Fact>
      )}
      <Fact name={text.session} isCode>
        <SafeText text={exchange.sessionId} />
      </Fact>
      <Fact name={text.instance} isCode>
        <SafeText text={exchange.instanceId} />
      </Fact>
    </dl>
  );
}

function Fact({ name, isCode = false, children }: { name: string; isCode?: boolean; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className={isCode ? 'font-mono text-hostile' : 'text-hostile'}>{children}</dd>
    </>
  );
}

function FilterLink({ term, children }: { term: string; children: string }) {
  return (
    <a
      href={formatRoute({ screen: 'traffic', filter: term, exchange: null })}
      title={text.filterBy(visibleText(term))}
      className="rounded-sm text-accent underline-offset-2 hover:underline"
    >
      <SafeText text={oneLine(children, 60)} />
    </a>
  );
}
