import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { claudeDesktop } from '../../../electron/hub/clients/claude-desktop.ts';
import { findProjectConfigs, knownProjects } from '../../../electron/hub/clients/find-projects.ts';
import { agentWords } from '../../../electron/hub/clients/read-agents.ts';
import { propertyListQuery, systemPropertyLists } from '../../../electron/hub/clients/mac-preferences.ts';
import { policyView, readSurroundings } from '../../../electron/hub/clients/read-surroundings.ts';
import type { Platform } from '../../../electron/hub/data-folder.ts';
import { MemoryFiles } from '../migration/memory-files.ts';

const LINUX: Platform = { os: 'linux', home: '/home/ada', env: {} };
const MAC: Platform = { os: 'darwin', home: '/Users/ada', env: {} };
const CODE = '/home/ada/.claude';
const PREFERENCE = '/Library/Managed Preferences/com.anthropic.claudecode.plist';

function disk(files: Readonly<Record<string, object | string>>): MemoryFiles {
  const memory = new MemoryFiles();
  for (const [path, content] of Object.entries(files)) {
    memory.put(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return memory;
}

describe('plugins of Claude Code', () => {
  // As 2.1.329 lays them out.
  const INSTALLED = `${CODE}/plugins/cache/mk/plug/1.0.0`;
  const files = {
    [`${CODE}/plugins/installed_plugins.json`]: {
      version: 2,
      plugins: {
        'plug@mk': [{ scope: 'user', installPath: INSTALLED, version: '1.0.0' }],
        'inline@mk': [{ scope: 'user', installPath: `${INSTALLED}-inline` }],
        'tools@mk': [{ scope: 'user', installPath: `${INSTALLED}-none` }],
        'odd@mk': 'what',
      },
    },
    [`${INSTALLED}/.mcp.json`]: { mcpServers: { fromfile: { command: 'node' } } },
    [`${INSTALLED}-inline/.claude-plugin/plugin.json`]: { name: 'inline', mcpServers: { inside: {} } },
    [`${INSTALLED}-none/.claude-plugin/plugin.json`]: { name: 'tools' },
    [`${CODE}/settings.json`]: { enabledPlugins: { 'plug@mk': true, 'inline@mk': false } },
  };

  it('are shown with their servers and switches; those without servers are not', async () => {
    const { sources } = await readSurroundings({ files: disk(files) }, claudeCode, LINUX, []);
    expect(sources).toEqual([
      expect.objectContaining({
        kind: 'plugin',
        name: 'plug@mk',
        servers: ['fromfile'],
        enabled: true,
        path: INSTALLED,
      }),
      expect.objectContaining({ kind: 'plugin', name: 'inline@mk', servers: ['inside'], enabled: false }),
    ]);
  });

  it('are passed over where their list is damaged', async () => {
    const broken = { ...files, [`${CODE}/plugins/installed_plugins.json`]: '{"plugins": {' };
    expect((await readSurroundings({ files: disk(broken) }, claudeCode, LINUX, [])).sources).toEqual([]);
  });
});

describe('an administrator’s files', () => {
  it('are read in the order in which they count, and shown', async () => {
    const found = await readSurroundings(
      {
        files: disk({
          '/etc/claude-code/managed-settings.json': { deniedMcpServers: [{ serverName: 'a' }] },
          '/etc/claude-code/managed-settings.d/20-b.json': {
            allowManagedMcpServersOnly: true,
            allowedMcpServers: [],
          },
          '/etc/claude-code/managed-settings.d/10-a.json': { managedMcpServers: { given: { command: 'x' } } },
          '/etc/claude-code/managed-settings.d/notes.txt': 'no settings',
          '/etc/claude-code/managed-settings.d/30-c.json': '{',
          [`${CODE}/settings.json`]: { allowedMcpServers: [{ serverName: 'mine' }] },
        }),
      },
      claudeCode,
      LINUX,
      [],
    );
    expect(found.settings.map(({ path }) => path.split('/').at(-1))).toEqual([
      'settings.json',
      'managed-settings.json',
      '10-a.json',
      '20-b.json',
      '30-c.json',
    ]);
    expect(found.sources).toEqual([expect.objectContaining({ kind: 'managed', servers: ['given'] })]);
    const policy = policyView(found);
    expect(policy.rules.map(({ effect, by, text }) => [effect, by, text])).toEqual([
      ['allow', 'nothing', '[]'],
      ['deny', 'serverName', '{"serverName":"a"}'],
    ]);
    expect(policy).toMatchObject({
      managedAllowListOnly: true,
      exclusive: null,
      unreadable: [{ path: '/etc/claude-code/managed-settings.d/30-c.json' }],
    });
  });

  it.each([
    ['readable', { mcpServers: { only: { command: 'x' } } }, ['only']],
    // Claude Code gives it control all the same.
    ['damaged', '{', []],
  ] as const)('take over as managed-mcp.json, %s', async (_what, content, servers) => {
    const path = '/etc/claude-code/managed-mcp.json';
    const found = await readSurroundings({ files: disk({ [path]: content }) }, claudeCode, LINUX, []);
    expect(found.exclusive).toEqual({ path, servers });
    expect(policyView(found).exclusive).toBe(path);
    expect(found.sources).toEqual([expect.objectContaining({ kind: 'managed', path, servers })]);
  });

  it('that device management laid down on macOS are read by its own tool', async () => {
    const asked: string[] = [];
    const readPropertyList = async (path: string): Promise<string> => {
      asked.push(path);
      return '{"deniedMcpServers":[{"serverName":"github"}]}';
    };
    const files = disk({ [PREFERENCE]: 'bplist00' });
    const view = policyView(await readSurroundings({ files, readPropertyList }, claudeCode, MAC, []));
    expect(asked).toEqual([PREFERENCE]);
    expect(view.rules).toEqual([expect.objectContaining({ path: PREFERENCE, effect: 'deny' })]);
    expect(view.unreadable).toEqual([]);
    await readSurroundings({ files: disk({}), readPropertyList }, claudeCode, MAC, []);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['there is nothing to read it with', undefined],
    ['the tool cannot read it', () => Promise.reject(new Error('Property List error'))],
    ['what it says is no JSON', async () => 'x'],
  ])('are told of where %s', async (_why, readPropertyList) => {
    const files = disk({ [PREFERENCE]: 'bplist00' });
    const found = await readSurroundings({ files, readPropertyList }, claudeCode, MAC, []);
    expect(policyView(found).unreadable).toEqual([
      { path: PREFERENCE, error: expect.stringContaining('format') },
    ]);
  });

  it('are asked for without writing anything, and on macOS only', () => {
    expect(propertyListQuery('/a b.plist').args).toEqual(['-convert', 'json', '-o', '-', '--', '/a b.plist']);
    expect(systemPropertyLists(LINUX)).toBeUndefined();
    expect(systemPropertyLists(MAC)).toBeTypeOf('function');
  });
});

describe('Claude Desktop’s other servers', () => {
  it('are its extensions, its connectors and those of another provider', async () => {
    const folder = '/home/ada/.config/Claude';
    const { sources } = await readSurroundings(
      {
        files: disk({
          [`${folder}/extensions-installations.json`]: {
            extensions: {
              'ant.files': { id: 'ant.files', manifest: { name: 'files', display_name: 'Files' } },
              gone: {},
            },
          },
          [`${folder}/Claude Extensions/ant.files/manifest.json`]: { name: 'files', display_name: 'Files' },
          [`${folder}/Claude Extensions/unlisted/manifest.json`]: { name: 'extra' },
          [`${folder}/Claude Extensions Settings/ant.files.json`]: { isEnabled: false },
          '/home/ada/.config/Claude-3p/configLibrary/_meta.json': {},
        }),
      },
      claudeDesktop,
      LINUX,
      [],
    );
    expect(sources.map(({ kind, name, servers, enabled }) => [kind, name, servers, enabled])).toEqual([
      ['extension', 'Files', ['files'], false],
      ['extension', 'gone', ['gone'], undefined],
      ['extension', 'extra', ['extra'], undefined],
      ['connectors', 'Connectors of the account', [], undefined],
      ['third-party', 'Claude Desktop with another provider', [], undefined],
    ]);
  });

  it('are none where the app never was', async () => {
    expect((await readSurroundings({ files: new MemoryFiles() }, claudeDesktop, LINUX, [])).sources).toEqual(
      [],
    );
  });
});

describe('sub-agents', () => {
  it.each([
    ['tools: Read, mcp__github__create_issue', ['tools Read', 'tools mcp__github__create_issue']],
    ['tools: [Read, "mcp__a"]', ['tools Read', 'tools mcp__a']],
    ['tools:\n  - mcp__a__b # why\n  - Read\nmodel: opus', ['tools mcp__a__b', 'tools Read']],
    ['disallowedTools: mcp__a', ['disallowedTools mcp__a']],
    ['mcpServers:\n  - github\n  - own:\n      command: npx', ['mcpServers github', 'mcpServers own']],
    ['name: x\ndescription: uses mcp__a__b', []],
  ])('say %j', (header, words) => {
    const text = `---\r\n${header.replaceAll('\n', '\r\n')}\r\n---\r\nYou are a sub-agent. tools: mcp__not__this\r\n`;
    expect(agentWords(text).map(({ key, word }) => `${key} ${word}`)).toEqual(words);
  });

  it('are found in folders, of the person and of projects', async () => {
    const agent = '---\ntools: mcp__a__b\n---\n';
    const { agents } = await readSurroundings(
      {
        files: disk({
          [`${CODE}/agents/deep/er/x.md`]: agent,
          '/p/.claude/agents/y.md': agent,
          '/p/.claude/agents/z.md': 'no header',
        }),
      },
      claudeCode,
      LINUX,
      ['/p'],
    );
    expect(agents.map(({ path, project }) => [path, project])).toEqual([
      [`${CODE}/agents/deep/er/x.md`, undefined],
      ['/p/.claude/agents/y.md', '/p'],
    ]);
  });
});

describe('projects', () => {
  it('are those the config knows and those sessions run in', () => {
    const root = { projects: { '/p': {}, '/q': {} } };
    const session = { pid: 1, startedAt: null, version: null, cwd: '/r' };
    expect(
      knownProjects(
        claudeCode,
        [root, null],
        [session, { ...session, cwd: null }, { ...session, cwd: '/p' }],
      ),
    ).toEqual(['/p', '/q', '/r']);
    expect(knownProjects(claudeDesktop, [root], [session])).toEqual([]);
  });

  it('get their shared configs from their folder and every one above, nearest first', async () => {
    const files = disk({
      '/home/ada/.mcp.json': {},
      '/home/ada/w/.mcp.json': {},
      '/home/ada/w/p/x': {},
      '/q/.mcp.json/dir': {},
    });
    const { configs, byProject } = await findProjectConfigs(
      files,
      claudeCode,
      ['/home/ada/w/p', '/home/ada', '/q'],
      'linux',
    );
    expect(configs.map(({ path, project }) => [path, project])).toEqual([
      ['/home/ada/w/.mcp.json', '/home/ada/w'],
      ['/home/ada/.mcp.json', '/home/ada'],
    ]);
    expect(byProject).toEqual([
      { project: '/home/ada/w/p', paths: ['/home/ada/w/.mcp.json', '/home/ada/.mcp.json'] },
      { project: '/home/ada', paths: ['/home/ada/.mcp.json'] },
    ]);
  });
});
