import { CircleCheck } from 'lucide-react';
import type { ClientView, ConfigView, ServerSource } from '../../../shared/model/client.ts';
import { plural } from '../../lib/format.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { tallyOf } from './tally.ts';

const text = messages.setup.found;

interface FoundClientProps {
  client: ClientView;
  isChosen: boolean;
  onToggle(): void;
}

/** One client as it was found: whether it runs, its servers by file, and what it has from elsewhere. */
export function FoundClient({ client, isChosen, onToggle }: FoundClientProps) {
  const tally = tallyOf(client);
  const facts = [
    tally.toRoute > 0 && text.canRoute(tally.toRoute),
    tally.routed > 0 && text.already(tally.routed),
    tally.left > 0 && text.left(tally.left),
  ].filter((fact) => fact !== false);
  const withEntries = client.configs.filter(
    (config) => config.entries.length > 0 || config.error !== undefined,
  );
  const sources = client.sources ?? [];
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
      {(withEntries.length > 0 || sources.length > 0) && (
        <ul className="mt-2.5 flex flex-col gap-1.5 border-t border-line pt-2.5 pl-6.5 text-xs">
          {withEntries.map((config) => (
            <FoundConfig key={`${config.path}\n${config.scope}\n${config.project ?? ''}`} config={config} />
          ))}
          {sources.length > 0 && <Sources sources={sources} />}
        </ul>
      )}
    </li>
  );
}

function FoundConfig({ config }: { config: ConfigView }) {
  return (
    <li>
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
        {config.live === false && ` · ${text.hiddenFile}`}
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
  );
}

function Sources({ sources }: { sources: readonly ServerSource[] }) {
  return (
    <li>
      <p className="text-muted">{text.sources}</p>
      <ul>
        {sources.map((source, index) => (
          <li key={index} className="text-hostile">
            <span className="font-medium">
              <SafeText text={oneLine(source.name, 60)} />
            </span>{' '}
            <span className="text-muted">
              {`(${text.source[source.kind]}) `}
              <SafeText text={source.note} />
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}
