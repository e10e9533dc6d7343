import { createServer } from 'node:net';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, runJson } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let hub: RunningHub | null;

beforeEach(() => {
  home = temporaryHome();
  hub = null;
});

afterEach(async () => {
  await hub?.stop();
  await expectNothingLeft(home);
  home.dispose();
});

describe('one hub', () => {
  it('D03: a second start hands over to the first and ends well', async () => {
    hub = await startHub(home);
    const second = await runCli(home, ['serve', '--port', '0', '--json']);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ pid: hub.pid, port: hub.port, token: hub.token });
  });

  it('starts again after a SIGKILL, whatever lies about', async () => {
    hub = await startHub(home);
    await hub.kill();
    expect(existsSync(path.join(home.dataDir, 'run', 'hub.lock'))).toBe(true);
    hub = await startHub(home);
    expect(await runJson(home, ['status'])).toMatchObject({ running: true, pid: hub.pid });
  });

  it('D02: a taken port is refused with the name of who has it, and nothing is left started', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const refused = await runCli(home, ['serve', '--port', String(port)]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`PORT_TAKEN: Port ${port} is taken by `);
    expect(refused.stderr).toContain(`(pid ${process.pid})`);
    await new Promise((resolve) => other.close(resolve));
  });

  it('D21, E07: makes its files for the owner only, and refuses a folder that others can enter', async () => {
    hub = await startHub(home);
    await expect.poll(() => existsSync(path.join(home.dataDir, 'traffic', 'traffic.db'))).toBe(true);
    for (const [name, mode] of [
      ['.', 0o700],
      ['run', 0o700],
      ['token', 0o600],
      ['run/hub.sock', 0o600],
      ['run/hub.json', 0o600],
      ['traffic', 0o700],
      ['traffic/traffic.db', 0o600],
    ] as const) {
      expect([name, statSync(path.join(home.dataDir, name)).mode & 0o777]).toEqual([name, mode]);
    }
    await hub.stop();
    hub = null;
    chmodSync(home.dataDir, 0o755);
    const refused = await runCli(home, ['serve', '--port', '0']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('DATA_FOLDER_UNSAFE');
  });
});

describe('catalog', () => {
  const catalog = (): string => path.join(home.dataDir, 'mcp-servers.json');
  const serverNames = async (): Promise<string[]> => {
    const views = await runJson<{ name: string }[]>(home, ['servers']);
    return views.map(({ name }) => name);
  };

  it('follows the file: good changes count at once, a broken file keeps the last good one and is named', async () => {
    mkdirSync(home.dataDir, { mode: 0o700 });
    writeFileSync(catalog(), '{"mcpServers": {"one": {"command": "node"}}}');
    hub = await startHub(home);
    expect(await serverNames()).toEqual(['one']);

    writeFileSync(
      catalog(),
      '// with a comment\n{"mcpServers": {"one": {"command": "node"}, "two": {"command": "node"}}}',
    );
    await expect.poll(serverNames).toEqual(['one', 'two']);

    writeFileSync(catalog(), '{"mcpServers": {"one": {"command": ');
    const status = (): Promise<{ catalogError: string | null }> => runJson(home, ['status']);
    await expect.poll(async () => (await status()).catalogError).toContain('line 1, column');
    expect(await serverNames()).toEqual(['one', 'two']);
  });

  it('is changed by the command line with and without a hub, and keeps what a person wrote', async () => {
    mkdirSync(home.dataDir, { mode: 0o700 });
    writeFileSync(
      catalog(),
      '{\n  // mine\n  "mcpServers": {\n    "one": { "command": "node" }\n  },\n  "other": 1.0\n}\n',
    );
    const added = await runCli(home, [
      'servers',
      'add',
      'two',
      '--env',
      'A=b',
      '--json',
      '--',
      'npx',
      '-y',
      'x',
    ]);
    expect(added.code).toBe(0);
    hub = await startHub(home);
    expect(await runJson(home, ['servers', 'disable', 'one'])).toMatchObject([
      { name: 'one', state: 'disabled' },
      { name: 'two', command: 'npx', args: ['-y', 'x'], envNames: ['A'] },
    ]);
    expect((await runCli(home, ['servers', 'add', 'two', '--', 'x'])).stderr).toContain('CATALOG_CONFLICT');
    expect((await runCli(home, ['servers', 'remove', 'nine'])).stderr).toContain('SERVER_UNKNOWN');
    await runCli(home, ['servers', 'remove', 'two']);
    const text = readFileSync(catalog(), 'utf8');
    expect(text).toContain('// mine');
    expect(text).toContain('"other": 1.0');
    expect(text).not.toContain('npx');
  });
});
