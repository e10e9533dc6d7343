import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { claudeCodeProjectPlaces, foldersUpward } from '../../../electron/hub/clients/claude-code-places.ts';
import { claudeDesktop } from '../../../electron/hub/clients/claude-desktop.ts';
import type { Platform } from '../../../electron/hub/data-folder.ts';

const LINUX: Platform = { os: 'linux', home: '/home/ada', env: {} };
const MAC: Platform = { os: 'darwin', home: '/Users/ada', env: {} };
const WINDOWS: Platform = {
  os: 'win32',
  home: 'C:\\Users\\ada',
  env: { APPDATA: 'C:\\R', LOCALAPPDATA: 'C:\\L', ProgramFiles: 'E:\\Mine' },
};

describe('what lies around Claude Code’s config', () => {
  it.each([
    [
      LINUX,
      '/etc/claude-code/managed-mcp.json',
      '/etc/claude-code/managed-settings.d',
      '/home/ada/.claude/settings.json',
    ],
    [
      MAC,
      '/Library/Application Support/ClaudeCode/managed-mcp.json',
      '/Library/Application Support/ClaudeCode/managed-settings.d',
      '/Users/ada/.claude/settings.json',
    ],
    [
      WINDOWS,
      'C:\\Program Files\\ClaudeCode\\managed-mcp.json',
      'C:\\Program Files\\ClaudeCode\\managed-settings.d',
      'C:\\Users\\ada\\.claude\\settings.json',
    ],
  ])('is where $os has it', (platform, exclusive, spread, own) => {
    const places = claudeCode.surroundings!(platform);
    expect(places.exclusiveConfigs).toEqual([exclusive]);
    expect(places.managedSettingsFolders).toEqual([spread]);
    expect(places.settings).toEqual([
      { path: own, managed: false },
      { path: exclusive.replace('managed-mcp', 'managed-settings'), managed: true },
    ]);
  });

  it('moves with CLAUDE_CONFIG_DIR, but for what an administrator laid down', () => {
    const moved = claudeCode.surroundings!({ ...LINUX, env: { CLAUDE_CONFIG_DIR: '/srv/cc' } });
    expect(moved.settings[0]!.path).toBe('/srv/cc/settings.json');
    expect(moved.agentFolders).toEqual(['/srv/cc/agents']);
    expect(moved.sources).toEqual([{ kind: 'plugin-index', path: '/srv/cc/plugins/installed_plugins.json' }]);
    expect(moved.exclusiveConfigs).toEqual(['/etc/claude-code/managed-mcp.json']);
  });

  it('knows what a project folder may hold', () => {
    expect(claudeCodeProjectPlaces('D:\\work', 'win32')).toEqual({
      config: 'D:\\work\\.mcp.json',
      settings: [
        { path: 'D:\\work\\.claude\\settings.json', managed: false, project: 'D:\\work' },
        { path: 'D:\\work\\.claude\\settings.local.json', managed: false, project: 'D:\\work' },
      ],
      agentFolder: 'D:\\work\\.claude\\agents',
    });
  });

  it.each([
    ['linux', '/work/a/b', ['/work/a/b', '/work/a', '/work', '/']],
    ['darwin', '/', ['/']],
    ['win32', 'C:\\work\\a', ['C:\\work\\a', 'C:\\work', 'C:\\']],
    ['win32', '\\\\server\\share\\a', ['\\\\server\\share\\a', '\\\\server\\share\\']],
    // A09: keys of a config are any text.
    ['linux', '__proto__', []],
    ['linux', '../up', []],
  ] as const)('on %s looks upward from %s', (os, folder, folders) => {
    expect(foldersUpward(folder, os)).toEqual(folders);
  });
});

describe('what lies around Claude Desktop’s config', () => {
  const PRIVATE = 'C:\\L\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache';

  it('A23: on Windows the packaged app’s private copy hides the other', () => {
    expect(claudeDesktop.configFiles(WINDOWS)).toMatchObject([
      { path: `${PRIVATE}\\Roaming\\Claude\\claude_desktop_config.json` },
      {
        path: 'C:\\R\\Claude\\claude_desktop_config.json',
        hiddenBy: [`${PRIVATE}\\Roaming\\Claude\\claude_desktop_config.json`],
      },
    ]);
    expect(claudeDesktop.configFiles(MAC)).toHaveLength(1);
  });

  it.each([
    [LINUX, ['/home/ada/.config/Claude'], ['/home/ada/.config/Claude-3p']],
    [
      MAC,
      ['/Users/ada/Library/Application Support/Claude'],
      ['/Users/ada/Library/Application Support/Claude-3p'],
    ],
    [
      WINDOWS,
      [`${PRIVATE}\\Roaming\\Claude`, 'C:\\R\\Claude'],
      [`${PRIVATE}\\Local\\Claude-3p`, 'C:\\L\\Claude-3p'],
    ],
  ])('has extensions, connectors and another provider’s folder on $os', (platform, folders, others) => {
    const { sources } = claudeDesktop.surroundings!(platform);
    const separator = platform.os === 'win32' ? '\\' : '/';
    expect(sources.filter(({ kind }) => kind === 'extensions')).toEqual(
      folders.map((folder) => ({
        kind: 'extensions',
        index: `${folder}${separator}extensions-installations.json`,
        folder: `${folder}${separator}Claude Extensions`,
        settings: `${folder}${separator}Claude Extensions Settings`,
      })),
    );
    const marks = sources.flatMap((source) =>
      source.kind === 'mark' ? [[source.source.kind, source.path]] : [],
    );
    expect(marks).toEqual([
      ...folders.map((folder) => ['connectors', folder]),
      ...others.map((folder) => ['third-party', folder]),
    ]);
  });
});
