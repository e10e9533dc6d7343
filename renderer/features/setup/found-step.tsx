import { Cable, CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ClientId, ClientView } from '../../../shared/model/client.ts';
import { plural } from '../../lib/format.ts';
import { useHub, useResource } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { DemoButton } from './demo-button.tsx';
import { resetSetup } from './setup-store.ts';
import { StepFrame } from './step-frame.tsx';

const text = messages.setup.found;

interface Tally {
  toRoute: number;
  routed: number;
  left: number;
}

function tallyOf(client: ClientView): Tally {
  const entries = client.configs.flatMap((config) => config.entries);
  return {
    toRoute: entries.filter((entry) => entry.transport === 'stdio' && !entry.routed).length,
    routed: entries.filter((entry) => entry.routed).length,
    left: entries.filter((entry) => entry.transport !== 'stdio' && !entry.routed).length,
  };
}

/** Step 1: the clients of this machine in human terms, and which of them to route. */
export function FoundStep({ preselected }: { preselected: readonly ClientId[] }) {
  const { data: hub } = useHub();
  const { data: clients, error } = useResource('clients');
  const [unchosen, setUnchosen] = useState<ReadonlySet<ClientId>>(new Set());
  useEffect(() => {
    resetSetup();
    hub.refresh('clients');
  }, [hub]);

  const routable = clients?.filter((client) => tallyOf(client).toRoute > 0) ?? [];
  const isChosen = (id: ClientId): boolean =>
    !unchosen.has(id) && (preselected.length === 0 || preselected.includes(id));
  const chosen = routable.filter(({ id }) => isChosen(id)).map(({ id }) => id);
  const isAnyRouted = clients?.some((client) => tallyOf(client).routed > 0) ?? false;
  const isNothingFound = clients !== null && routable.length === 0 && !isAnyRouted;

  const toggle = (id: ClientId): void =>
    setUnchosen((old) => new Set(old.has(id) ? [...old].filter((other) => other !== id) : [...old, id]));

  return (
    <StepFrame
      heading={text.heading}
      lead={text.lead}
      actions={
        routable.length > 0 && (
          <>
            {chosen.length === 0 && <span className="text-xs text-muted">{text.noneChosen}</span>}
            <Button
              variant="primary"
              disabled={chosen.length === 0}
              onClick={() => navigate({ screen: 'setup', step: 'review', clients: chosen })}
            >
              {text.next}
            </Button>
          </>
        )
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
      {clients && routable.length === 0 && isAnyRouted && (
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
      )}
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
    </StepFrame>
  );
}

interface FoundClientProps {
  client: ClientView;
  isChosen: boolean;
  onToggle(): void;
}

function FoundClient({ client, isChosen, onToggle }: FoundClientProps) {
  const tally = tallyOf(client);
  const facts = [
    tally.toRoute > 0 && text.canRoute(tally.toRoute),
    tally.routed > 0 && text.already(tally.routed),
    tally.left > 0 && text.left(tally.left),
  ].filter((fact) => fact !== false);
  const withEntries = client.configs.filter(
    (config) => config.entries.length > 0 || config.error !== undefined,
  );
  return (
    <li
      className={classNames(
        'rounded-lg border bg-surface px-3.5 py-3',
        isChosen ? 'border-accent' : 'border-line',
      )}
    >
      <label className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        {tally.toRoute > 0 ? (
          <input
            type="checkbox"
            checked={isChosen}
            onChange={onToggle}
            aria-label={text.choose(client.name)}
            className="size-4 accent-accent"
          />
        ) : (
          <CircleCheck
            aria-hidden="true"
            className={classNames('size-4', tally.routed > 0 ? 'text-accent' : 'text-transparent')}
          />
        )}
        <span className="text-base font-semibold">{client.name}</span>
        <Badge tone={client.installed ? 'neutral' : 'warn'}>
          {client.installed ? messages.clients.installed : messages.clients.notInstalled}
        </Badge>
        {client.running.length > 0 && (
          <Badge tone="info">{messages.clients.running(client.running.length)}</Badge>
        )}
        <span className="ml-auto text-muted">{facts.length > 0 ? facts.join(', ') : text.noServers}</span>
      </label>
      {withEntries.length > 0 && (
        <ul className="mt-2.5 flex flex-col gap-1.5 border-t border-line pt-2.5 pl-6.5 text-xs">
          {withEntries.map((config) => (
            <li key={`${config.path}\n${config.scope}\n${config.project ?? ''}`}>
              <p className="text-muted text-hostile">
                <span className="font-mono text-2xs">
                  <SafeText text={config.path} />
                </span>
                {` · ${messages.scope[config.scope]}`}
                {config.project !== undefined && (
                  <>
                    {': '}
                    <SafeText text={config.project} />
                  </>
                )}
                {` · ${plural(config.entries.length, { one: '# server', other: '# servers' })}`}
              </p>
              <p className="text-hostile">
                <SafeText text={config.entries.map((entry) => oneLine(entry.name, 60)).join(', ')} />
              </p>
              {config.error !== undefined && (
                <Notice tone="warn" className="mt-1">
                  <SafeText text={config.error} />
                </Notice>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
