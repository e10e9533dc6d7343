import { Plus, Server as ServerIcon } from 'lucide-react';
import { useState } from 'react';
import type { ServerView } from '../../../shared/model/server.ts';
import { useResource } from '../../lib/hub-context.tsx';
import { formatRoute, type ServerViewName } from '../../lib/route.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { StatusDot } from '../../ui/status-dot.tsx';
import { AddServerDialog } from './add-server-dialog.tsx';
import { ServerDetail } from './server-detail.tsx';
import { STATE_TONES } from './state-tones.ts';

const text = messages.servers;

/** The catalog: every server with its state, and the chosen one in full. */
export function ServersScreen({ selected }: { selected: string | null; view: ServerViewName | null }) {
  const { data: servers, error } = useResource('servers');
  const [isAdding, setAdding] = useState(false);
  const current = servers?.find(({ name }) => name === selected) ?? null;
  const shown = selected === null ? (servers?.[0] ?? null) : current;
  return (
    <Screen
      title={text.title}
      controls={
        <>
          <span className="text-xs text-muted">{servers && text.count(servers.length)}</span>
          <span className="flex-1" />
          <Button icon={<Plus aria-hidden="true" className="size-3.5" />} onClick={() => setAdding(true)}>
            {text.add}
          </Button>
        </>
      }
    >
      {error && <ErrorNotice error={error} className="m-3" />}
      {!servers && !error && (
        <div className="grid h-full place-items-center">
          <Spinner label={messages.common.loading} />
        </div>
      )}
      {servers?.length === 0 && (
        <EmptyState
          icon={<ServerIcon />}
          title={text.emptyTitle}
          actions={<Button onClick={() => setAdding(true)}>{text.add}</Button>}
        >
          {text.empty}
        </EmptyState>
      )}
      {servers && servers.length > 0 && (
        <div className="flex h-full min-h-0">
          <ServerList servers={servers} current={shown?.name ?? null} />
          <div className="min-w-0 flex-1">
            {shown ? (
              <ServerDetail key={shown.name} server={shown} />
            ) : (
              <EmptyState icon={<ServerIcon />} title={text.notFound}>
                {text.choose}
              </EmptyState>
            )}
          </div>
        </div>
      )}
      <AddServerDialog
        isOpen={isAdding}
        onClose={() => setAdding(false)}
        takenNames={servers?.map(({ name }) => name) ?? []}
      />
    </Screen>
  );
}

function ServerList({ servers, current }: { servers: readonly ServerView[]; current: string | null }) {
  return (
    <nav
      aria-label={text.list}
      className="w-64 shrink-0 overflow-y-auto border-r border-line p-2 max-[1000px]:w-52"
    >
      <ul className="flex flex-col gap-px">
        {servers.map((server) => (
          <li key={server.name}>
            <a
              href={formatRoute({ screen: 'servers', server: server.name })}
              aria-current={server.name === current ? 'page' : undefined}
              className={classNames(
                'flex flex-col rounded-md px-2.5 py-1.5',
                server.name === current ? 'bg-active' : 'hover:bg-hover',
              )}
            >
              <span className="flex items-baseline gap-2">
                <span className="truncate font-medium">
                  <SafeText text={oneLine(server.name)} />
                </span>
                {server.errorsLastHour > 0 && (
                  <span className="ml-auto shrink-0 text-2xs text-danger">
                    {text.errorsShort(server.errorsLastHour)}
                  </span>
                )}
              </span>
              <span className="truncate text-xs text-muted">
                <StatusDot tone={STATE_TONES[server.state]}>
                  {text.shortState[server.state]}
                  {server.instances.length > 0 && `, ${text.processes(server.instances.length)}`}
                </StatusDot>
                {server.origin && ` · ${messages.client[server.origin.client] ?? server.origin.client}`}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
