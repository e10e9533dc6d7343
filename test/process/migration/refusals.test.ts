import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let config: string;

beforeEach(() => {
  home = temporaryHome();
  config = path.join(home.home, '.claude.json');
});

afterEach(async () => {
  await expectNothingLeft(home);
  home.dispose();
});

const entry = '{"command": "node", "args": ["server.mjs"]}';

describe('a config that cannot be migrated is refused by name, and stays as it is', () => {
  it.each<[string, string | Buffer, string]>([
    ['A01 cut in half', `{"mcpServers": {"a": ${entry}`, 'CONFIG_MALFORMED'],
    ['A04 UTF-16', Buffer.from(`\uFEFF{"mcpServers": {"a": ${entry}}}`, 'utf16le'), 'CONFIG_ENCODING'],
    ['A07 two tables', `{"mcpServers": {"a": ${entry}},\n "mcpServers": {}}`, 'CONFIG_DUPLICATE_KEY'],
    ['A20 deeper than anything', `{"x": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 'CONFIG_TOO_LARGE'],
  ])('%s', async (_name, content, code) => {
    writeFileSync(config, content);
    const before = readFileSync(config);
    const { code: exit, stderr } = await runCli(home, ['migrate', '--client', 'claude-code', '--yes']);
    expect(stderr).toContain(`${code}: `);
    expect(stderr).toContain(config);
    expect(exit).toBe(3);
    expect(readFileSync(config).equals(before)).toBe(true);
    expect(readdirSync(path.join(home.dataDir, 'migrations'))).toEqual([]);
  });

  it('A10 a link that leads out of the home folder', async () => {
    const outside = path.join(home.root, 'outside.json');
    writeFileSync(outside, `{"mcpServers": {"a": ${entry}}}`);
    symlinkSync(outside, config);
    const { code, stderr } = await runCli(home, ['migrate', '--yes']);
    expect(stderr).toContain('CONFIG_UNSAFE_PATH: ');
    expect(code).toBe(3);
    expect(readFileSync(outside, 'utf8')).toBe(`{"mcpServers": {"a": ${entry}}}`);
  });

  it('one broken file does not keep the other client from being migrated', async () => {
    writeFileSync(config, '{"mcpServers": ');
    const desktop = path.join(home.env.XDG_CONFIG_HOME!, 'Claude', 'claude_desktop_config.json');
    mkdirSync(path.dirname(desktop), { recursive: true });
    writeFileSync(desktop, `{"mcpServers": {"a": ${entry}}}`);
    const { code, stdout } = await runCli(home, ['migrate', '--yes', '--no-witness', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'applied', files: [{ path: desktop }] });
    expect(readFileSync(config, 'utf8')).toBe('{"mcpServers": ');
    await runCli(home, ['rollback', '--all']);
    expect(readFileSync(desktop, 'utf8')).toBe(`{"mcpServers": {"a": ${entry}}}`);
  });
});

describe('a command that cannot be done says why', () => {
  it.each<[string[], number, string]>([
    [['migrate'], 2, 'Say --yes'],
    [['migrate', '--yes'], 1, 'NOTHING_TO_DO'],
    [['migrate', '--client', 'emacs', '--yes'], 2, 'claude-desktop and claude-code'],
    [['plan', '--transport', 'http'], 1, 'HUB_NOT_RUNNING'],
    [['plan', '--mode', 'all-in-one'], 2, 'per-server or merged'],
    [['rollback'], 2, '--client ID, --migration ID or --all'],
    [['rollback', '--all', '--migration', 'x'], 2, '--client ID, --migration ID or --all'],
    [['rollback', '--migration', '../../etc'], 1, 'NOT_FOUND'],
    [['logs'], 1, 'HUB_NOT_RUNNING'],
    [['frobnicate'], 2, 'USAGE'],
  ])('%j', async (args, code, words) => {
    const result = await runCli(home, args);
    expect(result.stderr).toContain(words);
    expect(result.code).toBe(code);
  });
});
