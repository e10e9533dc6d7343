import { describe, expect, it } from 'vitest';
import { claudeDesktop } from '../../../electron/hub/clients/claude-desktop.ts';
import type { Platform } from '../../../electron/hub/data-folder.ts';

const platform = (os: NodeJS.Platform, home: string, env: Platform['env'] = {}): Platform => ({
  os,
  home,
  env,
});
const paths = (asked: Platform): string[] => claudeDesktop.configFiles(asked).map((file) => file.path);
const USER = { keys: ['mcpServers'], scope: 'user' as const };

describe('config files', () => {
  it('is in Application Support on macOS', () => {
    expect(paths(platform('darwin', '/Users/ada'))).toEqual([
      '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
    ]);
  });

  it('is in the config folder on Linux, with a capital C', () => {
    expect(paths(platform('linux', '/home/ada'))).toEqual([
      '/home/ada/.config/Claude/claude_desktop_config.json',
    ]);
    expect(paths(platform('linux', '/home/ada', { XDG_CONFIG_HOME: '/data/config' }))).toEqual([
      '/data/config/Claude/claude_desktop_config.json',
    ]);
    expect(paths(platform('linux', '/home/ada', { XDG_CONFIG_HOME: 'relative' }))).toEqual([
      '/home/ada/.config/Claude/claude_desktop_config.json',
    ]);
  });

  it('A23: is the packaged app’s private file and the old one on Windows, the private one first', () => {
    const env = { APPDATA: 'D:\\Roaming', LOCALAPPDATA: 'D:\\Local' };
    expect(paths(platform('win32', 'C:\\Users\\Ada Lovelace', env))).toEqual([
      'D:\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
      'D:\\Roaming\\Claude\\claude_desktop_config.json',
    ]);
    expect(paths(platform('win32', 'C:\\Users\\Ada Lovelace'))).toEqual([
      'C:\\Users\\Ada Lovelace\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
      'C:\\Users\\Ada Lovelace\\AppData\\Roaming\\Claude\\claude_desktop_config.json',
    ]);
  });

  it('A17: must not be written while the app runs, which overwrites it from memory', () => {
    expect(claudeDesktop.configFiles(platform('linux', '/home/ada'))).toEqual([
      expect.objectContaining({ client: 'claude-desktop', mustNotRun: true }),
    ]);
    expect(claudeDesktop.configFiles(platform('linux', '/home/ada'))[0]).not.toHaveProperty('clientLock');
  });
});

describe('launch', () => {
  it('passes on what the MCP SDK calls safe, then the entry’s own variables', () => {
    const env = {
      HOME: '/home/ada',
      PATH: '/bin',
      SHELL: '/bin/sh',
      GITHUB_TOKEN: 'x',
      TERM: '() { :; }',
      USER: undefined,
    };
    expect(
      claudeDesktop.launch(USER, { TOKEN: 't', PATH: '/opt' }, platform('linux', '/home/ada', env)),
    ).toEqual({
      env: { HOME: '/home/ada', PATH: '/opt', SHELL: '/bin/sh', TOKEN: 't' },
      cwd: '/home/ada',
    });
  });

  it('starts in the root folder on macOS', () => {
    expect(claudeDesktop.launch(USER, {}, platform('darwin', '/Users/ada', { LOGNAME: 'ada' }))).toEqual({
      env: { LOGNAME: 'ada' },
      cwd: '/',
    });
  });

  it('finds Windows variables in whatever case they are written', () => {
    const env = {
      Path: 'C:\\bin',
      SystemRoot: 'C:\\Windows',
      ProgramFiles: 'C:\\Program Files',
      OneDrive: 'x',
    };
    expect(claudeDesktop.launch(USER, {}, platform('win32', 'C:\\Users\\ada', env))).toEqual({
      env: { PATH: 'C:\\bin', SYSTEMROOT: 'C:\\Windows', PROGRAMFILES: 'C:\\Program Files' },
      cwd: 'C:\\Users\\ada',
    });
  });

  it('A09: keeps a variable called __proto__ as data', () => {
    const entryEnv = JSON.parse('{"__proto__":"polluted"}') as Record<string, string>;
    const { env } = claudeDesktop.launch(USER, entryEnv, platform('linux', '/home/ada'));
    expect(Object.entries(env)).toEqual([['__proto__', 'polluted']]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

it('knows one table of entries', () => {
  expect(
    claudeDesktop.entryTables({ mcpServers: { a: {} }, projects: { '/p': { mcpServers: {} } } }),
  ).toEqual([USER]);
  for (const root of [null, [], 'text', {}, { mcpServers: null }, { mcpServers: [] }]) {
    expect(claudeDesktop.entryTables(root)).toEqual([]);
  }
});

it.each([
  ['darwin', '/Applications/Claude.app'],
  ['linux', '/usr/lib/claude-desktop'],
  ['win32', 'C:\\h\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc'],
] as const)('is installed on %s where %s exists', (os, mark) => {
  expect(claudeDesktop.installMarks(platform(os, os === 'win32' ? 'C:\\h' : '/h'))).toContain(mark);
});
