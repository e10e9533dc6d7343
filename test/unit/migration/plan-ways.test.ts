import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { parseShimArguments } from '../../../electron/shim/shim-arguments.ts';
import type { Plan, PlanOptions } from '../../../shared/model/migration.ts';
import { applyAll, engineFixture, SHIM } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';
import { CODE, CONFIG, stage, TOKEN, type Stage } from './plan-stage.ts';

/** Migrates, takes it back untouched, migrates again, lets the client write, and takes that back. */
async function thereAndBack(at: Stage, options: PlanOptions): Promise<void> {
  await applyAll(at.service, { ...options, witness: false });
  const { files } = await at.service.rollback({ dryRun: false });
  expect(files.every(({ result }) => result === 'exact')).toBe(true);
  expect(at.disk.text(CODE)).toBe(CONFIG);

  await applyAll(at.service, { ...options, witness: false });
  at.disk.put(CODE, at.disk.text(CODE)!.replace('"numStartups": 7', '"numStartups": 8'));
  const again = await at.service.rollback({ dryRun: false });
  expect(again.files.filter(({ path }) => path === CODE)).toMatchObject([{ result: 'merged' }]);
}

const actions = (plan: Plan): unknown[] =>
  plan.files.flatMap(({ entries }) => entries.map(({ name, action, scope }) => [name, action, scope]));

describe('entries that become a URL', () => {
  const HTTP: PlanOptions = { transport: 'http' };

  it('keep their own command beside it; what cannot be passed on stays', async () => {
    const at = stage();
    const plan = await at.service.plan(HTTP);
    expect(actions(plan)).toEqual([
      ['github', 'leave', 'user'],
      ['notes', 'move', 'user'],
      ['docs', 'leave', 'user'],
      ['own', 'leave', 'user'],
      ['local', 'leave', 'local'],
    ]);
    expect(plan.files[0]!.entries[0]!.reason).toContain('GITHUB_TOKEN');
    expect(plan.files[0]!.diff).not.toContain(TOKEN);
    expect(plan.files[0]!.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['HUB_NEEDED', 'OTHER_PLACE']),
    );
    expect(plan.consequences).toMatchObject({
      entriesMoved: 1,
      namesChanged: 0,
      worksWithoutHub: false,
      entriesNeedingHub: 1,
      entriesElsewhere: 1,
      processesNow: 1,
      processesThen: 1,
    });

    await applyAll(at.service, { ...HTTP, witness: false });
    expect(at.config().mcpServers.notes).toEqual({
      command: 'notes',
      type: 'http',
      url: 'http://127.0.0.1:12009/servers/notes/mcp',
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    const [, code] = await at.service.clients();
    expect(code!.configs[0]!.entries.find(({ name }) => name === 'notes')).toEqual({
      name: 'notes',
      transport: 'http',
      routed: true,
    });
    await expect(applyAll(at.service, { ...HTTP, witness: false })).rejects.toMatchObject({
      code: 'NOTHING_TO_DO',
    });
  });

  it('A24, A25: come back exactly, and after later edits', async () => {
    const at = stage();
    await thereAndBack(at, HTTP);
    expect(at.disk.text(CODE)).toBe(CONFIG.replace('"numStartups": 7', '"numStartups": 8'));
  });

  it('A26: come back without a backup', async () => {
    const at = stage();
    await applyAll(at.service, { ...HTTP, witness: false });
    const routed = at.disk.text(CODE)!;
    const fresh = stage();
    fresh.disk.put(CODE, routed);
    await fresh.service.rollback({ dryRun: false });
    expect(fresh.disk.text(CODE)).toBe(CONFIG);
  });

  it('keeps the address a hub has', async () => {
    const at = stage({ '/data/run/hub.json': '{"url":"http://127.0.0.1:4711/"}' });
    await applyAll(at.service, { ...HTTP, witness: false });
    expect(at.config().mcpServers.notes!.url).toBe('http://127.0.0.1:4711/servers/notes/mcp');
  });

  it('are refused while no hub ever was', async () => {
    const disk = new MemoryFiles();
    disk.put(CODE, CONFIG);
    const { service } = engineFixture({ files: disk, adapters: [claudeCode] });
    await expect(service.plan(HTTP)).rejects.toMatchObject({ code: 'HUB_NOT_RUNNING' });
  });

  it('are for clients that speak HTTP: the others get the shim', async () => {
    const desktop = '/home/ada/.config/Claude/claude_desktop_config.json';
    const at = stage({ [desktop]: '{"mcpServers":{"a":{"command":"a"}}}' });
    const plan = await at.service.plan({ ...HTTP, clients: ['claude-desktop'] });
    expect(plan.files[0]!.diff).toContain('shim.cjs');
    expect(plan.files[0]!.diff).not.toContain('url');
  });

  it('are nobody else’s: a server on this machine is not taken for ours', async () => {
    const disk = new MemoryFiles();
    const entry = { type: 'http', url: 'http://127.0.0.1:3000/mcp', headers: { Authorization: 'Bearer x' } };
    disk.put(CODE, JSON.stringify({ mcpServers: { mine: entry } }));
    const { service } = engineFixture({ files: disk, adapters: [claudeCode] });
    const [code] = await service.clients();
    expect(code!.configs[0]!.entries).toEqual([{ name: 'mine', transport: 'http', routed: false }]);
  });
});

describe('remote servers', () => {
  const REMOTES: PlanOptions = { remotes: true };

  it('stay unless asked for, and always where the client signs in itself', async () => {
    const { files } = await stage().service.plan({});
    const codes = files[0]!.warnings
      .filter(({ code }) => code.endsWith('_DIRECT'))
      .map(({ code, entry }) => [code, entry]);
    expect(codes).toEqual([
      ['REMOTE_LEFT_DIRECT', 'docs'],
      ['LOGIN_LEFT_DIRECT', 'own'],
    ]);
    expect(actions(await stage().service.plan(REMOTES))).toContainEqual(['own', 'leave', 'user']);
  });

  it('start the shim, keep URL and headers in their entry, and leave the secret there', async () => {
    const at = stage();
    const plan = await at.service.plan(REMOTES);
    expect(JSON.stringify(plan)).not.toContain('s3cret');
    expect(plan.consequences).toMatchObject({
      entriesMoved: 4,
      entriesNeedingHub: 1,
      processesNow: 3,
      processesThen: 7,
    });
    await applyAll(at.service, { ...REMOTES, witness: false });
    expect(at.config().mcpServers.docs).toEqual({
      type: 'stdio',
      url: 'https://docs.example/mcp',
      command: SHIM.command,
      args: [...SHIM.args, '--client', 'claude-code', '--server', 'docs', '--remote', 'http'],
      env: { PATCHBAY_HEADER_AUTHORIZATION: 'Bearer s3cret-value' },
      headers: { Authorization: 'Bearer s3cret-value', 'X-Team': 'a' },
    });
    const args = at.config().mcpServers.docs!.args as string[];
    expect(parseShimArguments(args.slice(SHIM.args.length))).toEqual({
      client: 'claude-code',
      server: 'docs',
      original: null,
      secrets: new Map(),
    });
    const catalog = JSON.parse(at.disk.text('/data/mcp-servers.json')!) as {
      mcpServers: Record<string, unknown>;
    };
    expect(catalog.mcpServers.docs).toMatchObject({
      url: 'https://docs.example/mcp',
      type: 'http',
      headers: { Authorization: '${PATCHBAY_HEADER_AUTHORIZATION}', 'X-Team': 'a' },
      isolation: 'client',
    });
    expect(at.disk.text('/data/mcp-servers.json')).not.toContain('s3cret');
  });

  it('A24, A25: come back exactly, after later edits, and out of the catalog', async () => {
    const at = stage();
    await thereAndBack(at, REMOTES);
    expect(at.disk.text(CODE)).toBe(CONFIG.replace('"numStartups": 7', '"numStartups": 8'));
    expect(at.disk.text('/data/mcp-servers.json')).not.toContain('docs.example');
  });
});

describe('one entry for all', () => {
  const MERGED: PlanOptions = { mode: 'merged' };

  it('takes the others’ place, with the secrets they had', async () => {
    const at = stage();
    const plan = await at.service.plan(MERGED);
    expect(actions(plan)).toEqual([
      ['github', 'move', 'user'],
      ['notes', 'move', 'user'],
      ['docs', 'leave', 'user'],
      ['own', 'leave', 'user'],
      ['local', 'move', 'local'],
    ]);
    expect(plan.consequences).toMatchObject({
      entriesMoved: 3,
      namesChanged: 3,
      processesNow: 3,
      processesThen: 5,
      worksWithoutHub: false,
      entriesNeedingHub: 3,
      serversGained: 0,
    });
    await applyAll(at.service, { ...MERGED, witness: false });
    const { mcpServers, projects } = at.config();
    const gateway = {
      command: SHIM.command,
      args: [...SHIM.args, '--client', 'claude-code', '--server', '*'],
    };
    expect(Object.keys(mcpServers)).toEqual(['patchbay', 'docs', 'own']);
    expect(mcpServers.patchbay).toEqual({ ...gateway, env: { GITHUB_TOKEN: 'ghp_0123456789abcdef' } });
    // In the project it hides the user's, so it has to do for both.
    expect(projects['/p']!.mcpServers).toEqual({
      patchbay: { ...gateway, env: { GITHUB_TOKEN: 'ghp_0123456789abcdef', API_KEY: 'k-1' } },
    });
    const [, code] = await at.service.clients();
    expect(code!.configs.flatMap(({ entries }) => entries).filter(({ routed }) => routed)).toHaveLength(2);
  });

  it('A24, A25: gives way to them again, word for word', async () => {
    const at = stage();
    await thereAndBack(at, MERGED);
    expect(at.disk.text(CODE)).toBe(CONFIG.replace('"numStartups": 7', '"numStartups": 8'));
  });

  it('A24: what was added and deleted since stays so', async () => {
    const at = stage();
    await applyAll(at.service, { ...MERGED, witness: false });
    const now = at.config();
    now.mcpServers.notes = { command: 'other notes' };
    delete now.projects['/p'];
    at.disk.put(CODE, JSON.stringify(now, null, 2));
    await at.service.rollback({ dryRun: false });
    const { mcpServers, projects } = at.config();
    expect(Object.keys(mcpServers).sort()).toEqual(['docs', 'github', 'notes', 'own']);
    expect(mcpServers.notes).toEqual({ command: 'other notes' });
    expect(mcpServers.github).toMatchObject({ command: 'npx' });
    expect(projects).toEqual({});
  });

  it('A26: says what it cannot do without the backup, and touches nothing', async () => {
    const at = stage();
    const { result } = await applyAll(at.service, { ...MERGED, witness: false });
    await at.disk.remove(result.files[0]!.backup);
    const merged = at.disk.text(CODE);
    at.disk.put(CODE, merged!.replace('7', '8'));
    const { files } = await at.service.rollback({ dryRun: false });
    expect(files).toMatchObject([{ result: 'conflict' }]);
    expect(at.disk.text(CODE)).toBe(merged!.replace('7', '8'));
  });

  it('leaves what two entries want differently, and what would hide an entry of a person’s', async () => {
    const disk = new MemoryFiles();
    const entry = (key: string): object => ({ command: key, env: { API_KEY: key } });
    disk.put(
      CODE,
      JSON.stringify({
        mcpServers: { a: entry('k-1'), b: entry('k-2') },
        projects: { '/p': { mcpServers: { patchbay: { command: 'mine' }, c: { command: 'c' } } } },
      }),
    );
    const { service } = engineFixture({ files: disk, adapters: [claudeCode] });
    const { files } = await service.plan(MERGED);
    expect(files[0]!.entries.map(({ name, action, reason }) => [name, action, reason ?? ''])).toEqual([
      ['a', 'move', ''],
      ['b', 'leave', expect.stringContaining('API_KEY')],
      ['patchbay', 'leave', expect.stringContaining('patchbay')],
      ['c', 'leave', expect.stringContaining('patchbay')],
    ]);
  });

  it('counts the servers its client did not have', async () => {
    const at = stage({ '/data/mcp-servers.json': '{"mcpServers":{"elsewhere":{"command":"e"}}}' });
    expect((await at.service.plan(MERGED)).consequences!.serversGained).toBe(1);
  });
});
