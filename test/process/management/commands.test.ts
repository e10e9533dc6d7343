import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliScript, runCli, runJson } from '../../support/cli.ts';
import { startHub } from '../../support/hub.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;

beforeEach(() => (home = temporaryHome()));
afterEach(() => home.dispose());

/** `patchbay secrets set NAME` with the value on its standard input. */
async function setSecret(name: string, value: string): Promise<number | null> {
  const child = spawn(process.execPath, [cliScript, 'secrets', 'set', name], {
    cwd: home.project,
    env: home.env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.end(value);
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

describe('patchbay secrets', () => {
  it('takes a value from standard input only, keeps it to its owner, and never shows it', async () => {
    expect(await setSecret('GITHUB_TOKEN', 'hunter2-from-a-pipe\n')).toBe(0);
    const file = path.join(home.dataDir, 'secrets.json');
    expect(readFileSync(file, 'utf8')).toContain('"hunter2-from-a-pipe"');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
    const listed = await runCli(home, ['secrets', '--json']);
    expect(JSON.parse(listed.stdout)).toEqual([{ name: 'GITHUB_TOKEN', source: 'store' }]);
    expect(listed.stdout + listed.stderr).not.toContain('hunter2');

    const onTheLine = await runCli(home, ['secrets', 'set', 'OTHER', 'value-on-the-line']);
    expect(onTheLine).toMatchObject({ code: 2, stderr: expect.stringContaining('standard input') });
    expect(onTheLine.stderr).not.toContain('value-on-the-line');
    expect(await setSecret('no good', 'x')).toBe(2);
    expect(await setSecret('EMPTY', '')).toBe(2);

    expect(await runJson(home, ['secrets', 'remove', 'GITHUB_TOKEN'])).toEqual([]);
    expect(await runCli(home, ['secrets', 'remove', 'GITHUB_TOKEN'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SECRET_MISSING'),
    });
  });
});

async function addServer(options: readonly string[]): Promise<void> {
  const { code } = await runCli(home, ['servers', 'add', 'one', ...options, '--', 'node', 'server.mjs']);
  expect(code).toBe(0);
}

describe('patchbay servers set', () => {
  it('changes only what it names, with a hub or without', async () => {
    await addServer(['--env', 'A=b']);
    expect(await runJson(home, ['servers', 'set', 'one', 'isolation=shared', 'warm=2'])).toMatchObject({
      name: 'one',
      isolation: 'shared',
      warm: 2,
      timeout: null,
    });
    const hub = await startHub(home);
    await runJson(home, ['servers', 'set', 'one', 'timeout=30s', 'warm=']);
    await expect
      .poll(() => runJson<unknown[]>(home, ['servers', 'list']))
      .toMatchObject([{ name: 'one', isolation: 'shared', warm: 0 }]);
    await hub.stop();
    const { mcpServers } = JSON.parse(readFileSync(path.join(home.dataDir, 'mcp-servers.json'), 'utf8')) as {
      mcpServers: unknown;
    };
    expect(mcpServers).toEqual({
      one: { command: 'node', args: ['server.mjs'], env: { A: 'b' }, isolation: 'shared', timeout: 30_000 },
    });
  });

  it('refuses what is no setting, and a server that is not there', async () => {
    await addServer([]);
    for (const [args, code, word] of [
      [['one', 'command=sh'], 2, 'USAGE'],
      [['one'], 2, 'USAGE'],
      [['two', 'warm=1'], 1, 'SERVER_UNKNOWN'],
    ] as const) {
      const refused = await runCli(home, ['servers', 'set', ...args]);
      expect(refused).toMatchObject({ code, stderr: expect.stringContaining(word) });
    }
  });
});

describe('patchbay servers login', () => {
  it('says for which servers there is nothing to log in at', async () => {
    await addServer([]);
    const local = await runCli(home, ['servers', 'login', 'one']);
    expect(local).toMatchObject({ code: 2, stderr: expect.stringContaining('patchbay secrets set') });
    const unknown = await runCli(home, ['servers', 'login', 'two']);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('SERVER_UNKNOWN') });
    expect(await runJson(home, ['servers', 'logout', 'two'])).toEqual({ name: 'two', loggedIn: false });
  });
});

describe('patchbay sessions', () => {
  it('says when there are none, when one is unknown, and what is wrong with the words', async () => {
    expect(await runCli(home, ['sessions'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('HUB_NOT_RUNNING'),
    });
    const hub = await startHub(home);
    expect(await runJson(home, ['sessions'])).toEqual([]);
    expect(await runCli(home, ['sessions', 'end', 'nobody'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SESSION_UNKNOWN'),
    });
    for (const words of [['end'], ['stop', 'x'], ['list', 'x'], ['end', 'x', 'y']]) {
      expect([words, (await runCli(home, ['sessions', ...words])).code]).toEqual([words, 2]);
    }
    await hub.stop();
  });
});
