import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeFiles } from '../../../electron/hub/files/node-files.ts';
import {
  applyAll,
  engineFixture,
  testAdapter,
  type EngineFixture,
} from '../../unit/migration/engine-fixture.ts';
import { realHome } from '../../unit/migration/real-home.ts';

const CONFIG = '{\n  "mcpServers": {\n    "a": { "command": "a", "args": ["-y"] }\n  }\n}\n';
const isRoot = process.getuid?.() === 0;
const run = (program: string, args: readonly string[]): boolean => spawnSync(program, args).status === 0;

function engineAt(name = '.claude.json'): EngineFixture & { home: string; file: string } {
  const { home, dataRoot, platform } = realHome();
  const file = path.join(home, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, CONFIG, { mode: 0o600 });
  const adapters = [testAdapter('claude-code', file)];
  return { home, file, ...engineFixture({ files: nodeFiles, adapters, dataRoot, platform }) };
}

const NO_FLAGS = 'This file system knows no such flag.';
const NO_MOUNTS = 'Nothing may be mounted here.';

/** Nothing was changed, and nothing of ours lies about. */
async function expectRefused(
  { service, file, home, data }: ReturnType<typeof engineAt>,
  code: string,
): Promise<void> {
  await expect(applyAll(service)).rejects.toMatchObject({ code });
  expect(readFileSync(file, 'utf8')).toBe(CONFIG);
  expect(readdirSync(home)).toEqual([path.basename(file)]);
  expect(readdirSync(data.migrations)).toEqual([]);
  expect(await service.history()).toEqual([]);
}

describe.skipIf(process.platform !== 'linux')('what a file has beside its bytes', () => {
  /** The one attribute, or null where this machine has no tool or no file system for it. */
  function attribute(file: string, value?: string): string | null {
    const script =
      value === undefined
        ? 'import os,sys; print(os.getxattr(sys.argv[1], "user.patchbay").decode(), end="")'
        : 'import os,sys; os.setxattr(sys.argv[1], "user.patchbay", sys.argv[2].encode())';
    const { status, stdout } = spawnSync(
      'python3',
      ['-c', script, file, ...(value === undefined ? [] : [value])],
      {
        encoding: 'utf8',
      },
    );
    return status === 0 ? stdout : null;
  }

  it('extended attributes are kept, there and back', async ({ skip }) => {
    const { service, file } = engineAt();
    skip(attribute(file, 'mine') === null, 'No python3, or no extended attributes on this file system.');
    await applyAll(service);
    expect(readFileSync(file, 'utf8')).toContain('shim.cjs');
    expect(attribute(file)).toBe('mine');
    await service.rollback({ dryRun: false });
    expect(attribute(file)).toBe('mine');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('the time is not kept: clients ignore a file that is not newer', async () => {
    const { service, file } = engineAt();
    const { mtimeMs, ino } = lstatSync(file);
    await applyAll(service);
    expect(lstatSync(file).ino).not.toBe(ino);
    expect(lstatSync(file).mtimeMs).toBeGreaterThanOrEqual(mtimeMs);
  });
});

describe.skipIf(!isRoot || process.platform !== 'linux')(
  'A12, A11: what only an administrator can do to a file',
  () => {
    it.for([
      ['an immutable file', (file: string) => file] as const,
      ['an immutable folder', (file: string) => path.dirname(file)] as const,
    ])('%s is refused before anything is changed', async ([, which], { skip }) => {
      const engine = engineAt();
      const target = which(engine.file);
      if (!run('chattr', ['+i', target])) return skip(NO_FLAGS);
      onTestFinished(() => void run('chattr', ['-i', target]));
      await expectRefused(engine, 'CONFIG_NOT_WRITABLE');
    });

    it('a file that may only grow keeps its bytes', async ({ skip }) => {
      const engine = engineAt();
      if (!run('chattr', ['+a', engine.file])) return skip(NO_FLAGS);
      onTestFinished(() => void run('chattr', ['-a', engine.file]));
      await expectRefused(engine, 'CONFIG_NOT_WRITABLE');
    });

    it('a file that is mounted there by itself keeps its bytes: no rename can take its place', async ({
      skip,
    }) => {
      const engine = engineAt();
      const other = path.join(engine.home, '..', 'other.json');
      writeFileSync(other, CONFIG);
      if (!run('mount', ['--bind', other, engine.file])) return skip(NO_MOUNTS);
      onTestFinished(() => void run('umount', [engine.file]));
      await expectRefused(engine, 'CONFIG_NOT_WRITABLE');
    });

    it('a read-only file system keeps everything as it is', async ({ skip }) => {
      const engine = engineAt('disk/.claude.json');
      const disk = path.dirname(engine.file);
      if (!run('mount', ['-t', 'tmpfs', 'tmpfs', disk])) return skip(NO_MOUNTS);
      onTestFinished(() => void run('umount', [disk]));
      writeFileSync(engine.file, CONFIG);
      expect(run('mount', ['-o', 'remount,ro', disk])).toBe(true);
      await expect(applyAll(engine.service)).rejects.toMatchObject({ code: 'CONFIG_NOT_WRITABLE' });
      expect(readFileSync(engine.file, 'utf8')).toBe(CONFIG);
      expect(await engine.service.history()).toEqual([]);
    });
  },
);

describe.skipIf(process.platform === 'win32')('A21: names that tools stumble over', () => {
  it.each(['new\nline', 'tab\tand \\back', '-rf', '* ? [a]', 'e\u0301 and \u00e9', '\u202egnp'])(
    'a folder called %j, with the script that needs no Patchbay too',
    async (name) => {
      const { service, file } = engineAt(`${name}/.claude.json`);
      const { result } = await applyAll(service);
      const script = path.join(path.dirname(result.files[0]!.backup), 'restore.sh');
      const { status, stdout } = spawnSync('sh', [script], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '' },
      });
      expect({ status, stdout }).toEqual({ status: 0, stdout: `put back: ${file}\n` });
      expect(readFileSync(file, 'utf8')).toBe(CONFIG);
    },
  );

  it('two folders whose names differ in case or in composition only are two', async () => {
    const { home, dataRoot, platform } = realHome();
    const files = ['Config', 'config', 'e\u0301', '\u00e9'].map((name) =>
      path.join(home, name, '.claude.json'),
    );
    for (const file of files) mkdirSync(path.dirname(file), { recursive: true });
    // Where the file system takes two of them for one, there are fewer.
    const distinct = files.filter(
      (file, index) => files.findIndex((other) => sameFolder(other, file)) === index,
    );
    for (const file of distinct) {
      writeFileSync(file, CONFIG);
      const adapters = [testAdapter('claude-code', file)];
      const { service } = engineFixture({ files: nodeFiles, adapters, dataRoot, platform });
      await applyAll(service);
    }
    for (const file of distinct) expect(readFileSync(file, 'utf8')).toContain('shim.cjs');
  });

  const sameFolder = (a: string, b: string): boolean =>
    statSync(path.dirname(a)).ino === statSync(path.dirname(b)).ino;
});

describe.skipIf(process.platform === 'win32')('A10: what is no file', () => {
  it('a pipe under the name of a config neither hangs us nor is replaced', async () => {
    const { service, file } = engineAt();
    rmSync(file);
    expect(run('mkfifo', [file])).toBe(true);
    await expect(applyAll(service)).rejects.toMatchObject({
      code: expect.stringMatching(/^(CONFIG|NOTHING)_/),
    });
    expect(lstatSync(file).isFIFO()).toBe(true);
  });
});
