import type { ServerSource } from '../../../shared/model/client.ts';
import { formatList } from '../../lib/format.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { SafeText } from '../../ui/safe-text.tsx';

/** Servers a client has from elsewhere: shown, and left alone. */
export function ClientSources({ sources }: { sources: readonly ServerSource[] }) {
  return (
    <ul className="flex flex-col gap-0.5">
      {sources.map((source, index) => (
        <li key={index} className="text-hostile">
          <span className="font-medium">
            <SafeText text={oneLine(source.name, 60)} />
          </span>{' '}
          <span className="text-muted">
            {`(${messages.setup.found.source[source.kind]}${source.enabled === false ? `, ${messages.clients.sourceOff}` : ''}) `}
            {source.servers.length > 0 && (
              <SafeText text={`${formatList(source.servers.map((name) => oneLine(name, 60)))}. `} />
            )}
            <SafeText text={source.note} />
          </span>
        </li>
      ))}
    </ul>
  );
}
