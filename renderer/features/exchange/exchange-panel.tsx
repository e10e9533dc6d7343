import { X } from 'lucide-react';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { filterTerm } from '../../lib/filter-text.ts';
import { formatBytes, formatDateTime, formatDuration, formatTime } from '../../lib/format.ts';
import { useHub, useHubQuery } from '../../lib/hub-context.tsx';
import { formatRoute } from '../../lib/route.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { BodySection } from './body-section.tsx';
import { isFailure, Outcome } from '../traffic/outcome.tsx';
import { TimingBar } from './timing-bar.tsx';
import { subjectOf } from '../traffic/traffic-row.tsx';

const text = messages.exchange;

interface ExchangePanelProps {
  id: number;
  onClose(): void;
}

/** One exchange in full, beside the list; asked for again when its answer arrives. */
export function ExchangePanel({ id, onClose }: ExchangePanelProps) {
  const { traffic } = useHub();
  const [form, setForm] = useState<BodyForm>('pretty');
  const liveOutcome = useSyncExternalStore(traffic.log.subscribe, () => {
    const snapshot = traffic.log.snapshot();
    return snapshot.rowAt(snapshot.indexOf(id))?.outcome ?? null;
  });
  const { data, error } = useHubQuery(`${id} ${liveOutcome}`, (client, signal) =>
    client.traffic.get({ id }, { signal }),
  );
  // While the repeat is under way the older state of the same exchange stays in view.
  const [last, setLast] = useState(data);
  if (data !== null && data !== last) setLast(data);
  const detail = data ?? (last?.exchange.id === id ? last : null);

  return (
    <aside
      aria-label={text.label}
      className="@container flex w-[45%] min-w-80 flex-col border-l border-line bg-surface"
    >
      <header className="flex min-h-9 items-center gap-2 border-b border-line py-1 pr-1.5 pl-3">
        <h2 className="min-w-0 flex-1 truncate font-semibold">
          {detail && <SafeText text={oneLine(subjectOf(detail.exchange).main)} />}
        </h2>
        {detail && (
          <span className="shrink-0 text-xs">
            <Outcome exchange={detail.exchange} />
          </span>
        )}
        <Segmented<BodyForm> label={text.view} options={FORMS} value={form} onChange={setForm} />
        <IconButton label={text.close} icon={<X className="size-4" />} onClick={onClose} />
      </header>
      <div
        role="region"
        aria-label={text.label}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        {error && <ErrorNotice error={error} className="m-3" />}
        {detail ? (
          <DetailBody detail={detail} isRaw={form === 'raw'} />
        ) : (
          !error && (
            <p className="p-4">
              <Spinner label={text.loading} />
            </p>
          )
        )}
      </div>
    </aside>
  );
}

type BodyForm = 'pretty' | 'raw';
const FORMS: readonly { value: BodyForm; label: string }[] = [
  { value: 'pretty', label: text.pretty },
  { value: 'raw', label: text.raw },
];

function DetailBody({ detail, isRaw }: { detail: ExchangeDetail; isRaw: boolean }) {
  const { exchange, request, response, phases } = detail;
  const isNotification = exchange.kind === 'notification';
  return (
    <div className="flex flex-col divide-y divide-line">
      <section className="flex flex-col gap-2.5 px-3 py-2.5">
        {isFailure(exchange) && exchange.errorMessage !== null && (
          <Notice tone="danger">
            <SafeText text={exchange.errorMessage} />
          </Notice>
        )}
        {!isNotification && <TimingBar phases={phases} totalMs={exchange.durationMs} />}
        <Summary exchange={exchange} />
      </section>
      <BodySection
        title={isNotification ? text.notification : text.request}
        copyLabel={text.copyRequest}
        body={request}
        isRaw={isRaw}
        missing={text.noBody}
      />
      {!isNotification && (
        <BodySection
          title={text.response}
          copyLabel={text.copyResponse}
          body={response}
          isRaw={isRaw}
          missing={missingResponse(exchange)}
        />
      )}
    </div>
  );
}

function missingResponse({ outcome, responseBytes }: Exchange): string {
  if (outcome === 'pending') return text.waiting;
  return responseBytes === null ? text.noResponse : text.noBody;
}

function Summary({ exchange }: { exchange: Exchange }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs @md:grid-cols-[auto_minmax(0,1fr)_auto_minmax(0,1fr)]">
      <Fact name={text.server}>
        <FilterLink term={filterTerm('server', exchange.server)}>{exchange.server}</FilterLink>
      </Fact>
      <Fact name={text.client}>
        <FilterLink term={filterTerm('client', exchange.client)}>
          {messages.client[exchange.client] ?? exchange.client}
        </FilterLink>
      </Fact>
      <Fact name={text.direction}>{text.directions[exchange.direction]}</Fact>
      <Fact name={messages.traffic.columns.method}>
        <SafeText text={exchange.method} />
      </Fact>
      <Fact name={text.started}>
        <time title={formatDateTime(exchange.at)}>{formatTime(exchange.at)}</time>
      </Fact>
      {exchange.durationMs !== null && (
        <Fact name={text.duration}>{formatDuration(exchange.durationMs)}</Fact>
      )}
      <Fact name={text.sizes}>
        {text.sizeOf(
          formatBytes(exchange.requestBytes),
          exchange.responseBytes === null ? messages.common.none : formatBytes(exchange.responseBytes),
        )}
      </Fact>
      {exchange.rpcId !== null && (
        <Fact name={text.rpcId}>
          <code className="font-mono">
            <SafeText text={oneLine(exchange.rpcId)} />
          </code>
        </Fact>
      )}
      {exchange.project !== null && (
        <Fact name={text.project} isWide>
          <SafeText text={exchange.project} />
        </Fact>
      )}
      <Fact name={text.session} isWide>
        <code className="font-mono">
          <SafeText text={exchange.sessionId} />
        </code>
      </Fact>
      <Fact name={text.instance} isWide>
        <code className="font-mono">
          <SafeText text={exchange.instanceId} />
        </code>
      </Fact>
    </dl>
  );
}

interface FactProps {
  name: string;
  /** Takes the whole line: paths and ids. */
  isWide?: boolean;
  children: ReactNode;
}

function Fact({ name, isWide = false, children }: FactProps) {
  return (
    <>
      <dt className={isWide ? 'col-start-1 text-muted' : 'text-muted'}>{name}</dt>
      <dd className={isWide ? 'text-hostile @md:col-span-3' : 'text-hostile'}>{children}</dd>
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
      <SafeText text={children} />
    </a>
  );
}
