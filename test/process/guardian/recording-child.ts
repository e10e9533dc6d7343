import { dataFolder } from '../../../electron/hub/data-folder.ts';
import { nodeFiles } from '../../../electron/hub/files/node-files.ts';
import { nodeStorage } from '../../../electron/hub/files/storage.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import type { Engine } from '../../../electron/hub/migration/engine.ts';
import { createTimeMachine } from '../../../electron/hub/time-machine/time-machine.ts';
import { testAdapter } from '../../unit/migration/engine-fixture.ts';
import { faultyFiles } from '../../unit/migration/faulty-files.ts';

/**
 * A program that records versions on the real disk: CONFIG DATA KILL-AT. At its KILL-AT-th file-system call it kills
 * itself with SIGKILL; with 0 it says how many calls there were.
 */
const [config, dataRoot, killAt] = process.argv.slice(2) as [string, string, string];

const { files, calls } = faultyFiles(nodeFiles, { kind: 'sigkill', at: Number(killAt) });
const adapter = testAdapter('claude-code', config);
const engine: Engine = {
  data: dataFolder(dataRoot),
  platform: { os: 'linux', home: '/', env: {} },
  shim: { command: '/usr/bin/node', args: ['/data/shim/shim.cjs'], env: {} },
  logger: silentLogger,
  installShim: async () => {},
  adapters: [adapter],
  listProcesses: async () => [],
  witness: { probe: async () => [], compare: () => [] },
  storage: { ...nodeStorage('linux'), files },
};
const timeMachine = createTimeMachine(engine);
const [file] = adapter.configFiles(engine.platform);
for (const round of [1, 2, 3]) {
  await timeMachine.see({
    file: file!,
    bytes: Buffer.from(`{"round": ${round}, "rest": "${'x'.repeat(20_000)}"}`),
  });
}
process.stdout.write(`calls ${calls.length}\n`);
