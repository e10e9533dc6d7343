// Claude Desktop cannot run on a test machine. What is tested here is our side of its habits, against a STAND-IN that
// has them: one read of its config, every server started twice, the file rewritten from memory.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectHub } from '../../electron/hub/api/connect-hub.ts';
import type { HubLink } from '../../electron/hub/api/hub-link.ts';
import { createClientRegistry } from '../../electron/hub/clients/registry.ts';
import { listProcesses } from '../../electron/hub/clients/list-processes.ts';
import { dataFolder, prepareDataFolder } from '../../electron/hub/data-folder.ts';
import type { Files } from '../../electron/hub/files/files.ts';
import { nodeFiles } from '../../electron/hub/files/node-files.ts';
import { nodeStorage } from '../../electron/hub/files/storage.ts';
import { silentLogger } from '../../electron/hub/log.ts';
import { createMigrationService } from '../../electron/hub/migration/create-migration-service.ts';
import type {
  ApplyOptions,
  ApplyResult,
  MigrationService,
} from '../../electron/hub/migration/migration-service.ts';
import { createArrivals } from '../../electron/hub/migration/settle/client-arrivals.ts';
import { createWitness } from '../../electron/hub/witness/create-witness.ts';
import { desktopStandIn, type DesktopStandIn } from '../support/desktop-client/desktop-stand-in.ts';
import { startHub, type RunningHub } from '../support/hub.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { fixtureServer, installShimFor } from '../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

let home: TemporaryHome;
let hub: RunningHub;
let link: HubLink;
let desktop: DesktopStandIn;
let original: string;

interface DesktopFile {
  mcpServers: Record<string, { command?: string; args?: string[] }>;
  preferences: Record<string, unknown>;
}
const readConfig = (): DesktopFile => JSON.parse(readFileSync(desktop.configFile, 'utf8')) as DesktopFile;

beforeEach(async () => {
  home = temporaryHome();
  hub = await startHub(home);
  link = (await connectHub(hub.socket))!;
  desktop = desktopStandIn(home);
  original = JSON.stringify({
    mcpServers: {
      echo: { command: process.execPath, args: [fixtureServer('echo-server')] },
      noisy: {
        command: process.execPath,
        args: [fixtureServer('noisy')],
        env: { API_TOKEN: 'not-a-real-one' },
      },
      web: { url: 'https://example.com/mcp' },
    },
    preferences: { sidebarMode: 'chat' },
  });
  mkdirSync(path.dirname(desktop.configFile), { recursive: true });
  writeFileSync(desktop.configFile, original, { mode: 0o600 });
});

afterEach(async () => {
  desktop.close();
  link.close();
  await hub.stop();
  try {
    await expectNothingLeft(home);
  } finally {
    home.dispose();
  }
});

function service(files: Files = nodeFiles): MigrationService {
  const data = dataFolder(home.dataDir);
  const platform = { os: process.platform, home: home.home, env: home.env };
  prepareDataFolder(data);
  const storage = { ...nodeStorage(platform.os), files };
  return createMigrationService({
    data,
    platform,
    logger: silentLogger,
    shim: { command: process.execPath, args: [data.shim], env: {} },
    installShim: async () => void installShimFor(home),
    adapters: createClientRegistry().all,
    listProcesses: () => listProcesses(platform),
    witness: createWitness({ bypassNotes: data.bypassNotes }),
    storage,
    arrivals: createArrivals({
      connected: () => link.api.sessions.list(),
      now: () => performance.now(),
      sleep: storage.sleep,
    }),
    restartTiming: { quitMs: 10_000, askMs: 1_000, arrivalMs: 5_000 },
  });
}

async function migrate(migration: MigrationService, options: Partial<ApplyOptions>): Promise<ApplyResult> {
  for await (const progress of migration.apply({ clients: ['claude-desktop'], witness: true, ...options })) {
    if (progress.type === 'result') return progress.result;
  }
  throw new Error('The migration ended without a result.');
}

describe.skipIf(process.platform !== 'linux')('A17: a client that writes its config from memory', () => {
  test('is not written under and not stopped without consent', async () => {
    const pid = await desktop.launch();
    await expect(migrate(service(), {})).rejects.toMatchObject({ code: 'CLIENT_RUNNING' });
    expect(readFileSync(desktop.configFile, 'utf8')).toBe(original);
    expect(desktop.events().filter(({ event }) => event === 'stopped')).toEqual([]);
    const [running] = (await service().clients()).filter(({ id }) => id === 'claude-desktop');
    expect(running!.running.map((found) => found.pid)).toEqual([pid]);
  });

  test('with consent: stopped, written, started as it was, seen at the hub, and its saves keep our entries', async () => {
    const first = await desktop.launch();
    const result = await migrate(service(), { restartClients: ['claude-desktop'] });
    expect(result.notes).toEqual([]);
    expect(result.state).toBe('applied');
    expect(
      result.parity.map(({ server, route, missing, changed }) => [server, route, missing, changed]),
    ).toEqual([
      ['echo', 'hub', [], []],
      ['noisy', 'hub', [], []],
    ]);

    const started = desktop.events().filter(({ event }) => event === 'started');
    expect(started.map(({ pid }) => pid)[0]).toBe(first);
    expect(started).toHaveLength(2);
    const [before, after] = started;
    expect(after).toEqual({ ...before, pid: after!.pid });
    const order = desktop.events().map(({ event }) => event);
    expect(order.indexOf('stopped')).toBeLessThan(order.lastIndexOf('started'));
    const tools = await desktop.until(
      ({ event, name, pid }) => event === 'tools' && name === 'echo' && pid === after!.pid,
    );
    expect(tools.tools).toContain('echo');

    await desktop.until(({ event, pid }) => event === 'saved' && pid === after!.pid);
    desktop.changeSetting(after!.pid);
    await expect.poll(() => readConfig().preferences.saves).toBe(1);
    const { mcpServers } = readConfig();
    expect(mcpServers.echo!.args).toContain(dataFolder(home.dataDir).shim);
    expect(mcpServers.web).toEqual({ url: 'https://example.com/mcp' });

    const report = JSON.parse(readFileSync(result.report!.json, 'utf8')) as { clients: object[] };
    expect(report.clients).toMatchObject([
      {
        outcome: 'migrated',
        restart: 'restarted',
        arrived: { seen: expect.arrayContaining(['echo', 'noisy']) },
      },
    ]);
    expect(statSync(result.report!.html).mode & 0o777).toBe(0o600);
    expect(readFileSync(result.report!.json, 'utf8')).not.toContain('not-a-real-one');
  });

  test('started by somebody in the middle, its wipe is noticed and nothing is lost', async () => {
    let pid: number | null = null;
    const result = await migrate(
      service({
        ...nodeFiles,
        async renameIfSame(from, to, condition) {
          // The latest moment there is: everything was checked, the new bytes are about to go in.
          if (to === desktop.configFile) pid ??= await desktop.launch();
          return await nodeFiles.renameIfSame(from, to, condition);
        },
      }),
      {},
    );
    await desktop.until(({ event }) => event === 'saved');
    expect(result.notes.join('\n')).toContain('was started by somebody else while its config was written');
    expect(result.notes.join('\n')).toContain('has written its config of before over the migrated one');
    expect(result.state).toBe('rolled-back');
    expect(readConfig()).toEqual(JSON.parse(original));
    expect(desktop.events().filter(({ event }) => event === 'stopped')).toEqual([]);
    await expect(service().verify({})).resolves.toEqual({ ok: true, parity: [] });
  });
});
