import { withDataLock } from '../../electron/hub/files/data-lock.ts';
import { openSecretStore } from '../../electron/hub/secrets/secret-store.ts';
import { editCatalogFile } from '../../electron/hub/servers/edit-catalog-file.ts';
import type { RealEngine } from './real-engine.ts';

/** Every way in which the product writes a file that a person would miss. */
export const OPERATIONS = {
  migrate: async ({ service }: RealEngine) => {
    for await (const _progress of service.apply({ witness: false }));
  },
  rollback: async ({ service }: RealEngine) => {
    await service.rollback({ dryRun: false });
  },
  recover: async ({ service }: RealEngine) => {
    await service.recover();
  },
  'edit-catalog': async ({ storage, data }: RealEngine) => {
    const add = new Map([['added', { command: 'npx', args: ['-y', 'added'] }]]);
    await withDataLock(storage, data, 'a test', () =>
      editCatalogFile(storage, data, { add, remove: ['old'] }),
    );
  },
  'set-secret': async ({ storage, data }: RealEngine) => {
    await openSecretStore({ storage, data, env: {} }).set('github', 'a new value');
  },
} as const;
export type OperationName = keyof typeof OPERATIONS;
