import { execFile, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConfigVersion } from '../../../shared/model/config-version.ts';
import { dataFolder } from '../../../electron/hub/data-folder.ts';
import { nodeStorage } from '../../../electron/hub/files/storage.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import { createTimeMachine, type TimeMachine } from '../../../electron/hub/time-machine/time-machine.ts';
import { temporaryHome } from '../../support/temporary-home.ts';
import { FakeWitness, testAdapter } from '../../unit/migration/engine-fixture.ts';
import { realHome } from '../../unit/migration/real-home.ts';
import { NOTICED_MS, realGuardian, SERVERS, startWriter } from './real-guardian.ts';

interface McpConfig {
  mcpServers?: Record<string, { command: string; args?: string[] }>;
  numStartups?: number;
}
const read = (file: string): McpConfig => JSON.parse(readFileSync(file, 'utf8')) as McpConfig;

/** Resolves with the first version recorded from now on; to be called before what causes it. */
function nextVersion(timeMachine: TimeMachine, file: string): Promise<ConfigVersion> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Not noticed within 5 s.')), NOTICED_MS);
    const stop = timeMachine.onVersion((version) => {
      if (version.path !== file) return;
      stop();
      clearTimeout(timer);
      resolve(version);
    });
  });
}

describe.skipIf(process.platform === 'win32')('clients that write while the guardian watches', () => {
  it('A16: Claude Code 50 times: each write noticed and attributed by its temporary file, nothing of it ours', async () => {
    const { code, guardian, timeMachine, told } = await realGuardian();
    const writer = await startWriter('claude-code', code);
    for (let round = 2; round <= 51; round += 1) {
      const noticed = nextVersion(timeMachine, code);
      await writer.write({ numStartups: round });
      expect(await noticed).toMatchObject({
        author: { kind: 'client', client: 'claude-code', evidence: 'temporary-file', pid: writer.pid },
        change: { servers: [], otherKeys: { added: 0, removed: 0, changed: 1 } },
      });
    }
    await guardian.check();
    expect(told).toEqual([]);
    expect(read(code).numStartups).toBe(51);
    const ours = (await timeMachine.list(code)).filter(({ author }) => author.kind === 'patchbay');
    expect(ours.map(({ author }) => author)).toMatchObject([{ action: 'migration' }]);
  });

  it('A17: Claude Desktop rewrites from a memory without servers 50 times: noticed, and nothing written by us', async () => {
    const { desktop, guardian, timeMachine, finding, running, told } = await realGuardian();
    const writer = await startWriter('claude-desktop', desktop, { preferences: {} });
    running.set(writer.pid, 'claude-desktop');
    for (let round = 1; round <= 50; round += 1) {
      const noticed = nextVersion(timeMachine, desktop);
      await writer.write({ round });
      expect((await noticed).author).toMatchObject({
        kind: 'client',
        client: 'claude-desktop',
        pid: writer.pid,
      });
      expect(JSON.parse(readFileSync(desktop, 'utf8'))).toEqual({ preferences: {}, round });
    }
    const wiped = await finding(({ kind }) => kind === 'wiped');
    await guardian.check();
    expect(told.filter(({ state }) => state === 'open').map(({ id }) => id)).toEqual([wiped.id]);
    const byUs = (await timeMachine.list(desktop)).filter(({ author }) => author.kind === 'patchbay');
    expect(byUs).toHaveLength(1);
    await expect(guardian.mergeBack(wiped.id, { dryRun: false })).rejects.toMatchObject({
      code: 'CLIENT_RUNNING',
    });

    running.clear();
    await guardian.mergeBack(wiped.id, { dryRun: false });
    expect(Object.keys(read(desktop).mcpServers!)).toEqual(Object.keys(SERVERS));
    // The client starts again, with the memory of before: its habit, not a fight.
    running.set(writer.pid, 'claude-desktop');
    await writer.write({ round: 51 });
    expect(await finding(({ undone }) => undone === 1)).toMatchObject({ id: wiped.id, actions: ['accept'] });
  });

  it('A16: written in a hurry, the last word is what counts', async () => {
    const { code, guardian, timeMachine, told } = await realGuardian();
    const writer = await startWriter('claude-code', code);
    for (let round = 2; round <= 51; round += 1) await writer.write({ numStartups: round });
    await guardian.check(code);
    const [newest] = await timeMachine.list(code);
    expect((await timeMachine.read(newest!.id)).bytes).toEqual(readFileSync(code));
    expect(told).toEqual([]);
  });

  it('E40: a server added by a program is an alert within 5 s, and is taken out on demand only', async () => {
    const { code, guardian, finding } = await realGuardian();
    const writer = await startWriter('claude-code', code);
    await writer.write({ mcpServers: { helper: { command: 'sh', args: ['-c', 'id'] } } });
    const alert = await finding(({ kind }) => kind === 'added');
    expect(alert).toMatchObject({ level: 'alert', entries: [{ name: 'helper', starts: 'sh -c id' }] });
    expect(read(code).mcpServers!.helper).toBeDefined();
    await guardian.remove(alert.id, { dryRun: false });
    expect(Object.keys(read(code).mcpServers!)).toEqual(Object.keys(SERVERS));
  });

  it('a config that appears counts, in a folder that was not there', async () => {
    const { desktop, finding } = await realGuardian({ withDesktop: false });
    mkdirSync(path.dirname(desktop), { recursive: true });
    writeFileSync(desktop, JSON.stringify({ mcpServers: { helper: { command: 'evil' } } }));
    expect(await finding(({ path: file }) => file === desktop)).toMatchObject({
      kind: 'added',
      level: 'alert',
    });
  });

  it('a rollback is ours, and no news', async () => {
    const { code, desktop, guardian, timeMachine, told, rollback } = await realGuardian();
    const seen = [nextVersion(timeMachine, code), nextVersion(timeMachine, desktop)];
    await rollback();
    for (const version of await Promise.all(seen)) {
      expect(version.author).toMatchObject({ kind: 'patchbay', action: 'rollback' });
    }
    await guardian.check();
    expect(told).toEqual([]);
  });

  it('A10: a linked config is watched where it is', async () => {
    const { code, finding, guardian } = await realGuardian();
    const target = path.join(path.dirname(code), 'dotfiles', 'claude.json');
    mkdirSync(path.dirname(target));
    renameSync(code, target);
    symlinkSync(target, code);
    await guardian.check(code);
    writeFileSync(`${target}.new`, '{}');
    renameSync(`${target}.new`, target);
    expect(await finding(({ kind }) => kind === 'wiped')).toMatchObject({ path: code });
  });
});

describe.skipIf(process.platform === 'win32')('a file that is written in place', () => {
  it('is not judged half written, and is when it stays so', async () => {
    const { code, guardian, finding, told } = await realGuardian();
    const text = readFileSync(code, 'utf8');
    const handle = openSync(code, 'w');
    // Whoever looks now sees an empty file, and then half of one.
    const looked = guardian.check(code);
    writeSync(handle, text.slice(0, 40));
    await new Promise((resolve) => setTimeout(resolve, 300));
    writeSync(handle, `${text.slice(40)}\n`);
    closeSync(handle);
    await looked;
    expect(told).toEqual([]);

    writeFileSync(code, text.slice(0, 40));
    expect(await finding(({ kind }) => kind === 'broken')).toMatchObject({ actions: ['restore', 'accept'] });
  });

  it('deleted and made again by a careless writer is no wipe', async () => {
    const { code, guardian, told } = await realGuardian();
    const text = readFileSync(code);
    unlinkSync(code);
    const looked = guardian.check(code);
    await new Promise((resolve) => setTimeout(resolve, 200));
    writeFileSync(code, text);
    await looked;
    expect(told).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('A15: SIGKILL on a real disk', () => {
  let program: string;
  beforeAll(async () => {
    const home = temporaryHome();
    program = path.join(home.root, 'recording-child.mjs');
    const bundle = await rolldown({
      input: fileURLToPath(new URL('./recording-child.ts', import.meta.url)),
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

  it('in the middle of recording: the list is whole, and so is every version in it', async () => {
    const probe = realHome();
    const args = ({ home, dataRoot }: typeof probe, killAt: number): string[] => [
      program,
      path.join(home, '.claude.json'),
      dataRoot,
      String(killAt),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args(probe, 0));
    const calls = Number(/calls (\d+)/.exec(stdout)?.[1]);
    expect(calls).toBeGreaterThan(60);
    const recorded: number[] = [];
    for (let part = 0; part < 20; part += 1) {
      const at = 1 + Math.floor(((calls - 1) * part) / 19);
      const place = realHome();
      expect(spawnSync(process.execPath, args(place, at)).signal, `call ${at}`).toBe('SIGKILL');

      const config = path.join(place.home, '.claude.json');
      const adapter = testAdapter('claude-code', config);
      const timeMachine = createTimeMachine({
        data: dataFolder(place.dataRoot),
        platform: place.platform,
        shim: { command: 'node', args: [], env: {} },
        logger: silentLogger,
        installShim: async () => {},
        adapters: [adapter],
        listProcesses: async () => [],
        witness: new FakeWitness(),
        storage: nodeStorage('linux'),
      });
      const versions = await timeMachine.list();
      recorded.push(versions.length);
      for (const { id, size } of versions) expect((await timeMachine.read(id)).bytes).toHaveLength(size);

      const [file] = adapter.configFiles(place.platform);
      await timeMachine.see({ file: file!, bytes: Buffer.from('{"after": true}') });
      expect(await timeMachine.list(), `call ${at}`).toHaveLength(versions.length + 1);
      const folder = path.join(place.dataRoot, 'config-versions');
      expect(readdirSync(folder).filter((name) => /tmp|lock/.test(name))).toEqual([]);
      for (const name of readdirSync(folder))
        expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
    }
    // The places lie all over it.
    expect(new Set(recorded)).toEqual(new Set([0, 1, 2, 3]));
  });
});
