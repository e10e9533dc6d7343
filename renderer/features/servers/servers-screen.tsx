import { FileInput, Plus, Server as ServerIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ServerView } from '../../../shared/model/server.ts';
import { type Command, useCommands } from '../../lib/commands.ts';
import { useResource } from '../../lib/hub-context.tsx';
import { formatRoute, navigate, type ServerViewName } from '../../lib/route.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { StatusDot } from '../../ui/status-dot.tsx';
import { TabLinks } from '../../ui/tab-links.tsx';
import { AddServerDialog } from './add-server-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ServerDetail } from './server-detail.tsx';
import { SharingView } from './sharing-view.tsx';
import { STATE_TONES } from './state-tones.ts';

const text = messages.servers;

interface ServersScreenProps {
  selected: string | null;
  view: ServerViewName | null;
}

/** The catalog: every server with its state, and the chosen one in full; or what sharing them would save. */
export function ServersScreen({ selected, view }: ServersScreenProps) {
  const { data: servers, error } = useResource('servers');
  const [dialog, setDialog] = useState<'add' | 'import' | null>(null);
  const isSharing = selected === null && view === 'sharing';
  const current = servers?.find(({ name }) => name === selected) ?? null;
  const shown = selected === null ? (servers?.[0] ?? null) : current;
  useServerCommands(servers, shown, setDialog);
  return (
    <Screen
      title={text.title}
      controls={
        <>
          <TabLinks
            label={text.tabs.label}
            tabs={[
              { label: text.tabs.catalog, route: { screen: 'servers', server: null }, isCurrent: !isSharing },
              {
                label: text.tabs.sharing,
                route: { screen: 'servers', server: null, view: 'sharing' },
                isCurrent: isSharing,
              },
            ]}
          />
          <span className="text-xs text-muted">{servers && text.count(servers.length)}</span>
          <span className="flex-1" />
          <Button
            variant="quiet"
            icon={<FileInput aria-hidden="true" className="size-3.5" />}
            onClick={() => setDialog('import')}
          >
            {messages.serverSettings.import.open}
          </Button>
          <Button icon={<Plus aria-hidden="true" className="size-3.5" />} onClick={() => setDialog('add')}>
            {text.add}
          </Button>
        </>
      }
    >
      {isSharing ? (
        <SharingView />
      ) : (
        <>
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
              actions={
                <>
                  <Button onClick={() => setDialog('add')}>{text.add}</Button>
                  <Button onClick={() => setDialog('import')}>{messages.serverSettings.import.open}</Button>
                </>
              }
            >
              {text.empty}
            </EmptyState>
          )}
          {servers && servers.length > 0 && (
            <div className="flex h-full min-h-0">
              <ServerList servers={servers} current={shown?.name ?? null} />
              <div className="min-w-0 flex-1">
                {shown ? (
                  <ServerDetail key={shown.name} server={shown} view={view} />
                ) : (
                  <EmptyState icon={<ServerIcon />} title={text.notFound}>
                    {text.choose}
                  </EmptyState>
                )}
              </div>
            </div>
          )}
        </>
      )}
      <AddServerDialog
        isOpen={dialog === 'add'}
        onClose={() => setDialog(null)}
        takenNames={servers?.map(({ name }) => name) ?? []}
      />
      <ImportDialog isOpen={dialog === 'import'} onClose={() => setDialog(null)} />
    </Screen>
  );
}

/** What can be done here, for the palette and the keyboard. */
function useServerCommands(
  servers: readonly ServerView[] | null,
  shown: ServerView | null,
  open: (dialog: 'add' | 'import') => void,
): void {
  const names = servers?.map(({ name }) => name).join('\n') ?? '';
  const current = shown?.name ?? null;
  useCommands(
    useMemo((): Command[] => {
      const { group, commands } = text;
      const go = (server: string | null, view?: ServerViewName) => () =>
        navigate({ screen: 'servers', server, ...(view && { view }) });
      const list = names === '' ? [] : names.split('\n');
      const step = (distance: 1 | -1): void => {
        const next = list[list.indexOf(current ?? '') + distance];
        if (next !== undefined) go(next)();
      };
      return [
        { id: 'servers.add', label: text.add, group, keys: 'n', run: () => open('add') },
        {
          id: 'servers.import',
          label: messages.serverSettings.import.title,
          group,
          run: () => open('import'),
        },
        { id: 'servers.sharing', label: commands.sharing, group, run: go(null, 'sharing') },
        { id: 'servers.next', label: commands.next, group, keys: 'j', isKeyOnly: true, run: () => step(1) },
        {
          id: 'servers.previous',
          label: commands.previous,
          group,
          keys: 'k',
          isKeyOnly: true,
          run: () => step(-1),
        },
        ...(current === null
          ? []
          : [
              { id: 'servers.overview', label: commands.overview(current), group, run: go(current) },
              { id: 'servers.tools', label: commands.tools(current), group, run: go(current, 'tools') },
              {
                id: 'servers.settings',
                label: commands.settings(current),
                group,
                run: go(current, 'settings'),
              },
            ]),
        ...list.map((name) => ({ id: `servers.go.${name}`, label: commands.go(name), group, run: go(name) })),
      ];
      // `open` is a state setter.
    }, [names, current, open]),
  );
}

function ServerList({ servers, current }: { servers: readonly ServerView[]; current: string | null }) {
  const { data: findings } = useResource('tools');
  const changesOf = (name: string): number => findings?.find(({ server }) => server === name)?.count ?? 0;
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
                {changesOf(server.name) > 0 && (
                  <span className="ml-auto">
                    <Badge tone="warn">{messages.serverTools.changes.badge(changesOf(server.name))}</Badge>
                  </span>
                )}
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
