import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import type { Plan, PlanOptions } from '../../../shared/model/migration.ts';
import { applyAll, engineFixture, SHIM, type EngineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const SHARED = '/home/ada/p/.mcp.json';
const PROJECTS: PlanOptions = { projects: true };

/** A project with one shared server that was approved, one that was rejected and one nobody was asked about. */
const STATE = {
  mcpServers: {},
  projects: {
    '/home/ada/p': {
      enabledMcpjsonServers: ['db', 'up'],
      disabledMcpjsonServers: ['bad'],
      allowedTools: ['mcp__db__query'],
    },
    '/home/ada/p/sub': {},
  },
};
const SERVERS = {
  mcpServers: {
    db: { type: 'stdio', command: 'npx', args: ['db', '${HOST:-x}'], env: { A: '1' }, timeout: 5_000 },
    bad: { command: 'bad' },
    pending: { command: 'pending' },
    far: { type: 'http', url: 'https://far.example' },
  },
};

function stage(files: Readonly<Record<string, object | string>> = {}): EngineFixture & { disk: MemoryFiles } {
  const disk = new MemoryFiles();
  const all = { [CODE]: STATE, [SHARED]: SERVERS, ...files };
  for (const [path, content] of Object.entries(all)) {
    disk.put(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  return { disk, ...engineFixture({ files: disk, adapters: [claudeCode] }) };
}

const sharedRows = (plan: Plan, path = SHARED): unknown[] =>
  plan.files
    .find((file) => file.path === path)!
    .entries.map(({ name, action, reason }) => [name, action, reason]);

describe('E41, shared files of projects', () => {
  it('are shown, and nothing of theirs is moved unasked', async () => {
    const { service } = stage();
    const plan = await service.plan({});
    expect(sharedRows(plan)).toEqual([
      ['db', 'leave', expect.stringContaining('--projects')],
      ['bad', 'leave', expect.stringContaining('rejected')],
      ['pending', 'leave', expect.stringContaining('not approved')],
      ['far', 'leave', expect.stringContaining('remote')],
    ]);
    expect(plan.files.map(({ diff }) => diff)).toEqual(['', '']);
    expect(plan.consequences).toMatchObject({ entriesMoved: 0, entriesLeft: 4 });
    const [code] = await service.clients();
    expect(code!.configs.find(({ path }) => path === SHARED)).toMatchObject({
      scope: 'project',
      project: '/home/ada/p',
      exists: true,
      entries: [
        { name: 'db', routed: false },
        { name: 'bad' },
        { name: 'pending' },
        { name: 'far', transport: 'http' },
      ],
    });
  });

  it('get an entry of the same name in the person’s own file for what was approved, when asked for', async () => {
    const { disk, service } = stage();
    const plan = await service.plan(PROJECTS);
    const [own, shared] = plan.files;
    expect(own!.entries).toEqual([
      {
        name: 'db',
        scope: 'local',
        project: '/home/ada/p',
        action: 'move',
        server: 'db',
        overrides: SHARED,
        mentions: [
          expect.objectContaining({ kind: 'permission', rule: 'mcp__db__query', keeps: true }),
          expect.objectContaining({ kind: 'approval', rule: 'db', keeps: true }),
        ],
      },
    ]);
    expect(shared!.entries[0]).toMatchObject({
      name: 'db',
      action: 'leave',
      reason: expect.stringContaining(CODE),
    });
    expect(plan.consequences).toMatchObject({ entriesMoved: 1, worksWithoutHub: true, namesChanged: 0 });

    const before = disk.text(CODE);
    const sharedBefore = disk.text(SHARED);
    await applyAll(service, { ...PROJECTS, witness: false });
    expect(disk.text(SHARED)).toBe(sharedBefore);
    const { projects } = JSON.parse(disk.text(CODE)!) as {
      projects: Record<string, { mcpServers?: object }>;
    };
    expect(projects['/home/ada/p']!.mcpServers).toEqual({
      db: {
        type: 'stdio',
        command: SHIM.command,
        args: [...SHIM.args, '--client', 'claude-code', '--server', 'db', '--', 'npx', 'db', '${HOST:-x}'],
        env: { A: '1' },
        timeout: 5_000,
      },
    });
    expect(projects['/home/ada/p/sub']).toEqual({});
    await expect(applyAll(service, { ...PROJECTS, witness: false })).rejects.toMatchObject({
      code: 'NOTHING_TO_DO',
    });

    const { files } = await service.rollback({ dryRun: false });
    expect(files).toMatchObject([{ result: 'exact' }]);
    expect(disk.text(CODE)).toBe(before);
  });

  it('A24: after later edits the entry is taken out again, and the edits stay', async () => {
    const { disk, service } = stage();
    await applyAll(service, { ...PROJECTS, witness: false });
    disk.put(CODE, disk.text(CODE)!.replace('"allowedTools"', '"seen": 1, "allowedTools"'));
    await service.rollback({ dryRun: false });
    const { projects } = JSON.parse(disk.text(CODE)!) as { projects: Record<string, object> };
    expect(projects['/home/ada/p']).toEqual({ ...STATE.projects['/home/ada/p'], seen: 1, mcpServers: {} });
  });

  it('are proven like every other entry', async () => {
    const { service, witness } = stage();
    const { result } = await applyAll(service, { ...PROJECTS, witness: true });
    expect(result.parity).toMatchObject([
      { server: 'db', scope: 'local', project: '/home/ada/p', route: 'hub' },
    ]);
    expect(witness.launches.map(({ route, cwd }) => [route, cwd])).toEqual([
      ['direct', '/home/ada/p'],
      ['shim', '/home/ada/p'],
    ]);
  });

  it('what the folder says of itself is no consent', async () => {
    const state = { ...STATE, projects: { '/home/ada/p': {} } };
    const itself = { '/home/ada/p/.claude/settings.json': { enableAllProjectMcpServers: true } };
    const { service } = stage({ [CODE]: state, ...itself });
    expect(sharedRows(await service.plan(PROJECTS))[0]).toEqual([
      'db',
      'leave',
      expect.stringContaining('not approved'),
    ]);

    const own = { '/home/ada/p/.claude/settings.local.json': { enabledMcpjsonServers: ['db'] } };
    const approved = await stage({ [CODE]: state, ...own }).service.plan(PROJECTS);
    expect(approved.files[0]!.entries.map(({ name }) => name)).toEqual(['db']);
  });

  it('are not hidden where a folder further in means something else by the name', async () => {
    const { service } = stage({ '/home/ada/p/sub/.mcp.json': { mcpServers: { db: { command: 'other' } } } });
    const plan = await service.plan(PROJECTS);
    expect(sharedRows(plan)[0]).toEqual(['db', 'leave', expect.stringContaining('/home/ada/p/sub')]);
    expect(plan.files[0]!.entries).toEqual([]);
  });

  it('count from every folder above, nearest first, and not where the person has an entry of that name', async () => {
    const state = {
      projects: {
        '/home/ada/p': { enabledMcpjsonServers: ['db', 'up'], mcpServers: { db: { command: 'mine' } } },
      },
    };
    const { service } = stage({
      [CODE]: state,
      '/home/ada/.mcp.json': { mcpServers: { up: { command: 'up' }, db: { command: 'hidden' } } },
    });
    const plan = await service.plan(PROJECTS);
    expect(plan.files[0]!.entries.map(({ name, overrides }) => [name, overrides])).toEqual([
      ['db', undefined],
      ['up', '/home/ada/.mcp.json'],
    ]);
    expect(sharedRows(plan)[0]).toEqual(['db', 'leave', expect.stringContaining('same name')]);
    expect(sharedRows(plan, '/home/ada/.mcp.json')[1]).toEqual([
      'db',
      'leave',
      expect.stringContaining('nearer'),
    ]);
  });

  it('A01: a damaged one is told of and stops nothing', async () => {
    const { service } = stage({
      [SHARED]: '{"mcpServers": {',
      [CODE]: { ...STATE, mcpServers: { a: { command: 'a' } } },
    });
    const plan = await service.plan(PROJECTS);
    expect(plan.files[1]).toMatchObject({ path: SHARED, warnings: [{ code: 'UNREADABLE' }] });
    const { result } = await applyAll(service, { ...PROJECTS, witness: false });
    expect(result.state).toBe('applied');
    expect(result.notes).toEqual([]);
  });
});
