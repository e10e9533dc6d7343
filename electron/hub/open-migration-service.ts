import { createClientRegistry } from './clients/registry.ts';
import { listProcesses } from './clients/list-processes.ts';
import { createMigrationService } from './migration/create-migration-service.ts';
import type { MigrationDeps, MigrationService } from './migration/migration-service.ts';
import { createWitness } from './witness/create-witness.ts';

/** The migration engine over the real clients, processes and servers of this machine. */
export function openMigrationService(deps: MigrationDeps & { version: string }): MigrationService {
  return createMigrationService({
    ...deps,
    adapters: createClientRegistry().all,
    listProcesses: () => listProcesses(deps.platform),
    witness: createWitness({ bypassNotes: deps.data.bypassNotes, version: deps.version }),
  });
}
