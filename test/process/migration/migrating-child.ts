import { dataFolder } from '../../../electron/hub/data-folder.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import { createMigrationService } from '../../../electron/hub/migration/create-migration-service.ts';
import { nodeFiles } from '../../../electron/hub/files/node-files.ts';
import { nodeStorage } from '../../../electron/hub/files/storage.ts';
import { testAdapter } from '../../unit/migration/engine-fixture.ts';
import { faultyFiles } from '../../unit/migration/faulty-files.ts';

/**
 * A program that migrates or rolls back on the real disk: CONFIG DATA OPERATION KILL-AT. At its KILL-AT-th
 * file-system call it kills itself with SIGKILL; `hold` keeps the lock until its stdin ends.
 */
const [config, dataRoot, operation, killAt] = process.argv.slice(2) as [string, string, string, string];

const { files, calls } = faultyFiles(nodeFiles, { kind: 'sigkill', at: Number(killAt) });
const service = createMigrationService({
  data: dataFolder(dataRoot),
  platform: { os: 'linux', home: '/', env: {} },
  shim: { command: '/usr/bin/node', args: ['/data/shim/shim.cjs'], env: {} },
  logger: silentLogger,
  installShim: async () => {
    if (operation !== 'hold') return;
    process.stdout.write('holding\n');
    await new Promise((resolve) => process.stdin.once('end', resolve).resume());
  },
  adapters: [testAdapter('claude-code', config)],
  listProcesses: async () => [],
  witness: { probe: async () => [], compare: () => [] },
  storage: { ...nodeStorage('linux'), files },
});

if (operation === 'rollback') await service.rollback({ dryRun: false });
else for await (const _progress of service.apply({ witness: false }));
process.stdout.write(`calls ${calls.length}\n`);
