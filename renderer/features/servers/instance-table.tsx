import type { ServerView } from '../../../shared/model/server.ts';
import { formatAgo, formatBytes } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.servers;

/** The live processes of one server. */
export function InstanceTable({ instances }: { instances: ServerView['instances'] }) {
  return (
    <section aria-label={text.instances}>
      <h3 className="mb-1 font-semibold">{text.instances}</h3>
      {instances.length === 0 ? (
        <p className="text-xs text-muted">{text.noInstances}</p>
      ) : (
        <div className="overflow-x-auto rounded-md border border-line">
          <table className="w-full border-collapse text-xs">
            <thead>
              <tr className="h-7 bg-canvas text-left text-2xs text-muted [&>th]:px-2.5 [&>th]:font-medium">
                <th scope="col">{text.columns.pid}</th>
                <th scope="col">{text.columns.client}</th>
                <th scope="col">{text.columns.cwd}</th>
                <th scope="col" className="text-right">
                  {text.columns.memory}
                </th>
                <th scope="col">{text.columns.since}</th>
                <th scope="col">{text.columns.state}</th>
              </tr>
            </thead>
            <tbody>
              {instances.map((instance) => (
                <tr
                  key={instance.id}
                  className="h-7 border-t border-line align-baseline [&>td]:px-2.5 [&>td]:py-1"
                >
                  <td>{instance.pid ?? messages.common.none}</td>
                  <td className="whitespace-nowrap">{messages.client[instance.client] ?? instance.client}</td>
                  <td className="font-mono text-2xs text-hostile">
                    <SafeText text={instance.cwd} />
                  </td>
                  <td className="text-right whitespace-nowrap">
                    {instance.rssBytes === null ? messages.common.none : formatBytes(instance.rssBytes)}
                  </td>
                  <td className="whitespace-nowrap text-muted">
                    {formatAgo(instance.startedAt, Date.now())}
                  </td>
                  <td className="text-muted">{text.instanceState[instance.state]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
