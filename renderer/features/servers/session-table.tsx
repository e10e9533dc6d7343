import { useState } from 'react';
import type { ServerView } from '../../../shared/model/server.ts';
import type { SessionView } from '../../../shared/model/session.ts';
import { formatAgo, formatCount, formatDateTime } from '../../lib/format.ts';
import { useHub, useResource } from '../../lib/hub-context.tsx';
import { useAction } from '../../lib/use-action.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TableFrame } from '../../ui/table-frame.tsx';
import { sessionsOf } from './session-holders.ts';

const text = messages.servers;

/** Who is connected to this server now, and how to end it. */
export function SessionTable({ server }: { server: ServerView }) {
  const { data } = useHub();
  const { data: all, error } = useResource('sessions');
  const action = useAction();
  const [leaving, setLeaving] = useState<SessionView | null>(null);
  const sessions = all && sessionsOf(server, all);
  const clientOf = ({ client }: SessionView): string => messages.client[client] ?? client;

  const end = async ({ id }: SessionView): Promise<void> => {
    if (await action.run((client) => client.sessions.end({ id }))) data.refresh('sessions');
  };

  return (
    <section aria-label={text.sessions}>
      <h3 className="mb-1 font-semibold">{text.sessions}</h3>
      {error && <ErrorNotice error={error} />}
      {action.error && <ErrorNotice error={action.error} className="mb-1" />}
      {sessions?.length === 0 && <p className="text-xs text-muted">{text.noSessions}</p>}
      {sessions && sessions.length > 0 && (
        <TableFrame label={text.sessions}>
          <thead>
            <tr>
              <th scope="col">{text.columns.client}</th>
              <th scope="col">{text.columns.cwd}</th>
              <th scope="col">{text.columns.transport}</th>
              <th scope="col">{text.columns.era}</th>
              <th scope="col">{text.columns.since}</th>
              <th scope="col" className="text-right">
                {text.columns.resumed}
              </th>
              <th scope="col">
                <span className="sr-only">{text.columns.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <tr key={session.id}>
                <td className="whitespace-nowrap">
                  <SafeText text={clientOf(session)} />
                </td>
                <td className="font-mono text-2xs text-hostile">
                  <SafeText text={session.cwd ?? messages.common.none} />
                </td>
                <td className="text-muted">{session.transport}</td>
                <td className="whitespace-nowrap text-muted">{session.era ?? text.unknownEra}</td>
                <td className="whitespace-nowrap text-muted" title={formatDateTime(session.openedAt)}>
                  {formatAgo(session.openedAt, Date.now())}
                </td>
                <td className="text-right">{formatCount(session.resumed)}</td>
                <td className="text-right">
                  <Button
                    variant="quiet"
                    disabled={action.isBusy}
                    aria-label={text.endSessionOf(clientOf(session), session.id)}
                    onClick={() => setLeaving(session)}
                  >
                    {text.endSession}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </TableFrame>
      )}
      <ConfirmDialog
        target={leaving}
        question={(session) => ({
          title: text.endSessionTitle(clientOf(session)),
          body: text.endSessionBody,
          confirm: text.endSessionConfirm,
        })}
        onClose={() => setLeaving(null)}
        onConfirm={(session) => void end(session)}
      />
    </section>
  );
}
