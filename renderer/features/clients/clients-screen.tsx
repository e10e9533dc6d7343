import { MonitorSmartphone, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useHub, useResource } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Screen, ScrollingBody } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { DemoButton } from '../setup/demo-button.tsx';
import { CheckDialog } from './check-dialog.tsx';
import { ClientCard } from './client-card.tsx';
import { MigrationHistory } from './migration-history.tsx';
import { RollbackDialog, type RollbackTarget } from './rollback-dialog.tsx';

const text = messages.clients;

/** The AI clients of this machine, how they are routed, and the way back. */
export function ClientsScreen() {
  const { data: hub } = useHub();
  const { data: clients, error } = useResource('clients');
  const { data: history } = useResource('history');
  const [rollback, setRollback] = useState<RollbackTarget | null>(null);
  const [checking, setChecking] = useState<string | null>(null);

  // Processes come and go without an event; whoever opens or returns to this screen wants today's picture.
  useEffect(() => {
    const refresh = (): void => hub.refresh('clients');
    refresh();
    window.addEventListener('focus', refresh);
    return () => window.removeEventListener('focus', refresh);
  }, [hub]);

  const isAnyRouted = clients?.some((client) =>
    client.configs.some((config) => config.entries.some((entry) => entry.routed)),
  );
  const isAnyFound = clients?.some(
    (client) => client.installed || client.configs.some((config) => config.entries.length > 0),
  );
  return (
    <Screen
      title={text.title}
      controls={
        <>
          <span className="flex-1" />
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
        {clients?.map((client) => (
          <ClientCard
            key={client.id}
            client={client}
            onRollBack={() => setRollback({ kind: 'client', client: client.id })}
            onCheck={() => setChecking(client.id)}
          />
        ))}
        {history && (
          <MigrationHistory
            history={history}
            onRollBack={(id) => setRollback({ kind: 'migration', migration: id })}
          />
        )}
      </ScrollingBody>
      <RollbackDialog target={rollback} onClose={() => setRollback(null)} />
      <CheckDialog
        client={clients?.find(({ id }) => id === checking) ?? null}
        onClose={() => setChecking(null)}
      />
    </Screen>
  );
}
