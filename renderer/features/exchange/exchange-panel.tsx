import { useCallback, useRef, useState, useSyncExternalStore } from 'react';
import { useHub, useHubQuery } from '../../lib/hub-context.tsx';
import { navigate, useRoute } from '../../lib/route.ts';
import { useStoredNumber } from '../../lib/stored-number.ts';
import { useLastKnown } from '../../lib/use-last-known.ts';
import { messages } from '../../messages/messages.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { SplitHandle } from '../../ui/split-handle.tsx';
import { ComparePanel } from './compare-panel.tsx';
import { ExchangeView } from './exchange-view.tsx';
import type { ViewState } from './view-state.ts';

const text = messages.exchange;
const USUAL_WIDTH = 60;

interface ExchangePanelProps {
  id: number;
  onClose(): void;
}

/** One exchange in full, or two compared, beside the list. */
export function ExchangePanel({ id, onClose }: ExchangePanelProps) {
  const route = useRoute();
  const [width, setWidth] = useStoredNumber('patchbay.detailWidth', USUAL_WIDTH);
  // Outlives the exchange: who steps through the list wants to see the same of each.
  const [view, setView] = useState<ViewState>({ tab: 'body', form: 'pretty' });
  const filter = route.screen === 'traffic' ? route.filter : '';
  const other = route.screen === 'traffic' ? route.compare : undefined;
  const go = useCallback(
    (exchange: number, compare?: number): void =>
      navigate({ screen: 'traffic', filter, exchange, ...(compare === undefined ? {} : { compare }) }),
    [filter],
  );
  return (
    <aside
      aria-label={other === undefined ? text.label : text.compare.label}
      className="@container relative flex max-w-[calc(100%-27rem)] min-w-88 flex-col border-l border-line bg-surface"
      style={{ width: `${width}%` }}
    >
      <SplitHandle label={text.resize} percent={width} min={25} max={80} onPercent={setWidth} />
      {other === undefined ? (
        <OneExchange key={id} id={id} view={view} onView={setView} onGo={go} onClose={onClose} />
      ) : (
        <ComparePanel key={`${id} ${other}`} first={id} second={other} onGo={go} />
      )}
    </aside>
  );
}

interface OneExchangeProps extends ExchangePanelProps {
  view: ViewState;
  onView(view: ViewState): void;
  onGo(exchange: number, compare?: number): void;
}

/** Progress of a running call is worth a look each second. */
const RUNNING_EVERY_MS = 1_000;

/** Asked for again when its answer arrives. */
function OneExchange({ id, ...rest }: OneExchangeProps) {
  const { traffic } = useHub();
  const findInput = useRef<HTMLInputElement>(null);
  const liveOutcome = useSyncExternalStore(traffic.log.subscribe, () => {
    const snapshot = traffic.log.snapshot();
    return snapshot.rowAt(snapshot.indexOf(id))?.outcome ?? null;
  });
  const { data, error } = useHubQuery(`${id} ${liveOutcome}`, (client, signal) =>
    client.traffic.get({ id }, { signal }),
  );
  // While the repeat is under way the older state of the same exchange stays in view.
  const last = useLastKnown(data);
  const detail = data ?? last;
  const isRunning = detail?.exchange.outcome === 'pending' && detail.exchange.kind === 'request';
  const context = useHubQuery(
    `${id} ${liveOutcome} context`,
    (client, signal) => client.traffic.context({ id }, { signal }),
    isRunning ? { everyMs: RUNNING_EVERY_MS } : {},
  );
  const [lastContext, setLastContext] = useState(context.data);
  if (context.data !== null && context.data !== lastContext) setLastContext(context.data);

  if (!detail) {
    return error ? (
      <ErrorNotice error={error} className="m-3" />
    ) : (
      <p className="p-4">
        <Spinner label={text.loading} />
      </p>
    );
  }
  return (
    <ExchangeView
      {...rest}
      detail={detail}
      problem={error}
      context={context.data ?? lastContext}
      contextProblem={context.error}
      findInput={findInput}
    />
  );
}
