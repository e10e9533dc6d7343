import type { ServerImport } from '../../../shared/model/server-change.ts';
import { joinCommandLine } from '../../lib/command-line.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TableFrame } from '../../ui/table-frame.tsx';

const text = messages.serverSettings.import;
type Imported = ServerImport['servers'][number];

/** What an import would do, server by server, with everything a person should look at before. */
export function ImportPreview({ plan: { format, servers, passedOver } }: { plan: ServerImport }) {
  const added = servers.filter(({ action }) => action === 'add').length;
  return (
    <>
      <p role="status">
        <SafeText text={text.format(format)} />{' '}
        {text.summary(added, servers.length - added, passedOver.length)}.
      </p>
      {servers.length > 0 && (
        <TableFrame label={text.table}>
          <thead>
            <tr>
              <th scope="col">{text.columns.action}</th>
              <th scope="col">{text.columns.name}</th>
              <th scope="col">{text.columns.launch}</th>
            </tr>
          </thead>
          <tbody>
            {servers.map((server) => (
              <Row key={`${server.place}\n${server.name}`} server={server} />
            ))}
          </tbody>
        </TableFrame>
      )}
      {passedOver.length > 0 && (
        <section aria-label={text.passedOver} className="text-xs">
          <h3 className="font-semibold">{text.passedOver}</h3>
          <ul>
            {passedOver.map(({ name, reason }, index) => (
              <li key={index} className="text-hostile">
                <SafeText text={name} />
                <span className="text-muted">
                  {': '}
                  <SafeText text={reason} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Row({ server }: { server: Imported }) {
  const { action, name, enabled, launch, secretsInClear, warnings, notes } = server;
  return (
    <tr className="align-top">
      <td>
        {action === 'duplicate' ? (
          <Badge>{text.duplicate}</Badge>
        ) : (
          <Badge tone={enabled ? 'good' : 'warn'}>{enabled ? text.add : text.addOff}</Badge>
        )}
      </td>
      <td className="font-medium text-hostile">
        <SafeText text={name} />
        {server.server !== name && (
          <span className="block font-normal whitespace-nowrap text-muted">
            <SafeText text={action === 'duplicate' ? text.sameAs(server.server) : text.as(server.server)} />
          </span>
        )}
      </td>
      <td className="w-full">
        <code className="block font-mono text-2xs leading-4 text-hostile">
          <LongText text={joinCommandLine(launch)} />
        </code>
        {secretsInClear > 0 && <Remark tone="text-warn">{text.secrets(secretsInClear)}</Remark>}
        {warnings.map((warning) => (
          <Remark key={warning} tone="text-warn">
            {warning}
          </Remark>
        ))}
        {notes.map((note) => (
          <Remark key={note} tone="text-muted">
            {note}
          </Remark>
        ))}
      </td>
    </tr>
  );
}

const Remark = ({ tone, children }: { tone: string; children: string }) => (
  <span className={`block text-hostile ${tone}`}>
    <SafeText text={children} />
  </span>
);
