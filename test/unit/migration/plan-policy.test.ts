import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { claudeDesktop } from '../../../electron/hub/clients/claude-desktop.ts';
import type { Platform } from '../../../electron/hub/data-folder.ts';
import { applyAll, engineFixture, type EngineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const MANAGED = '/etc/claude-code/managed-settings.json';
const CONFIG = JSON.stringify({
  mcpServers: { github: { command: 'npx', args: ['gh'] }, notes: { command: 'notes' } },
  projects: { '/p': { mcpServers: { local: { command: 'l' } } } },
});

function stage(files: Readonly<Record<string, object | string>>): EngineFixture & { disk: MemoryFiles } {
  const disk = new MemoryFiles();
  disk.put(CODE, CONFIG);
  for (const [path, content] of Object.entries(files)) {
    disk.put(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { disk, ...engineFixture({ files: disk, adapters: [claudeCode] }) };
}

async function expectRefused(at: ReturnType<typeof stage>, path: string, words: RegExp): Promise<void> {
  const [file] = (await at.service.plan({})).files;
  expect(file!.refusal).toMatchObject({ code: 'MANAGED_POLICY', message: expect.stringMatching(words) });
  expect(file!.refusal!.message).toContain(path);
  await expect(applyAll(at.service)).rejects.toMatchObject({ code: 'MANAGED_POLICY' });
  expect(at.disk.text(CODE)).toBe(CONFIG);
  expect(at.disk.text('/data/mcp-servers.json')).toBeNull();
}

describe('what policies forbid', () => {
  it('an allow list of commands that does not know our shim: refused before anything is touched', async () => {
    const allowed = [
      { serverCommand: ['npx', 'gh'] },
      { serverCommand: ['notes'] },
      { serverCommand: ['l'] },
    ];
    await expectRefused(
      stage({ [MANAGED]: { allowedMcpServers: allowed } }),
      MANAGED,
      /"github".*serverCommand/,
    );
  });

  it('a managed-mcp.json, even a damaged one: refused, as no entry here counts', async () => {
    const path = '/etc/claude-code/managed-mcp.json';
    await expectRefused(stage({ [path]: { mcpServers: { only: { command: 'x' } } } }), path, /only servers/);
    await expectRefused(stage({ [path]: '{' }), path, /only servers/);
  });

  it('a deny rule for our own command, of whoever: refused', async () => {
    const denied = [
      '/usr/bin/node',
      '/data/shim/shim.cjs',
      '--client',
      'claude-code',
      '--server',
      'notes',
      '--',
      'notes',
    ];
    const own = '/home/ada/.claude/settings.json';
    await expectRefused(
      stage({ [own]: { deniedMcpServers: [{ serverCommand: denied }] } }),
      own,
      /denies it/,
    );
  });

  it('an entry that is denied today stays: moved, it would slip past the rule', async () => {
    const at = stage({ [MANAGED]: { deniedMcpServers: [{ serverCommand: ['npx', 'gh'] }] } });
    const [file] = (await at.service.plan({})).files;
    expect(file!.refusal).toBeUndefined();
    expect(file!.entries.map(({ name, action }) => [name, action])).toEqual([
      ['github', 'leave'],
      ['notes', 'move'],
      ['local', 'move'],
    ]);
    expect(file!.warnings).toContainEqual(
      expect.objectContaining({
        code: 'MANAGED_POLICY',
        entry: 'github',
        message: expect.stringContaining(MANAGED),
      }),
    );
  });

  it('lists by name go on to match, but for the one name of merged entries', async () => {
    const names = ['github', 'notes', 'local'].map((serverName) => ({ serverName }));
    const at = stage({ [MANAGED]: { allowedMcpServers: names } });
    expect((await at.service.plan({})).files[0]!.refusal).toBeUndefined();
    const merged = (await at.service.plan({ mode: 'merged' })).files[0]!;
    expect(merged.refusal).toMatchObject({
      code: 'MANAGED_POLICY',
      message: expect.stringContaining('"patchbay"'),
    });
  });

  it('lists of URLs bind entries that become one', async () => {
    const at = stage({
      [MANAGED]: {
        allowedMcpServers: [
          { serverName: 'github' },
          { serverName: 'notes' },
          { serverName: 'local' },
          { serverUrl: 'https://*' },
        ],
      },
      '/data/token': 'T'.repeat(43),
    });
    expect((await at.service.plan({})).files[0]!.refusal).toBeUndefined();
    expect((await at.service.plan({ transport: 'http' })).files[0]!.refusal).toMatchObject({
      code: 'MANAGED_POLICY',
    });
  });

  it('settings of one project bind that project', async () => {
    const path = '/p/.claude/settings.json';
    const at = stage({ [path]: { deniedMcpServers: [{ serverName: 'local' }, { serverName: 'github' }] } });
    const [file] = (await at.service.plan({})).files;
    expect(file!.entries.map(({ name, action }) => [name, action])).toEqual([
      ['github', 'move'],
      ['notes', 'move'],
      ['local', 'leave'],
    ]);
  });

  it('are shown with the client', async () => {
    const at = stage({ [MANAGED]: { deniedMcpServers: [{ serverName: 'x' }] } });
    const [code] = await at.service.clients();
    expect(code!.policy).toMatchObject({
      exclusive: null,
      rules: [{ path: MANAGED, managed: true, effect: 'deny', by: 'serverName', text: '{"serverName":"x"}' }],
    });
  });
});

describe('A23: two files of Claude Desktop on Windows', () => {
  // The memory disk knows no drive letters; the paths are what matters.
  const platform: Platform = { os: 'linux', home: '/home/ada', env: {} };
  const [live, hidden] = ['/home/ada/private/c.json', '/home/ada/roaming/c.json'];
  const adapter = {
    ...claudeDesktop,
    configFiles: () => [
      { path: live, client: 'claude-desktop' as const, mustNotRun: true },
      { path: hidden, client: 'claude-desktop' as const, mustNotRun: true, hiddenBy: [live] },
    ],
  };
  const config = '{"mcpServers":{"a":{"command":"a"}}}';

  it('only the one it reads is written; the other is shown as what it is', async () => {
    const disk = new MemoryFiles();
    disk.put(live, config);
    disk.put(hidden, config);
    const { service } = engineFixture({ files: disk, adapters: [adapter], platform });
    const plan = await service.plan({});
    expect(plan.files.map(({ entries }) => entries[0]!.action)).toEqual(['move', 'leave']);
    expect(plan.files[1]!.warnings[0]).toMatchObject({
      code: 'HIDDEN_FILE',
      message: expect.stringContaining(live),
    });
    const [desktop] = await service.clients();
    expect(desktop!.configs.map(({ live: isLive }) => isLive)).toEqual([true, false]);
    await applyAll(service);
    expect(disk.text(hidden)).toBe(config);
  });

  it('the other is the live one as long as it is alone', async () => {
    const disk = new MemoryFiles();
    disk.put(hidden, config);
    const { service } = engineFixture({ files: disk, adapters: [adapter], platform });
    expect((await service.plan({})).files.map(({ path, entries }) => [path, entries[0]!.action])).toEqual([
      [hidden, 'move'],
    ]);
  });
});
