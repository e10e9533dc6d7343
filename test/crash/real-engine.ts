import { createClientRegistry } from '../../electron/hub/clients/registry.ts';
import { dataFolder, type DataFolder } from '../../electron/hub/data-folder.ts';
import { nodeStorage, type Storage } from '../../electron/hub/files/storage.ts';
import { silentLogger } from '../../electron/hub/log.ts';
import { createMigrationService } from '../../electron/hub/migration/create-migration-service.ts';
import type { MigrationService } from '../../electron/hub/migration/migration-service.ts';
import type { ClientId } from '../../shared/model/client.ts';

/** A home and a data folder on the real disk. */
export interface Place {
  home: string;
  dataRoot: string;
}

export interface RealEngine {
  service: MigrationService;
  storage: Storage;
  data: DataFolder;
}

/**
 * The migration engine as the product has it, real adapters and files included, but for what would make two runs
 * differ or wait: names come from a counter that starts at `firstToken`, and nobody else holds locks for long.
 */
export function realEngine({ home, dataRoot }: Place, client: ClientId, firstToken: number): RealEngine {
  let token = firstToken;
  const storage: Storage = {
    ...nodeStorage('linux'),
    // Always the same, for names; and later than any lock of a client that a run left behind.
    now: () => Date.UTC(2100, 0, 1),
    token: () => (token += 1).toString(16).padStart(12, '0'),
    timing: { dataLockMs: 500, clientLockMs: 60, clientLockStaleMs: 15_000, renameMs: 0, pollMs: 10 },
  };
  const data = dataFolder(dataRoot);
  const service = createMigrationService({
    data,
    platform: { os: 'linux', home, env: { HOME: home } },
    shim: { command: '/usr/bin/node', args: ['/opt/patchbay/shim.cjs'], env: {} },
    logger: silentLogger,
    installShim: async () => {},
    adapters: [createClientRegistry().get(client)],
    listProcesses: async () => [],
    witness: { probe: async () => [], compare: () => [] },
    storage,
  });
  return { service, storage, data };
}
