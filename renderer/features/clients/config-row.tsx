import { History } from 'lucide-react';
import type { ConfigView } from '../../../shared/model/client.ts';
import { formatRoute } from '../../lib/route.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.clients;

/** One place where a client declares servers: its file, its entries, and the way to its versions. */
export function ConfigRow({ config }: { config: ConfigView }) {
  return (
    <li>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-mono text-2xs leading-[1.125rem] text-hostile">
          <SafeText text={config.path} />
        </span>
        <span className="text-muted">
          {messages.scope[config.scope]}
          {config.project !== undefined && (
            <>
              {': '}
              <SafeText text={config.project} />
            </>
          )}
        </span>
        {!config.exists && <span className="text-muted">({text.missingFile})</span>}
        {config.live === false && <span className="text-muted">({text.hidden})</span>}
        {config.scope === 'user' && (
          <a
            href={formatRoute({ screen: 'clients', config: config.path })}
            aria-label={text.showVersions(config.path)}
            title={text.showVersions(config.path)}
            className="self-center rounded-sm text-muted hover:text-ink"
          >
            <History aria-hidden="true" className="size-3.5" />
          </a>
        )}
      </p>
      {config.error !== undefined && (
        <Notice tone="warn" className="mt-1">
          <SafeText text={config.error} />
        </Notice>
      )}
      {config.entries.length > 0 && (
        <ul className="mt-1 flex flex-wrap gap-1.5">
          {config.entries.map((entry) => (
            <li
              key={entry.name}
              className="inline-flex max-w-full items-center gap-1.5 rounded-md border border-line py-0.5 pr-0.5 pl-2"
            >
              <span className="truncate">
                <SafeText text={oneLine(entry.name, 60)} />
              </span>
              <EntryBadge entry={entry} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function EntryBadge({ entry }: { entry: ConfigView['entries'][number] }) {
  if (entry.routed) return <Badge tone="accent">{text.entry.routed}</Badge>;
  if (entry.transport === 'stdio') return <Badge>{text.entry.direct}</Badge>;
  return <Badge>{`${text.transport[entry.transport]}, ${text.entry.left}`}</Badge>;
}
