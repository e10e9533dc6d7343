import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../../../shared/model/error.ts';
import { parseCatalog } from '../../../electron/hub/servers/catalog-parse.ts';
import { applyAll, engineFixture, testAdapter, type EngineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const DESKTOP = '/home/ada/.config/Claude/claude_desktop_config.json';

const server = (command: string, rest: object = {}): object => ({ command, args: ['-y'], ...rest });

function twoClients(code: object, desktop: object): EngineFixture & { disk: MemoryFiles } {
  const disk = new MemoryFiles();
  disk.put(CODE, JSON.stringify(code, null, 2));
  disk.put(DESKTOP, JSON.stringify(desktop, null, 2));
  const adapters = [testAdapter('claude-code', CODE), testAdapter('claude-desktop', DESKTOP, true)];
  return { disk, ...engineFixture({ files: disk, adapters }) };
}

const both = (): ReturnType<typeof twoClients> =>
  twoClients(
    {
      mcpServers: { github: server('gh', { env: { GITHUB_TOKEN: 'ghp_0123456789abcdef', LOG: '1' } }) },
      projects: { '/p': { mcpServers: { github: server('other') } } },
    },
    {
      mcpServers: {
        github: server('gh', { env: { GITHUB_TOKEN: 'another', LOG: '1' } }),
        notes: server('notes'),
      },
    },
  );

const catalogOf = ({ disk }: { disk: MemoryFiles }): ReturnType<typeof parseCatalog> =>
  parseCatalog(disk.text('/data/mcp-servers.json') ?? '', 'catalog');

describe('apply', () => {
  it('tells its steps, proves the result, and keeps secrets out of the catalog', async () => {
    const fixture = both();
    const { result, steps } = await applyAll(fixture.service, { witness: true });
    const oneClient = ['write started', 'write finished', 'witness started', 'witness finished'];
    expect(steps).toEqual([
      'baseline started',
      'baseline finished',
      'backup started',
      'backup finished',
      ...oneClient,
      'baseline started',
      'baseline finished',
      ...oneClient,
      'done finished',
    ]);
    expect(result.state).toBe('applied');
    expect(result.files.map(({ path }) => path)).toEqual([CODE, DESKTOP]);
    expect(result.parity).toHaveLength(4);
    expect(result.notes).toEqual([
      expect.stringContaining('Start Claude Code again'),
      'Start Claude Desktop again.',
    ]);

    // Equal but for the secret: one server. The same name with another command: a second one.
    const catalog = catalogOf(fixture);
    expect([...catalog.keys()]).toEqual(['github', 'github-2', 'notes']);
    expect(catalog.get('github')).toMatchObject({
      command: 'gh',
      env: { GITHUB_TOKEN: '${GITHUB_TOKEN}', LOG: '1' },
      origin: { client: 'claude-code', path: CODE, scope: 'user' },
    });
    expect(catalog.get('github-2')).toMatchObject({
      command: 'other',
      origin: { scope: 'local', project: '/p' },
    });
    expect(fixture.disk.text('/data/mcp-servers.json')).not.toMatch(/ghp_|another/);
    const manifest = fixture.disk.text(`/data/migrations/${result.id}/manifest.json`);
    expect(manifest).not.toMatch(/ghp_|another/);
  });

  it('starts each entry exactly as its client would, before and after', async () => {
    const { service, witness } = twoClients(
      { mcpServers: { a: { command: '${BIN:-/bin}/a', args: ['${UNSET}'], env: { A: 'x' } } } },
      { mcpServers: {} },
    );
    await applyAll(service, { witness: true });
    const [before, after] = witness.launches;
    expect(before).toMatchObject({
      command: '/bin/a',
      args: ['${UNSET}'],
      env: { PATH: '/bin', A: 'x' },
      cwd: '/home/ada',
      route: 'direct',
    });
    expect(after).toMatchObject({
      command: '/usr/bin/node',
      args: ['/data/shim/shim.cjs', '--client', 'claude-code', '--server', 'a', '--', '/bin/a', '${UNSET}'],
      env: { PATH: '/bin', A: 'x' },
      route: 'shim',
    });
  });

  it('puts back the client that lost a tool, keeps the other, and says why', async () => {
    const fixture = both();
    const original = fixture.disk.text(DESKTOP);
    fixture.witness.toolsOf = ({ route, server: entry }) =>
      route === 'shim' && entry === 'notes' ? ['read'] : ['read', 'write'];
    const { result, steps } = await applyAll(fixture.service, { witness: true });

    expect(steps.slice(-5)).toEqual([
      'witness started',
      'witness failed',
      'rollback started',
      'rollback finished',
      'done finished',
    ]);
    expect(result.state).toBe('partly-rolled-back');
    expect(result.notes[0]).toMatch(/^PARITY_LOST: "notes" of Claude Desktop lost write/);
    expect(fixture.disk.text(DESKTOP)).toBe(original);
    expect(fixture.disk.text(CODE)).toContain('shim.cjs');
    expect([...catalogOf(fixture).keys()]).toEqual(['github', 'github-2']);
    expect(await fixture.service.history()).toMatchObject([{ state: 'partly-rolled-back' }]);
  });

  it('puts everything back when servers answered before and do not any more', async () => {
    const fixture = both();
    const before = [CODE, DESKTOP].map((file) => fixture.disk.text(file));
    fixture.witness.toolsOf = ({ route }) => (route === 'shim' ? null : ['read']);
    const { result } = await applyAll(fixture.service, { witness: true });
    expect(result.state).toBe('rolled-back');
    expect([CODE, DESKTOP].map((file) => fixture.disk.text(file))).toEqual(before);
    expect([...catalogOf(fixture).keys()]).toEqual([]);
  });

  it('goes on when a server did not answer before either', async () => {
    const fixture = both();
    fixture.witness.toolsOf = () => null;
    const { result } = await applyAll(fixture.service, { witness: true });
    expect(result.state).toBe('applied');
  });

  it('puts everything back when the proof itself breaks', async () => {
    const fixture = both();
    const before = fixture.disk.text(CODE);
    const probe = fixture.witness.probe.bind(fixture.witness);
    fixture.witness.probe = (launches, signal) =>
      launches.some(({ route }) => route === 'shim')
        ? Promise.reject(new Error('no more processes'))
        : probe(launches, signal);
    const { result } = await applyAll(fixture.service, { witness: true });
    expect(result).toMatchObject({
      state: 'rolled-back',
      notes: [
        'The routed entries of Claude Code could not be tried: no more processes',
        'The routed entries of Claude Desktop could not be tried: no more processes',
      ],
    });
    expect(fixture.disk.text(CODE)).toBe(before);
  });

  it('A17: leaves a running Claude Desktop alone and goes on with the others', async () => {
    const fixture = both();
    const before = fixture.disk.text(DESKTOP);
    fixture.running.add('claude-desktop');
    const plan = await fixture.service.plan({});
    expect(plan.files[1]).toMatchObject({
      refusal: { code: 'CLIENT_RUNNING' },
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'CLIENT_RUNNING' })]),
    });
    const { result } = await applyAll(fixture.service);
    expect(result.files.map(({ client }) => client)).toEqual(['claude-code']);
    expect(result.notes.join()).toMatch(/Claude Desktop was left as it is/);
    expect(fixture.disk.text(DESKTOP)).toBe(before);
    await expect(applyAll(fixture.service)).rejects.toMatchObject({ code: 'CLIENT_RUNNING' });
  });

  it('A17: does not take a system that lists no processes for one without Claude Desktop', async () => {
    const disk = new MemoryFiles();
    disk.put(DESKTOP, JSON.stringify({ mcpServers: { a: server('a') } }));
    const unknown = new PatchbayError('NOT_SUPPORTED', 'Nobody can tell.');
    const { service } = engineFixture({
      files: disk,
      adapters: [testAdapter('claude-desktop', DESKTOP, true)],
      listProcesses: () => Promise.reject(unknown),
    });
    expect((await service.clients())[0]!.running).toEqual([]);
    expect((await service.plan({})).files).toMatchObject([{ refusal: { code: 'NOT_SUPPORTED' } }]);
    await expect(applyAll(service)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  });

  it('A17: sees a client that was started while the servers were asked', async () => {
    const fixture = both();
    fixture.witness.toolsOf = () => {
      fixture.running.add('claude-desktop');
      return ['read'];
    };
    await expect(
      applyAll(fixture.service, { witness: true, clients: ['claude-desktop'] }),
    ).rejects.toMatchObject({ code: 'CLIENT_RUNNING' });
    expect(await fixture.service.history()).toEqual([]);
  });

  it('tells which sessions to reload', async () => {
    const disk = new MemoryFiles();
    disk.put(CODE, JSON.stringify({ mcpServers: { a: server('a') } }));
    const adapter = { ...testAdapter('claude-code', CODE), sessionFolder: () => '/nowhere' };
    const { service, running } = engineFixture({ files: disk, adapters: [adapter] });
    running.add('claude-code');
    expect((await service.plan({})).files[0]!.warnings).toMatchObject([{ code: 'SESSIONS_RUNNING' }]);
    const { result } = await applyAll(service);
    expect(result.notes).toEqual([
      expect.stringMatching(/^Claude Code \(pid 90000000\) .* run \/reload-plugins in it, or restart it$/),
    ]);
    expect((await service.rollback({ dryRun: false })).files).toMatchObject([
      { result: 'exact', message: expect.stringMatching(/run \/reload-plugins or restart in: /) },
    ]);
  });

  it('refuses a plan that is out of date, and touches only what was shown', async () => {
    const fixture = both();
    const shown = (await fixture.service.plan({})).files.map(({ path, sha256 }) => ({ path, sha256 }));
    const codeOnly = shown.filter(({ path }) => path === CODE);
    fixture.disk.put(CODE, `${fixture.disk.text(CODE)}\n`);
    await expect(applyAll(fixture.service, { witness: false, expected: shown })).rejects.toMatchObject({
      code: 'PLAN_STALE',
    });
    const desktopOnly = shown.filter(({ path }) => path === DESKTOP);
    const { result } = await applyAll(fixture.service, { witness: false, expected: desktopOnly });
    expect(result.files.map(({ path }) => path)).toEqual([DESKTOP]);
    expect(codeOnly).toHaveLength(1);
  });

  it('A28: a second migration has nothing to do and a new server joins by itself', async () => {
    const fixture = both();
    const first = await applyAll(fixture.service);
    await expect(applyAll(fixture.service)).rejects.toMatchObject({ code: 'NOTHING_TO_DO' });
    expect((await fixture.service.plan({})).files[0]!.entries).toMatchObject([
      { name: 'github', action: 'leave', server: 'github' },
      { name: 'github', action: 'leave', server: 'github-2', project: '/p' },
    ]);

    const grown = JSON.parse(fixture.disk.text(CODE)!) as { mcpServers: Record<string, object> };
    grown.mcpServers.fresh = server('fresh');
    fixture.disk.put(CODE, JSON.stringify(grown, null, 2));
    const second = await applyAll(fixture.service);
    expect(second.result.files).toHaveLength(1);
    expect((await fixture.service.history()).map(({ id }) => id)).toEqual([
      second.result.id,
      first.result.id,
    ]);

    await fixture.service.rollback({ dryRun: false });
    expect(JSON.parse(fixture.disk.text(CODE)!)).toMatchObject({
      mcpServers: { github: server('gh'), fresh: server('fresh') },
      projects: { '/p': { mcpServers: { github: server('other') } } },
    });
    expect([...catalogOf(fixture).keys()]).toEqual([]);
  });

  it('A29: one unreadable config does not keep the others from being routed', async () => {
    const fixture = both();
    fixture.disk.put(CODE, '{ "mcpServers": ');
    const { result } = await applyAll(fixture.service);
    expect(result.files.map(({ path }) => path)).toEqual([DESKTOP]);
    expect(fixture.disk.text(CODE)).toBe('{ "mcpServers": ');
  });

  it('stops before the first change when nobody listens any more, and goes on after it', async () => {
    const early = both();
    const before = early.disk.tree('/');
    for await (const progress of early.service.apply({ witness: true })) {
      expect(progress).toMatchObject({ step: 'baseline' });
      break;
    }
    expect(early.disk.tree('/')).toEqual([...before, 'data/', 'data/migrations/'].sort());

    const late = both();
    for await (const progress of late.service.apply({ witness: true })) {
      if (progress.type === 'step' && progress.step === 'backup') break;
    }
    expect(await late.service.history()).toMatchObject([{ state: 'applied' }]);
    expect(late.disk.tree('/data').filter((name) => /lock|journal/.test(name))).toEqual([]);
  });

  it('names a broken catalog and changes nothing', async () => {
    const fixture = both();
    fixture.disk.put('/data/mcp-servers.json', '{ "mcpServers": { "a": {} } }');
    await expect(fixture.service.plan({})).rejects.toMatchObject({ code: 'CATALOG_INVALID' });
    await expect(applyAll(fixture.service)).rejects.toMatchObject({ code: 'CATALOG_INVALID' });
    expect(fixture.disk.text(CODE)).not.toContain('shim.cjs');
  });

  it('verify asks every routed entry both ways and compares', async () => {
    const fixture = both();
    expect(await fixture.service.verify({})).toEqual({ ok: true, parity: [] });
    await applyAll(fixture.service);
    expect(await fixture.service.verify({})).toMatchObject({ ok: true, parity: { length: 4 } });
    fixture.witness.toolsOf = ({ route }) => (route === 'shim' ? ['read'] : ['read', 'write']);
    const { ok, parity } = await fixture.service.verify({ clients: ['claude-desktop'] });
    expect(ok).toBe(false);
    expect(parity.map(({ client, missing }) => [client, missing])).toEqual([
      ['claude-desktop', ['write']],
      ['claude-desktop', ['write']],
    ]);
  });
});
