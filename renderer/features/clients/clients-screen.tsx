import { History, MonitorSmartphone, Undo2 } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { HistoryItem } from '../../../shared/model/migration.ts';
import { type Command, useCommands } from '../../lib/commands.ts';
import { useHub, useResource } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Screen, ScrollingBody } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { DemoButton } from '../setup/demo-button.tsx';
import { CheckDialog } from './check-dialog.tsx';
import { ClientCard } from './client-card.tsx';
import { ConfigWriteDialog, type WriteTarget } from './config-write-dialog.tsx';
import { Findings, FINDINGS_ID } from './findings.tsx';
import { MigrationHistory } from './migration-history.tsx';
import { ReportDialog } from './report-dialog.tsx';
import { RollbackDialog, type RollbackTarget } from './rollback-dialog.tsx';

const text = messages.clients;

/** The AI clients of this machine, how they are routed, what happened to that since, and the way back. */
export function ClientsScreen() {
  const { data: hub } = useHub();
  const { data: clients, error } = useResource('clients');
  const { data: history } = useResource('history');
  const [rollback, setRollback] = useState<RollbackTarget | null>(null);
  const { data: findings } = useResource('guardian');
  const [checking, setChecking] = useState<string | null>(null);
  const [writing, setWriting] = useState<WriteTarget | null>(null);
  const [report, setReport] = useState<HistoryItem | null>(null);

  // Processes come and go without an event; whoever opens or returns to this screen wants today's picture.
  useEffect(() => {
    const refresh = (): void => hub.refresh('clients');
    refresh();
    window.addEventListener('focus', refresh);
    return () => window.removeEventListener('focus', refresh);
  }, [hub]);

  const isAnyRouted =
    clients?.some((client) =>
      client.configs.some((config) => config.entries.some((entry) => entry.routed)),
    ) ?? false;
  const openFindings = findings?.filter(({ state }) => state === 'open') ?? [];
  useClientCommands({
    canRollBack: isAnyRouted,
    hasFindings: (findings?.length ?? 0) > 0,
    onRollBack: setRollback,
  });
  const isAnyFound = clients?.some(
    (client) => client.installed || client.configs.some((config) => config.entries.length > 0),
  );
  return (
    <Screen
      title={text.title}
      controls={
        <>
          <span className="flex-1" />
          <Button
            icon={<History aria-hidden="true" className="size-3.5" />}
            onClick={() => navigate({ screen: 'clients', config: '' })}
          >
            {text.timeMachine.title}
          </Button>
          {isAnyRouted && (
            <Button
              icon={<Undo2 aria-hidden="true" className="size-3.5" />}
              onClick={() => setRollback({ kind: 'all' })}
            >
              {text.rollBackAll}
            </Button>
          )}
        </>
      }
    >
      <ScrollingBody label={text.title}>
        {error && <ErrorNotice error={error} />}
        {!clients && !error && <Spinner label={messages.common.loading} />}
        {clients && !isAnyFound && (
          <EmptyState icon={<MonitorSmartphone />} title={text.emptyTitle} actions={<DemoButton />}>
            {text.empty}
          </EmptyState>
        )}
        {findings && <Findings findings={findings} onWrite={setWriting} />}
        {clients?.map((client) => (
          <ClientCard
            key={client.id}
            client={client}
            openFindings={openFindings.filter((finding) => finding.client === client.id).length}
            onRollBack={() => setRollback({ kind: 'client', client: client.id })}
            onCheck={() => setChecking(client.id)}
          />
        ))}
        {history && (
          <MigrationHistory
            history={history}
            onRollBack={(id) => setRollback({ kind: 'migration', migration: id })}
            onReport={setReport}
          />
        )}
      </ScrollingBody>
      <RollbackDialog target={rollback} onClose={() => setRollback(null)} />
      <ConfigWriteDialog target={writing} onClose={() => setWriting(null)} />
      <ReportDialog item={report} onClose={() => setReport(null)} />
      <CheckDialog
        client={clients?.find(({ id }) => id === checking) ?? null}
        onClose={() => setChecking(null)}
      />
    </Screen>
  );
}

interface ClientCommands {
  canRollBack: boolean;
  hasFindings: boolean;
  onRollBack(target: RollbackTarget): void;
}

function useClientCommands({ canRollBack, hasFindings, onRollBack }: ClientCommands): void {
  const words = text.commands;
  useCommands(
    useMemo(
      (): Command[] => [
        {
          id: 'clients.versions',
          label: words.versions,
          group: words.group,
          keys: 'v',
          run: () => navigate({ screen: 'clients', config: '' }),
        },
        ...(canRollBack
          ? [
              {
                id: 'clients.rollback',
                label: words.rollBackAll,
                group: words.group,
                run: () => onRollBack({ kind: 'all' }),
              },
            ]
          : []),
        ...(hasFindings
          ? [
              {
                id: 'clients.findings',
                label: words.findings,
                group: words.group,
                keys: 'f',
                run: () => document.getElementById(FINDINGS_ID)?.focus(),
              },
            ]
          : []),
      ],
      [canRollBack, hasFindings, onRollBack, words],
    ),
  );
}
