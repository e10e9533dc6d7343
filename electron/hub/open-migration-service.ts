import type { SessionView } from '../../shared/model/session.ts';
import { createClientRegistry } from './clients/registry.ts';
import { listProcesses } from './clients/list-processes.ts';
import { systemPropertyLists } from './clients/mac-preferences.ts';
import { systemRegistry } from './clients/windows-policies.ts';
import { createMigrationService } from './migration/create-migration-service.ts';
import type { MigrationDeps, MigrationService } from './migration/migration-service.ts';
import { createArrivals, type ClientArrivals } from './migration/settle/client-arrivals.ts';
import { createWitness } from './witness/create-witness.ts';

/** The migration engine over the real clients, processes and servers of this machine. */
export function openMigrationService(deps: MigrationDeps & { version: string }): MigrationService {
  return createMigrationService({
    ...deps,
    adapters: createClientRegistry().all,
    listProcesses: () => listProcesses(deps.platform),
    readRegistry: systemRegistry(deps.platform),
    readPropertyList: systemPropertyLists(deps.platform),
    witness: createWitness({ bypassNotes: deps.data.bypassNotes, version: deps.version }),
  });
}

/** Arrivals at the hub whose conversations `connected` lists; it gives null where no hub answers. */
export const arrivalsAt = (connected: () => Promise<readonly SessionView[] | null>): ClientArrivals =>
  createArrivals({
    connected,
    now: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
