import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { nodeFiles } from '../../../electron/hub/files/node-files.ts';
import { nodeStorage } from '../../../electron/hub/files/storage.ts';
import {
  applyAll,
  engineFixture,
  testAdapter,
  type EngineFixture,
} from '../../unit/migration/engine-fixture.ts';
import { realHome } from '../../unit/migration/real-home.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const CONFIG = '{\n  "mcpServers": {\n    "a": { "command": "a", "args": ["-y"] }\n  }\n}\n';
const sha = (file: string): string => readFileSync(file).toString('base64');

function realEngine(name = '.claude.json'): EngineFixture & { file: string } {
  const { home, dataRoot, platform } = realHome();
  const file = path.join(home, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, CONFIG, { mode: 0o600 });
  const { owner, isAlive } = nodeStorage('linux');
  const storage = {
    owner,
    isAlive,
    now: Date.now,
    sleep,
    timing: { dataLockMs: 500, clientLockMs: 200, clientLockStaleMs: 15_000, renameMs: 0, pollMs: 20 },
  };
  return {
    file,
    ...engineFixture({
      files: nodeFiles,
      adapters: [testAdapter('claude-code', file)],
      dataRoot,
      platform,
      storage,
    }),
  };
}

let program: string;
beforeAll(async () => {
  const home = temporaryHome();
  program = path.join(home.root, 'migrating-child.mjs');
  const bundle = await rolldown({
    input: fileURLToPath(new URL('./migrating-child.ts', import.meta.url)),
    platform: 'node',
    external: /^node:/,
    // jsonc-parser's main file is UMD, which no bundler can follow.
    resolve: { mainFields: ['module', 'main'] },
    logLevel: 'silent',
  });
  await bundle.write({ file: program, format: 'esm', codeSplitting: false });
  await bundle.close();
  return () => home.dispose();
});

const child = (engine: { file: string; data: { root: string } }, operation: string, killAt: number) => [
  program,
  engine.file,
  engine.data.root,
  operation,
  String(killAt),
];

describe.skipIf(process.platform === 'win32')('A15: SIGKILL on a real disk', () => {
  it.each(['apply', 'rollback'])('in the middle of %s, at places all over it', async (operation) => {
    const probe = realEngine();
    if (operation === 'rollback') await applyAll(probe.service);
    const { stdout } = await promisify(execFile)(process.execPath, child(probe, operation, 0));
    const calls = Number(/calls (\d+)/.exec(stdout)?.[1]);
    expect(calls).toBeGreaterThan(60);
    const undisturbed = realEngine();
    await applyAll(undisturbed.service);
    const migrated = readFileSync(undisturbed.file, 'utf8');

    for (let part = 0; part < 14; part += 1) {
      const at = 1 + Math.floor(((calls - 1) * part) / 13);
      const engine = realEngine();
      if (operation === 'rollback') await applyAll(engine.service);
      const { signal } = spawnSync(process.execPath, child(engine, operation, at), { encoding: 'utf8' });
      expect(signal, `call ${at}`).toBe('SIGKILL');
      const text = readFileSync(engine.file, 'utf8');
      expect([CONFIG, migrated], `call ${at}`).toContain(text);

      await engine.service.recover();
      for (const { files } of await engine.service.history()) {
        for (const { backup } of files) expect(readFileSync(backup, 'utf8')).toBe(CONFIG);
      }
      await engine.service.rollback({ dryRun: false });
      expect(readFileSync(engine.file, 'utf8'), `call ${at}`).toBe(CONFIG);
      const litter = [...readdirSync(path.dirname(engine.file)), ...readdirSync(engine.data.migrations)];
      expect(
        litter.filter((name) => /tmp|^lock|journal/.test(name)),
        `call ${at}`,
      ).toEqual([]);
    }
  });
});

describe.skipIf(process.platform === 'win32')('A18, A19: two processes', () => {
  it('one waits and names the other, and takes over when that was killed', async () => {
    const engine = realEngine();
    const holder = spawn(process.execPath, child(engine, 'hold', 0), { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    await expect(applyAll(engine.service)).rejects.toMatchObject({
      code: 'MIGRATION_BUSY',
      message: `Another Patchbay (process ${holder.pid}) is at work: a migration.`,
    });
    expect(await engine.service.recover()).toEqual([]);

    const gone = once(holder, 'exit');
    holder.kill('SIGKILL');
    await gone;
    expect((await applyAll(engine.service)).result.state).toBe('applied');
  });
});

describe.skipIf(process.platform === 'win32')('restore.sh', () => {
  const restore = (folder: string, ...args: string[]) =>
    spawnSync('sh', [path.join(folder, 'restore.sh'), ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '' },
    });

  async function migratedAt(name?: string): Promise<{ file: string; folder: string; engine: EngineFixture }> {
    const engine = realEngine(name);
    chmodSync(engine.file, 0o640);
    const { result } = await applyAll(engine.service);
    return { file: engine.file, folder: path.dirname(result.files[0]!.backup), engine };
  }

  it('A32: puts the originals back without Patchbay, mode included, and can be run twice', async () => {
    const { file, folder, engine } = await migratedAt(`it's "my" $(config) ü/.claude.json`);
    expect(restore(folder)).toMatchObject({ status: 0, stdout: `put back: ${file}\n` });
    expect(readFileSync(file, 'utf8')).toBe(CONFIG);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(restore(folder)).toMatchObject({ status: 0, stdout: `already as before: ${file}\n` });
    expect((await engine.service.rollback({ dryRun: false })).files).toMatchObject([{ result: 'unchanged' }]);
    expect(await engine.service.history()).toMatchObject([{ state: 'rolled-back' }]);
  });

  it('A24: leaves a file alone that was changed since, unless it is forced', async () => {
    const { file, folder } = await migratedAt();
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
    const changed = sha(file);
    expect(restore(folder)).toMatchObject({ status: 1, stdout: expect.stringContaining('changed since') });
    expect(sha(file)).toBe(changed);
    expect(restore(folder, '--force')).toMatchObject({ status: 0 });
    expect(readFileSync(file, 'utf8')).toBe(CONFIG);
  });

  it('A27: does not use a saved original that is damaged', async () => {
    const { file, folder } = await migratedAt();
    const before = sha(file);
    writeFileSync(path.join(folder, '1-claude-code.backup'), CONFIG.replace('"a"', '"b"'));
    expect(restore(folder, '--force')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('damaged'),
    });
    expect(sha(file)).toBe(before);
    expect(existsSync(`${file}.patchbay-restore`)).toBe(false);
  });

  it('is explained in words beside it, with paths and hashes', async () => {
    const { file, folder, engine } = await migratedAt();
    const readme = readFileSync(path.join(folder, 'README.txt'), 'utf8');
    const [item] = await engine.service.history();
    for (const part of [file, item!.files[0]!.sha256Before, item!.files[0]!.sha256After, 'restore.sh']) {
      expect(readme).toContain(part);
    }
  });
});
