import { mkdtempSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { currentConfigFiles } from '../../../electron/hub/clients/current-config-files.ts';
import type { Platform } from '../../../electron/hub/data-folder.ts';

const LINUX: Platform = { os: 'linux', home: '/home/ada', env: {} };
const USER = { keys: ['mcpServers'], scope: 'user' as const };

describe('config files', () => {
  it.each([
    ['linux', '/home/ada', {}, '/home/ada/.claude.json'],
    ['darwin', '/Users/ada', {}, '/Users/ada/.claude.json'],
    ['win32', 'C:\\Users\\ada', {}, 'C:\\Users\\ada\\.claude.json'],
    ['linux', '/home/ada', { CLAUDE_CONFIG_DIR: '/srv/cc' }, '/srv/cc/.claude.json'],
    ['win32', 'C:\\Users\\ada', { CLAUDE_CONFIG_DIR: 'D:\\cc' }, 'D:\\cc\\.claude.json'],
    ['linux', '/home/ada', { CLAUDE_CONFIG_DIR: '' }, '/home/ada/.claude.json'],
  ] as const)('%s %s %j: %s, with its own lock', (system, home, env, file) => {
    expect(claudeCode.configFiles({ os: system, home, env })).toEqual([
      expect.objectContaining({
        path: file,
        clientLock: `${file}.lock`,
        mustNotRun: false,
        client: 'claude-code',
      }),
    ]);
  });

  describe('on disk', () => {
    let home = '';
    beforeEach(() => (home = mkdtempSync(path.join(os.tmpdir(), 'patchbay-test-'))));
    afterEach(() => rmSync(home, { recursive: true }));

    it('is the usual one, also while it does not exist', async () => {
      const [file] = await currentConfigFiles(claudeCode, { os: process.platform, home, env: {} });
      expect(file).toEqual({
        path: path.join(home, '.claude.json'),
        client: 'claude-code',
        clientLock: path.join(home, '.claude.json.lock'),
        mustNotRun: false,
      });
    });

    it('is the one of the first releases where that exists, as Claude Code reads nothing else then', async () => {
      const old = path.join(home, '.claude', '.config.json');
      mkdirSync(path.dirname(old));
      writeFileSync(old, '{}');
      const files = await currentConfigFiles(claudeCode, { os: process.platform, home, env: {} });
      expect(files).toEqual([expect.objectContaining({ path: old, clientLock: `${old}.lock` })]);
    });
  });
});

describe('entry tables', () => {
  it('has the user’s table and one for each project that has entries', () => {
    const root: unknown = JSON.parse(`{
      "mcpServers": {},
      "projects": {
        "/work/a b": {"mcpServers": {"x": {}}, "history": []},
        "/work/none": {"history": []},
        "/work/null": {"mcpServers": null},
        "/work/list": {"mcpServers": []},
        "__proto__": {"mcpServers": {"y": {}}},
        "constructor": {"mcpServers": {}}
      }
    }`);
    expect(claudeCode.entryTables(root)).toEqual([
      USER,
      { keys: ['projects', '/work/a b', 'mcpServers'], scope: 'local', project: '/work/a b' },
      { keys: ['projects', '__proto__', 'mcpServers'], scope: 'local', project: '__proto__' },
      { keys: ['projects', 'constructor', 'mcpServers'], scope: 'local', project: 'constructor' },
    ]);
  });

  it('A09: takes nothing from a prototype', () => {
    const inherited: unknown = Object.create({ mcpServers: {}, projects: { '/p': { mcpServers: {} } } });
    expect(claudeCode.entryTables(inherited)).toEqual([]);
  });

  it.each([[null], [[]], ['text'], [7], [{ projects: [] }], [{ projects: { '/p': 'x' } }]])(
    'has none in %j',
    (root) => {
      expect(claudeCode.entryTables(root)).toEqual([]);
    },
  );
});

describe('launch', () => {
  const env = {
    HOME: '/home/ada',
    GITHUB_TOKEN: 'g',
    CLAUDE_PROJECT_DIR: 'outer',
    ELECTRON_RUN_AS_NODE: '1',
    GONE: undefined,
  };
  const added = {
    NoDefaultCurrentDirectoryInExePath: '1',
    COREPACK_ENABLE_AUTO_PIN: '0',
    CLAUDE_CODE_ENTRYPOINT: 'cli',
    CLAUDECODE: '1',
  };

  it('passes the whole environment on and starts user entries at home', () => {
    expect(claudeCode.launch(USER, { GITHUB_TOKEN: 'entry' }, { ...LINUX, env })).toEqual({
      env: { HOME: '/home/ada', ...added, CLAUDE_PROJECT_DIR: '/home/ada', GITHUB_TOKEN: 'entry' },
      cwd: '/home/ada',
    });
  });

  it('starts local entries in their project, and lets the entry override everything', () => {
    const table = {
      keys: ['projects', '/work/p', 'mcpServers'],
      scope: 'local' as const,
      project: '/work/p',
    };
    expect(claudeCode.launch(table, { CLAUDECODE: '7' }, LINUX)).toEqual({
      env: { ...added, CLAUDE_PROJECT_DIR: '/work/p', CLAUDECODE: '7' },
      cwd: '/work/p',
    });
  });

  it('A09: keeps a variable called __proto__ as data', () => {
    const entryEnv = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    expect(Object.keys(claudeCode.launch(USER, entryEnv, LINUX).env)).toContain('__proto__');
  });
});

it('keeps sessions below its config folder', () => {
  expect(claudeCode.sessionFolder?.(LINUX)).toBe('/home/ada/.claude/sessions');
  expect(claudeCode.sessionFolder?.({ ...LINUX, env: { CLAUDE_CONFIG_DIR: '/srv/cc' } })).toBe(
    '/srv/cc/sessions',
  );
  expect(claudeCode.sessionFolder?.({ os: 'win32', home: 'C:\\h', env: {} })).toBe(
    'C:\\h\\.claude\\sessions',
  );
});

it('is installed where its config, its folder or its program is', () => {
  expect(claudeCode.installMarks(LINUX)).toEqual([
    '/home/ada/.claude.json',
    '/home/ada/.claude',
    '/home/ada/.local/bin/claude',
  ]);
});
