import { Cable, CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { ClientId } from '../../../shared/model/client.ts';
import { formatDateTime } from '../../lib/format.ts';
import { useHub, useResource } from '../../lib/hub-context.tsx';
import { formatRoute, navigate, type SetupRoute } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { DemoButton } from './demo-button.tsx';
import { FoundClient } from './found-client.tsx';
import { StepFrame } from './step-frame.tsx';
import { tallyOf } from './tally.ts';

const text = messages.setup.found;

/** Step 1: the clients of this machine in human terms, and which of them to route. */
export function FoundStep({ place }: { place: SetupRoute }) {
  const { data: hub } = useHub();
  const { data: clients, error } = useResource('clients');
  useEffect(() => hub.refresh('clients'), [hub]);
  useGoToRunning(place);

  const routable = clients?.filter((client) => tallyOf(client).toRoute > 0) ?? [];
  // The choice is in the address, so that going back and a reload find it again.
  const named = ClientId.options.filter((id) => place.clients.includes(id));
  const isNoneChosen = place.clients.includes(NOBODY);
  const isChosen = (id: ClientId): boolean => !isNoneChosen && (named.length === 0 || named.includes(id));
  const chosen = routable.filter(({ id }) => isChosen(id)).map(({ id }) => id);
  const isAnyRouted = clients?.some((client) => tallyOf(client).routed > 0) ?? false;
  const isNothingFound = clients !== null && routable.length === 0 && !isAnyRouted;

  const toggle = (id: ClientId): void => {
    const next = chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
    navigate({ ...place, clients: next.length > 0 ? next : [NOBODY] }, { replace: true });
  };

  return (
    <StepFrame
      heading={text.heading}
      lead={text.lead}
      extra={
        routable.length > 0 &&
        chosen.length === 0 && <span className="text-xs text-muted">{text.noneChosen}</span>
      }
      next={
        routable.length > 0
          ? {
              label: text.next,
              isDisabled: chosen.length === 0,
              run: () => navigate({ ...place, step: 'choose', clients: chosen }),
            }
          : undefined
      }
    >
      {error && <ErrorNotice error={error} />}
      {!clients && !error && <Spinner label={text.searching} />}
      {isNothingFound && (
        <EmptyState
          icon={<Cable />}
          title={text.noClientTitle}
          actions={
            <>
              <Button onClick={() => hub.refresh('clients')}>{text.searchAgain}</Button>
              <DemoButton />
            </>
          }
        >
          {text.noClient}
        </EmptyState>
      )}
      {clients && routable.length === 0 && isAnyRouted && <AllRouted />}
      <ul className="flex flex-col gap-3">
        {(isNothingFound ? [] : clients)?.map((client) => (
          <FoundClient
            key={client.id}
            client={client}
            isChosen={isChosen(client.id) && tallyOf(client).toRoute > 0}
            onToggle={() => toggle(client.id)}
          />
        ))}
      </ul>
      <LastMigration />
    </StepFrame>
  );
}

/** In the address: that no client is chosen, which is not the same as none being named. */
const NOBODY = 'none';

/** Whoever comes here while a migration goes on wants to see that first. */
function useGoToRunning(place: SetupRoute): void {
  const { data: run } = useResource('migration');
  const startedAt = run?.outcome.kind === 'running' ? run.startedAt : null;
  useEffect(() => {
    if (startedAt !== null) navigate({ ...place, step: 'apply', since: startedAt }, { replace: true });
  }, [startedAt, place]);
}

function AllRouted() {
  return (
    <EmptyState
      icon={<CircleCheck />}
      title={text.allDoneTitle}
      actions={
        <>
          <Button onClick={() => navigate({ screen: 'clients' })}>{text.toClients}</Button>
          <Button
            variant="primary"
            onClick={() => navigate({ screen: 'traffic', filter: '', exchange: null })}
          >
            {text.toTraffic}
          </Button>
        </>
      }
    >
      {text.allDone}
    </EmptyState>
  );
}

/** Also tells what became of a migration during which everything was closed. */
function LastMigration() {
  const { data: history } = useResource('history');
  const last = history?.[0];
  if (!last) return null;
  return (
    <p className="pb-6 text-xs text-muted">
      {text.last(formatDateTime(Date.parse(last.at)), messages.clients.state[last.state])}{' '}
      {last.state !== 'applying' && (
        <a
          href={formatRoute({ screen: 'setup', step: 'report', clients: [], migration: last.id })}
          className="rounded-sm text-accent underline underline-offset-2"
        >
          {text.openReport}
        </a>
      )}
    </p>
  );
}
