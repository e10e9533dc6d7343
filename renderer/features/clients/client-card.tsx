import { Cable, ShieldCheck, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { type ClientView, type Routing, routingOf } from '../../../shared/model/client.ts';
import { formatDateTime } from '../../lib/format.ts';
import { navigate } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { ClientPolicy, saysAnything } from './client-policy.tsx';
import { ClientSources } from './client-sources.tsx';
import { ConfigRow } from './config-row.tsx';

const text = messages.clients;
const ROUTING_TONES: Record<Routing, Tone> = {
  routed: 'accent',
  partly: 'warn',
  direct: 'neutral',
  none: 'neutral',
};

interface ClientCardProps {
  client: ClientView;
  /** Findings about its configs that want to be looked at. */
  openFindings: number;
  onRollBack(): void;
  onCheck(): void;
}

/** One client: what runs, which files it reads, which of its servers go through Patchbay. */
export function ClientCard({ client, openFindings, onRollBack, onCheck }: ClientCardProps) {
  const routing = routingOf(client);
  const isRoutable = routing === 'direct' || routing === 'partly';
  const isRouted = routing === 'routed' || routing === 'partly';
  return (
    <section aria-label={client.name} className="overflow-hidden rounded-lg border border-line bg-surface">
      <header className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2.5">
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="flex items-center gap-2 text-base font-semibold">
            {client.name}
            <Badge tone={ROUTING_TONES[routing]}>{text.routing[routing]}</Badge>
            {!client.installed && <Badge>{text.notInstalled}</Badge>}
            {openFindings > 0 && <Badge tone="warn">{text.toReview(openFindings)}</Badge>}
          </h2>
          <p className="text-xs text-muted">{text.routingSentence[routing]}</p>
        </div>
        {isRouted && (
          <>
            <Button icon={<ShieldCheck aria-hidden="true" className="size-3.5" />} onClick={onCheck}>
              {text.check}
            </Button>
            <Button icon={<Undo2 aria-hidden="true" className="size-3.5" />} onClick={onRollBack}>
              {text.rollBack}
            </Button>
          </>
        )}
        {isRoutable && (
          <Button
            variant={routing === 'direct' ? 'primary' : 'default'}
            icon={<Cable aria-hidden="true" className="size-3.5" />}
            onClick={() => navigate({ screen: 'setup', step: 'review', clients: [client.id] })}
          >
            {routing === 'direct' ? text.route : text.routeRest}
          </Button>
        )}
      </header>
      <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-2 px-3.5 py-3 text-xs">
        <Fact name={text.process}>
          <Processes running={client.running} />
        </Fact>
        <Fact name={text.configFiles}>
          <ul className="flex flex-col gap-2">
            {client.configs.map((config) => (
              <ConfigRow key={`${config.path}\n${config.scope}\n${config.project ?? ''}`} config={config} />
            ))}
          </ul>
        </Fact>
        {client.sources && client.sources.length > 0 && (
          <Fact name={text.sources}>
            <ClientSources sources={client.sources} />
          </Fact>
        )}
        {client.policy && saysAnything(client.policy) && (
          <Fact name={text.policy}>
            <ClientPolicy policy={client.policy} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Processes({ running }: { running: ClientView['running'] }) {
  if (running.length === 0) return <span className="text-muted">{text.running(0)}</span>;
  return (
    <ul className="flex flex-col gap-0.5">
      {running.map((process) => (
        <li key={process.pid} className="flex flex-wrap gap-x-2">
          <span>{text.pid(process.pid)}</span>
          {process.version !== null && <span className="text-muted">{process.version}</span>}
          {process.cwd !== null && (
            <span className="font-mono text-2xs leading-[1.125rem] text-hostile">
              <SafeText text={process.cwd} />
            </span>
          )}
          {process.startedAt !== null && (
            <span className="text-muted">{text.since(formatDateTime(Date.parse(process.startedAt)))}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
