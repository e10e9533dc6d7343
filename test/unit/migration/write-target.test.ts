import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../electron/hub/files/node-files.ts';
import { applyAll, engineFixture, testAdapter, type EngineFixture } from './engine-fixture.ts';
import { realHome } from './real-home.ts';

const CONFIG = '{\n  "mcpServers": { "a": { "command": "a", "env": { "TOKEN": "abc" } } }\n}\n';

function engineAt(
  file: (home: string) => string,
  env: Record<string, string> = {},
): EngineFixture & { home: string; file: string } {
  const { home, dataRoot, platform } = realHome();
  const config = file(home);
  const fixture = engineFixture({
    files: nodeFiles,
    adapters: [testAdapter('claude-code', config)],
    dataRoot,
    platform: { ...platform, env },
  });
  return { home, file: config, ...fixture };
}

const inHome = (name: string) => (home: string) => path.join(home, name);

describe.skipIf(process.platform === 'win32')('where a config really is', () => {
  it('A10: edits the file behind a link and keeps the link, there and back', async () => {
    const { service, home, file } = engineAt(inHome('.claude.json'));
    const real = path.join(home, 'dotfiles', 'claude.json');
    mkdirSync(path.dirname(real));
    writeFileSync(real, CONFIG, { mode: 0o644 });
    symlinkSync('dotfiles/claude.json', file);

    await applyAll(service);
    expect(readlinkSync(file)).toBe('dotfiles/claude.json');
    expect(readFileSync(real, 'utf8')).toContain('shim.cjs');
    expect(statSync(real).mode & 0o777).toBe(0o644);
    const { files } = await service.rollback({ dryRun: false });
    expect(files).toMatchObject([{ path: file, result: 'exact' }]);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toBe(CONFIG);
  });

  it.each([
    [
      'A10: a link out of the home folder',
      'CONFIG_UNSAFE_PATH',
      (file: string, home: string) => {
        writeFileSync(path.join(home, '..', 'elsewhere.json'), CONFIG);
        symlinkSync('../../elsewhere.json', file);
      },
    ],
    ['A10: a link to nowhere', 'CONFIG_UNREADABLE', (file: string) => symlinkSync('nowhere.json', file)],
    ['A10: a link to a device', 'CONFIG_MALFORMED', (file: string) => symlinkSync('/dev/null', file)],
    ['a folder of that name', 'CONFIG_UNREADABLE', (file: string) => mkdirSync(file)],
    [
      'A11: one of two names of a file',
      'CONFIG_UNSAFE_PATH',
      (file: string, home: string) => {
        writeFileSync(file, CONFIG);
        linkSync(file, path.join(home, 'second-name'));
      },
    ],
    [
      'A12: a read-only file',
      'CONFIG_NOT_WRITABLE',
      (file: string) => writeFileSync(file, CONFIG, { mode: 0o400 }),
    ],
    [
      'A12: a read-only folder',
      'CONFIG_NOT_WRITABLE',
      (file: string) => {
        writeFileSync(file, CONFIG);
        chmodSync(path.dirname(file), 0o500);
      },
    ],
    [
      'A20: a file of 100 MB',
      'CONFIG_TOO_LARGE',
      (file: string) => {
        writeFileSync(file, CONFIG);
        truncateSync(file, 100 * 1024 * 1024);
      },
    ],
  ])('%s is refused before anything is changed', async (_name, code, arrange) => {
    const { service, home, file, data } = engineAt(inHome('sub/.claude.json'));
    mkdirSync(path.dirname(file));
    arrange(file, home);
    const started = performance.now();
    const plan = await service.plan({});
    expect(performance.now() - started).toBeLessThan(1_000);
    if (code === 'CONFIG_MALFORMED') {
      // An empty config to its reader: nothing to move, so nothing to refuse.
      expect(plan.files).toMatchObject([{ entries: [] }]);
      await expect(applyAll(service)).rejects.toMatchObject({ code: 'NOTHING_TO_DO' });
    } else {
      expect(plan.files).toMatchObject([{ refusal: { code } }]);
      await expect(applyAll(service)).rejects.toMatchObject({ code });
    }
    expect(await service.history()).toEqual([]);
    expect(statSync(data.migrations).isDirectory()).toBe(true);
    chmodSync(path.dirname(file), 0o700);
  });

  it('takes a folder that the person named, wherever it is', async () => {
    const { service, file } = engineAt((home) => path.join(home, '..', 'claude-config', '.claude.json'));
    mkdirSync(path.dirname(file));
    writeFileSync(file, CONFIG);
    expect((await applyAll(service)).result.state).toBe('applied');
  });

  it('A21: copes with spaces, quotes and unicode in paths', async () => {
    const { service, file } = engineAt(inHome(`it's "a" $HOME ~ ü 😀/.claude.json`));
    mkdirSync(path.dirname(file));
    writeFileSync(file, CONFIG);
    await applyAll(service);
    await service.rollback({ dryRun: false });
    expect(readFileSync(file, 'utf8')).toBe(CONFIG);
  });

  it('A31: warns of a file with secrets that others may read, and keeps its mode', async () => {
    const { service, file } = engineAt(inHome('.claude.json'));
    writeFileSync(file, CONFIG);
    chmodSync(file, 0o644);
    const [view] = (await service.plan({})).files;
    expect(view!.warnings.map(({ code }) => code)).toEqual(['SECRET_IN_CLEAR', 'FILE_MODE_OPEN']);
    await applyAll(service);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it('never sets an older time: clients ignore a file that is not newer than what they read', async () => {
    const { service, file } = engineAt(inHome('.claude.json'));
    writeFileSync(file, CONFIG);
    const before = statSync(file).mtimeMs;
    await applyAll(service);
    const migrated = statSync(file).mtimeMs;
    await service.rollback({ dryRun: false });
    expect(migrated).toBeGreaterThanOrEqual(before);
    expect(statSync(file).mtimeMs).toBeGreaterThanOrEqual(migrated);
  });
});
