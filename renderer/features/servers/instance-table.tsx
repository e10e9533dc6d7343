import type { ServerView } from '../../../shared/model/server.ts';
import { formatAgo, formatBytes, formatDateTime, formatShare } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { TableFrame } from '../../ui/table-frame.tsx';

const text = messages.servers;

/** The live processes of one server; of a remote one its connections, which have neither pid nor memory here. */
export function InstanceTable({ server: { instances, transport } }: { server: ServerView }) {
  const isLocal = transport === 'stdio';
  const title = isLocal ? text.instances : text.connections;
  const known = instances.flatMap(({ rssBytes }) => (rssBytes === null ? [] : [rssBytes]));
  return (
    <section aria-label={title}>
      <h3 className="mb-1 font-semibold">
        {title}
        {known.length > 1 && (
          <span className="ml-2 text-xs font-normal text-muted">
            {text.memoryOfAll(known.reduce((sum, bytes) => sum + bytes, 0))}
          </span>
        )}
      </h3>
      {instances.length === 0 ? (
        <p className="text-xs text-muted">{isLocal ? text.noInstances : text.noConnections}</p>
      ) : (
        <TableFrame label={title}>
          <thead>
            <tr>
              {isLocal && <th scope="col">{text.columns.pid}</th>}
              <th scope="col">{text.columns.client}</th>
              {isLocal && (
                <>
                  <th scope="col">{text.columns.cwd}</th>
                  <th scope="col" className="text-right">
                    {text.columns.memory}
                  </th>
                  <th scope="col" className="text-right">
                    {text.columns.cpu}
                  </th>
                </>
              )}
              <th scope="col">{text.columns.since}</th>
              <th scope="col">{text.columns.state}</th>
            </tr>
          </thead>
          <tbody>
            {instances.map((instance) => (
              <tr key={instance.id}>
                {isLocal && <td>{instance.pid ?? messages.common.none}</td>}
                <td className="whitespace-nowrap">{messages.client[instance.client] ?? instance.client}</td>
                {isLocal && (
                  <>
                    <td className="font-mono text-2xs text-hostile">
                      <SafeText text={instance.cwd} />
                    </td>
                    <td className="text-right whitespace-nowrap">
                      {instance.rssBytes === null ? messages.common.none : formatBytes(instance.rssBytes)}
                    </td>
                    <td className="text-right whitespace-nowrap">
                      {instance.cpuPercent === null
                        ? messages.common.none
                        : formatShare(instance.cpuPercent / 100)}
                    </td>
                  </>
                )}
                <td className="whitespace-nowrap text-muted" title={formatDateTime(instance.startedAt)}>
                  {formatAgo(instance.startedAt, Date.now())}
                </td>
                <td className="text-muted">{text.instanceState[instance.state]}</td>
              </tr>
            ))}
          </tbody>
        </TableFrame>
      )}
    </section>
  );
}
