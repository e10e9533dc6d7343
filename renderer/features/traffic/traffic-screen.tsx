import { Filter as FilterIcon, Pause, Play, Radio } from 'lucide-react';
import { useCallback, useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react';
import { routingOf } from '../../../shared/model/client.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import type { Filter } from '../../../shared/filter/filter.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { ExchangePredicate } from '../../lib/exchange-log.ts';
import { useHub, useResource } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import type { FeedState } from '../../lib/traffic-feed.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { ExchangePanel } from '../exchange/exchange-panel.tsx';
import { FilterBox } from './filter-box.tsx';
import { TrafficGrid } from './traffic-grid.tsx';
import { useKnownValues } from './use-known-values.ts';
import { useFilterText } from './use-filter-text.ts';

const predicateOf =
  (filter: Filter): ExchangePredicate =>
  (exchange) =>
    matches(filter, exchange, Date.now());

interface TrafficScreenProps {
  filter: string;
  /** The exchange whose detail is open. */
  exchange: number | null;
}

/** The live log: filter first, then the list, with the chosen exchange beside it. */
export function TrafficScreen({ filter, exchange }: TrafficScreenProps) {
  const { traffic } = useHub();
  const snapshot = useSyncExternalStore(traffic.log.subscribe, traffic.log.snapshot);
  const feed = useSyncExternalStore(traffic.subscribe, traffic.state);
  const known = useKnownValues();
  const [activeId, setActiveId] = useState(exchange);
  const filterInput = useRef<HTMLInputElement>(null);

  const filterText = useFilterText(filter, (text) =>
    navigate({ screen: 'traffic', filter: text, exchange }, { replace: true }),
  );
  useEffect(() => {
    const parsed = parseFilter(filter);
    if (parsed.ok) traffic.setFilter(filter, predicateOf(parsed.filter));
  }, [traffic, filter]);

  const open = (id: number | null): void =>
    navigate({ screen: 'traffic', filter, exchange: id }, { replace: true });
  const loadOlder = useCallback(() => void traffic.loadOlder(), [traffic]);
  const togglePause = (): void => traffic.log.setPaused(!snapshot.isPaused);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
    if (isTyping || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === '/') filterInput.current?.focus();
    else if (event.key === 'Escape') open(null);
    else if (event.key === ' ' && event.target === document.body) togglePause();
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);

  return (
    <Screen
      title={messages.traffic.title}
      controls={
        <>
          <FilterBox
            label={messages.traffic.filterLabel}
            placeholder={messages.traffic.filterPlaceholder}
            value={filterText.text}
            known={known}
            problem={filterText.problem}
            onChange={filterText.setText}
            inputRef={filterInput}
            shortcut={messages.traffic.filterShortcut}
          />
          <span className="hidden text-xs whitespace-nowrap text-muted min-[1180px]:inline">
            {messages.traffic.counts(snapshot.rowCount, Math.max(snapshot.heldCount, snapshot.rowCount))}
          </span>
          <Button
            onClick={togglePause}
            title={messages.traffic.pauseHint}
            aria-pressed={snapshot.isPaused}
            className={snapshot.isPaused ? 'border-accent! text-accent' : ''}
            icon={
              snapshot.isPaused ? (
                <Play aria-hidden="true" className="size-3.5" />
              ) : (
                <Pause aria-hidden="true" className="size-3.5" />
              )
            }
          >
            {snapshot.isPaused ? messages.traffic.resume : messages.traffic.pause}
            <span role="status" className="empty:hidden">
              {snapshot.isPaused && messages.traffic.waiting(snapshot.waiting)}
            </span>
          </Button>
        </>
      }
    >
      <div className="flex h-full min-h-0">
        <div className="flex min-w-0 flex-1 flex-col">
          <FeedNotices feed={feed} missed={snapshot.missed} onReload={() => traffic.reload()} />
          <div className="min-h-0 flex-1">
            {snapshot.rowCount === 0 ? (
              <NoRows feed={feed} hasFilter={filter !== ''} onClearFilter={() => filterText.setText('')} />
            ) : (
              <TrafficGrid
                // Another filter is another list: it starts at its newest row.
                key={filter}
                snapshot={snapshot}
                head={<HeadLine feed={feed} isFull={traffic.log.isFull} />}
                activeId={activeId}
                openId={exchange}
                onActivate={(id) => {
                  setActiveId(id);
                  if (exchange !== null) open(id);
                }}
                onOpen={open}
                onClose={() => open(null)}
                onTogglePause={togglePause}
                onNearTop={loadOlder}
              />
            )}
          </div>
        </div>
        {exchange !== null && <ExchangePanel id={exchange} onClose={() => open(null)} />}
      </div>
    </Screen>
  );
}

function FeedNotices({ feed, missed, onReload }: { feed: FeedState; missed: number; onReload(): void }) {
  const reload = <Button onClick={onReload}>{messages.common.reload}</Button>;
  return (
    <>
      {feed.error && <ErrorNotice error={feed.error} className="m-2" actions={reload} />}
      {missed > 0 && (
        <Notice tone="warn" className="m-2 items-center!" actions={reload}>
          {messages.traffic.missed(missed)}
        </Notice>
      )}
    </>
  );
}

function HeadLine({ feed, isFull }: { feed: FeedState; isFull: boolean }) {
  if (feed.isLoadingOlder) return messages.traffic.loadingOlder;
  if (feed.hasOlder) return isFull ? messages.traffic.viewFull : null;
  return messages.traffic.startOfHistory;
}

interface NoRowsProps {
  feed: FeedState;
  hasFilter: boolean;
  onClearFilter(): void;
}

function NoRows({ feed, hasFilter, onClearFilter }: NoRowsProps) {
  const { data: clients } = useResource('clients');
  if (feed.isLoading || (feed.isLoadingOlder && hasFilter)) {
    return (
      <div className="grid h-full place-items-center">
        <Spinner label={messages.traffic.loading} />
      </div>
    );
  }
  if (feed.error) return null;
  if (hasFilter) {
    return (
      <EmptyState
        icon={<FilterIcon />}
        title={messages.traffic.noMatchTitle}
        actions={<Button onClick={onClearFilter}>{messages.traffic.clearFilter}</Button>}
      >
        {messages.traffic.noMatch}
      </EmptyState>
    );
  }
  const isRouted = clients?.some((client) => ['routed', 'partly'].includes(routingOf(client)));
  return (
    <EmptyState
      icon={<Radio />}
      title={messages.traffic.emptyTitle}
      actions={
        !isRouted && (
          <Button variant="primary" onClick={() => navigate({ screen: 'setup', step: 'found', clients: [] })}>
            {messages.traffic.emptySetup}
          </Button>
        )
      }
    >
      {isRouted ? messages.traffic.emptyRouted : messages.traffic.empty}
    </EmptyState>
  );
}
