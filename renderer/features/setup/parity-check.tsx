import type { ClientId } from '../../../shared/model/client.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { ParitySummary } from './parity-summary.tsx';
import { ParityTable } from './parity-table.tsx';

/** Compares the routed servers of these clients (none named: of all) with their originals now; changes nothing. */
export function ParityCheck({ clients }: { clients: readonly ClientId[] }) {
  const { data, error, isLoading } = useHubQuery(clients.join(' '), (hub, signal) =>
    hub.migration.verify(clients.length > 0 ? { clients: [...clients] } : {}, { signal }),
  );
  return (
    <div className="flex flex-col gap-3">
      {isLoading && <Spinner label={messages.clients.checking} />}
      {error && <ErrorNotice error={error} />}
      {data && (
        <>
          <ParitySummary rows={data.parity} />
          <ParityTable rows={data.parity} />
        </>
      )}
    </div>
  );
}
