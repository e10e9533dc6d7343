import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot, runProgram } from '../../support/cli.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { type PackedApp, packApp } from '../../support/pack-app.ts';
import { startRawClient } from '../../support/raw-client.ts';
import { type AsarFile, readAsar, sha256 } from '../../support/read-asar.ts';
import { fixtureServer } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

/** Measured 4.6 MB and 5.1 MB; a library or a source map that slips in shows here. */
const MAX_ARCHIVE_BYTES = 6_500_000;
const MAX_UNPACKED_BYTES = 6_500_000;

let home: TemporaryHome;
let packed: PackedApp;
let files: AsarFile[];

const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));

describe.runIf(process.platform === 'linux')('the packed app', () => {
  beforeAll(async () => {
    home = temporaryHome();
    packed = await packApp(home);
    files = readAsar(packed.archive);
  }, 120_000);
  afterAll(async () => {
    await expectNothingLeft(home);
    home.dispose();
  });

  test('holds what was built, the artwork it shows, and the packages that cannot be bundled; nothing else', () => {
    const inside = files.map((file) => file.path);
    const own = inside.filter((name) => !name.startsWith('node_modules/'));
    const built = below(path.join(projectRoot, 'dist')).map((name) => `dist/${name}`);
    const tray = readdirSync(path.join(projectRoot, 'assets', 'tray'))
      .filter((name) => !name.endsWith('.svg'))
      .map((name) => `assets/tray/${name}`);
    expect(own.toSorted()).toEqual(
      [
        ...built.filter((name) => !name.endsWith('.map')),
        ...tray,
        'assets/icon/256x256.png',
        'package.json',
      ].toSorted(),
    );
    const packages = new Set(
      inside.flatMap((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.slice(1) ?? []),
    );
    expect([...packages].toSorted()).toEqual(['@photostructure/sqlite', 'node-gyp-build', 'ps-list']);
    expect(inside.filter((name) => /\.(map|md|ts|mts|cts|c|cc|gyp)$/.test(name))).toEqual([]);
  });

  test('names itself, and none of the tools it was made with', () => {
    const manifest = JSON.parse(
      files.find((file) => file.path === 'package.json')!.content.toString(),
    ) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: 'patchbay', main: 'dist/main.mjs', type: 'module' });
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).not.toHaveProperty('scripts');
  });

  test('every file has the hash that Electron holds it to where it enforces integrity', () => {
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) expect([file.path, file.hash]).toEqual([file.path, sha256(file.content)]);
  });

  test('leaves outside the archive only what a system has to load or start, for this system alone', () => {
    const unpacked = below(`${packed.archive}.unpacked`);
    expect(unpacked.filter((name) => name.endsWith('.node'))).toEqual(
      expect.arrayContaining([
        `node_modules/@photostructure/sqlite/prebuilds/linux-${process.arch}/@photostructure+sqlite.glibc.node`,
      ]),
    );
    expect(unpacked.filter((name) => !name.startsWith('node_modules/@photostructure/sqlite/'))).toEqual([]);
    expect(unpacked.filter((name) => /prebuilds\/(?!linux-)/.test(name))).toEqual([]);
    expect(readdirSync(packed.resources).toSorted()).toEqual([
      'app.asar',
      'app.asar.tree',
      'app.asar.unpacked',
      'bin',
    ]);
    expect(readdirSync(path.join(packed.resources, 'bin'))).toEqual(['patchbay']);
  });

  test('is small', () => {
    const unpacked = below(`${packed.archive}.unpacked`)
      .map((name) => statSync(path.join(`${packed.archive}.unpacked`, name)).size)
      .reduce((sum, size) => sum + size, 0);
    expect(statSync(packed.archive).size).toBeLessThan(MAX_ARCHIVE_BYTES);
    expect(unpacked).toBeLessThan(MAX_UNPACKED_BYTES);
  });

  test('a build without an address for updates names none, so it cannot be talked into one', () => {
    expect(existsSync(path.join(packed.resources, 'app-update.yml'))).toBe(false);
  });

  test('the shim of the archive runs by itself, a file without any other', async () => {
    const client = startRawClient({
      command: packed.executable,
      args: [
        path.join(packed.archive, 'dist', 'shim.cjs'),
        '--client',
        'claude-code',
        '--server',
        'echo',
        '--',
        process.execPath,
        fixtureServer('echo-server'),
      ],
      cwd: home.project,
      env: { ...home.env, ELECTRON_RUN_AS_NODE: '1', PATCHBAY_NO_AUTOSTART: '1' },
    });
    await client.initialize();
    expect(await client.callTool('echo', { message: 'from the archive' })).toBe('from the archive');
    await client.end();
    const shim = files.find((file) => file.path === 'dist/shim.cjs')!.content.toString();
    const required = [...shim.matchAll(/require\(["'`]([^"'`]+)["'`]\)/g)].map(([, name]) => name!);
    expect(required.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });

  test('its command line works, also by the link that a package makes', async () => {
    const link = path.join(home.root, 'bin-link');
    symlinkSync(path.join(packed.resources, 'bin', 'patchbay'), link);
    const { version } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    for (const command of [link, path.join(packed.resources, 'bin', 'patchbay')]) {
      const run = await runProgram(command, ['--version'], { cwd: home.project, env: home.env });
      expect(run).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    }
    const clients = await runProgram(link, ['clients', '--json'], { cwd: home.project, env: home.env });
    expect([clients.code, JSON.parse(clients.stdout)]).toEqual([0, expect.any(Array)]);
    expect((await runProgram(link, ['nonsense'], { cwd: home.project, env: home.env })).code).not.toBe(0);
  });

  test('what CI tries on every system’s real package works here', async () => {
    const smoke = path.join(projectRoot, 'build', 'smoke-package.mjs');
    const run = await runProgram(process.execPath, [smoke, path.join(packed.resources, 'bin', 'patchbay')], {
      cwd: home.project,
      env: home.env,
    });
    expect(run.code, run.stdout + run.stderr).toBe(0);
  });

  test('the traffic store finds its native library in the packed tree', async () => {
    const tree = `${packed.archive}.tree`;
    const script =
      "import('@photostructure/sqlite').then(({ DatabaseSync }) => new DatabaseSync(':memory:'))";
    const run = await runProgram(process.execPath, ['-e', script], { cwd: tree, env: home.env });
    expect(run).toMatchObject({ code: 0 });
  });
});
