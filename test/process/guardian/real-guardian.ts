import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { ClientId } from '../../../shared/model/client.ts';
import type { Finding } from '../../../shared/model/guardian.ts';
import { nodeStorage } from '../../../electron/hub/files/storage.ts';
import { createGuardian, type Guardian } from '../../../electron/hub/guardian/guardian.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import type { Engine } from '../../../electron/hub/migration/engine.ts';
import { createTimeMachine, type TimeMachine } from '../../../electron/hub/time-machine/time-machine.ts';
import { applyAll, engineFixture, FakeWitness, testAdapter } from '../../unit/migration/engine-fixture.ts';
import { realHome } from '../../unit/migration/real-home.ts';

/** The promise: whatever happens to a config is noticed within this time. */
export const NOTICED_MS = 5_000;

export const SERVERS = {
  files: { command: 'npx', args: ['-y', 'files-mcp'] },
  web: { command: 'web-mcp', env: { API_KEY: 'sk-not-a-real-one' } },
};

export interface RealGuardian {
  code: string;
  desktop: string;
  dataRoot: string;
  guardian: Guardian;
  timeMachine: TimeMachine;
  /** What listeners were told, in order. */
  told: Finding[];
  /** Programs that run, by client and pid. */
  running: Map<number, ClientId>;
  /** Resolves with the next finding that fits, told from now on or already; fails after 5 s. */
  finding(fits: (finding: Finding) => boolean): Promise<Finding>;
  rollback(): Promise<unknown>;
}

/** A guardian at work on a real disk, over two migrated clients. */
export async function realGuardian({ withDesktop = true } = {}): Promise<RealGuardian> {
  const { home, dataRoot, platform } = realHome();
  const code = path.join(home, '.claude.json');
  const desktop = path.join(home, '.config', 'Claude', 'claude_desktop_config.json');
  writeFileSync(code, `${JSON.stringify({ numStartups: 1, mcpServers: SERVERS }, null, 2)}\n`, {
    mode: 0o600,
  });
  if (withDesktop) {
    mkdirSync(path.dirname(desktop), { recursive: true });
    writeFileSync(desktop, JSON.stringify({ mcpServers: SERVERS, preferences: {} }, null, 2), {
      mode: 0o600,
    });
  }
  // The shim must be there, or it would be missed.
  const shim = { command: process.execPath, args: [path.join(home, 'shim.cjs')], env: {} };
  writeFileSync(shim.args[0]!, '');
  const running = new Map<number, ClientId>();
  const listProcesses: Engine['listProcesses'] = async () =>
    [...running].map(([pid, name]) => ({ pid, ppid: 1, name, path: '', cmd: '', startedAt: null }));
  const adapters = [testAdapter('claude-desktop', desktop, true), testAdapter('claude-code', code)];
  const storage = nodeStorage('linux');
  const { service, data } = engineFixture({
    files: storage.files,
    adapters,
    shim,
    platform,
    dataRoot,
    storage,
    listProcesses,
  });
  const engine: Engine = {
    data,
    platform,
    shim,
    logger: silentLogger,
    installShim: async () => {},
    adapters,
    listProcesses,
    witness: new FakeWitness(),
    storage,
  };
  const timeMachine = createTimeMachine(engine);
  const guardian = createGuardian(engine, timeMachine);
  onTestFinished(() => guardian.close());
  const told: Finding[] = [];
  const waiting = new Set<() => void>();
  guardian.onFinding((finding) => {
    told.push(finding);
    for (const wake of waiting) wake();
  });
  await guardian.start();
  await applyAll(service);
  await expect
    .poll(async () => (await timeMachine.list(code))[0]?.author)
    .toMatchObject({ action: 'migration' });
  if (withDesktop) {
    await expect
      .poll(async () => (await timeMachine.list(desktop))[0]?.author)
      .toMatchObject({ action: 'migration' });
  }
  // What stands there is agreed to once it was judged after the migration.
  await guardian.check();
  expect(told).toEqual([]);

  return {
    code,
    desktop,
    dataRoot,
    guardian,
    timeMachine,
    told,
    running,
    rollback: () => service.rollback({ dryRun: false }),
    finding: (fits) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`Not noticed within 5 s; told were: ${told.map(({ kind }) => kind).join(', ')}`));
        }, NOTICED_MS);
        const look = (): void => {
          const found = told.findLast(fits);
          if (!found) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

export interface ClientWriter {
  pid: number;
  /** Lets it write once; resolves when it has. */
  write(change: object): Promise<void>;
}

/** A program that writes a config as a client does; `memory` is what Claude Desktop read at its start. */
export async function startWriter(kind: ClientId, file: string, memory: object = {}): Promise<ClientWriter> {
  const script = fileURLToPath(new URL('./client-writer.mjs', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, kind, file], {
    env: { CLIENT_MEMORY: JSON.stringify(memory) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return {
    pid: child.pid!,
    async write(change) {
      child.stdin!.write(`${JSON.stringify(change)}\n`);
      expect((await lines.next()).value).toBe('done');
    },
  };
}
