import { Filter as FilterIcon, Radio } from 'lucide-react';
import { routingOf } from '../../../shared/model/client.ts';
import { useResource } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import type { FeedState } from '../../lib/traffic-feed.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { SearchProgress } from './list-notices.tsx';

const text = messages.traffic;

interface NoRowsProps {
  feed: FeedState;
  hasFilter: boolean;
  /** Where nothing in an opened file matches, nothing else is searched. */
  isFile: boolean;
  onClearFilter(): void;
  onStop(): void;
  onContinue(): void;
}

/** Why the list is empty, and what to do about it. */
export function NoRows({ feed, hasFilter, isFile, onClearFilter, onStop, onContinue }: NoRowsProps) {
  const clear = <Button onClick={onClearFilter}>{text.clearFilter}</Button>;
  if (!isFile && feed.isLoadingOlder && hasFilter) {
    return (
      <div className="flex h-full flex-col items-center justify-center gap-3 text-xs text-muted">
        <span role="status">
          <SearchProgress scanned={feed.scanned ?? 0} />
        </span>
        <Button onClick={onStop}>{text.stopSearch}</Button>
      </div>
    );
  }
  if (!isFile && feed.isLoading) {
    return (
      <div className="grid h-full place-items-center">
        <Spinner label={text.loading} />
      </div>
    );
  }
  if (!isFile && feed.error) return null;
  if (!isFile && feed.isStopped) {
    return (
      <EmptyState
        icon={<FilterIcon />}
        title={text.searchStopped}
        actions={
          <>
            <Button onClick={onContinue}>{text.continueSearch}</Button>
            {clear}
          </>
        }
      >
        {text.searchStoppedEmpty}
      </EmptyState>
    );
  }
  if (hasFilter || isFile) {
    return (
      <EmptyState icon={<FilterIcon />} title={text.noMatchTitle} actions={clear}>
        {isFile ? text.file.noMatch : text.noMatch}
      </EmptyState>
    );
  }
  return <NoTraffic />;
}

function NoTraffic() {
  const { data: clients } = useResource('clients');
  const isRouted = clients?.some((client) => ['routed', 'partly'].includes(routingOf(client)));
  return (
    <EmptyState
      icon={<Radio />}
      title={text.emptyTitle}
      actions={
        !isRouted && (
          <Button variant="primary" onClick={() => navigate({ screen: 'setup', step: 'found', clients: [] })}>
            {text.emptySetup}
          </Button>
        )
      }
    >
      {isRouted ? text.emptyRouted : text.empty}
    </EmptyState>
  );
}
