import { describe, expect, it } from 'vitest';
import { applyAll, engineFixture, SHIM, testAdapter, type EngineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const DESKTOP = '/home/ada/.config/Claude/claude_desktop_config.json';
const CONFIG = {
  mcpServers: {
    github: { type: 'stdio', command: 'gh', args: ['-y'], env: { GITHUB_TOKEN: 'x' } },
    files: { command: 'files' },
  },
};
const TEXT = JSON.stringify(CONFIG, null, 2);

interface Fixture extends EngineFixture {
  disk: MemoryFiles;
  /** Reads a config, changes it and writes it anew, as a client does. */
  edit(file: string, change: (config: Record<string, Record<string, Record<string, unknown>>>) => void): void;
}

function migrated(shimEnv: Record<string, string> = {}): Promise<Fixture> {
  return prepare(shimEnv, async ({ service }) => void (await applyAll(service)));
}

async function prepare(
  shimEnv: Record<string, string>,
  run: (fixture: Fixture) => Promise<void>,
): Promise<Fixture> {
  const disk = new MemoryFiles();
  disk.put(CODE, TEXT, 0o640);
  disk.put(DESKTOP, TEXT);
  const adapters = [testAdapter('claude-code', CODE), testAdapter('claude-desktop', DESKTOP, true)];
  const fixture: Fixture = {
    disk,
    ...engineFixture({ files: disk, adapters, shim: { ...SHIM, env: shimEnv } }),
    edit(file, change) {
      const config = JSON.parse(disk.text(file)!) as Record<string, Record<string, Record<string, unknown>>>;
      change(config);
      disk.put(file, JSON.stringify(config, null, 2));
    },
  };
  await run(fixture);
  return fixture;
}

const results = (files: readonly { result: string }[]): string[] => files.map(({ result }) => result);

describe('rollback', () => {
  it('A25, A31: puts the very bytes and the mode back; the backup is for its owner only', async () => {
    const { service, disk } = await migrated();
    const { files } = await service.rollback({ dryRun: false });
    expect(results(files)).toEqual(['exact', 'exact']);
    expect(disk.text(CODE)).toBe(TEXT);
    expect((await disk.facts(CODE)).mode).toBe(0o640);
    const [item] = await service.history();
    expect(item).toMatchObject({ state: 'rolled-back' });
    expect((await disk.facts(item!.files[0]!.backup)).mode).toBe(0o600);
    expect((await disk.facts(`/data/migrations/${item!.id}`)).mode).toBe(0o700);
  });

  it('A24: keeps what was changed since: other keys, new servers, deleted and edited entries', async () => {
    const { service, edit, disk } = await migrated();
    edit(CODE, (config) => {
      config.oauthAccount = { emailAddress: { now: 'here' } };
      config.mcpServers!.later = { command: 'later' };
      delete config.mcpServers!.files;
      (config.mcpServers!.github!.args as string[]).push('--added-later');
      config.mcpServers!.github!.timeout = 5;
    });
    edit(DESKTOP, (config) => {
      config.mcpServers!.github = { command: 'edited', args: ['by hand'] };
    });
    const { files } = await service.rollback({ dryRun: false });
    expect(results(files)).toEqual(['merged', 'merged']);
    expect(JSON.parse(disk.text(CODE)!)).toEqual({
      mcpServers: {
        github: { ...CONFIG.mcpServers.github, args: ['-y', '--added-later'], timeout: 5 },
        later: { command: 'later' },
      },
      oauthAccount: { emailAddress: { now: 'here' } },
    });
    expect(JSON.parse(disk.text(DESKTOP)!)).toEqual({
      mcpServers: { github: { command: 'edited', args: ['by hand'] }, files: { command: 'files' } },
    });
  });

  it('A24: takes the variables of the shim out again, and nothing else of env', async () => {
    const { service, edit, disk } = await migrated({ ELECTRON_RUN_AS_NODE: '1' });
    expect(JSON.parse(disk.text(CODE)!)).toMatchObject({
      mcpServers: { files: { env: { ELECTRON_RUN_AS_NODE: '1' } } },
    });
    edit(
      CODE,
      (config) => (config.mcpServers!.github!.env = { ELECTRON_RUN_AS_NODE: '1', GITHUB_TOKEN: 'new' }),
    );
    await service.rollback({ dryRun: false });
    expect(JSON.parse(disk.text(CODE)!)).toEqual({
      mcpServers: {
        ...CONFIG.mcpServers,
        github: { ...CONFIG.mcpServers.github, env: { GITHUB_TOKEN: 'new' } },
      },
    });
  });

  it('shows the diff and writes nothing in a dry run', async () => {
    const { service, disk } = await migrated();
    const before = disk.text(CODE);
    const tree = disk.tree('/');
    const { files } = await service.rollback({ dryRun: true });
    expect(results(files)).toEqual(['exact', 'exact']);
    expect(files[0]!.diff).toMatch(/^-.*shim\.cjs/m);
    expect(disk.text(CODE)).toBe(before);
    expect(disk.tree('/')).toEqual(tree);
  });

  it('takes back one client, or one migration', async () => {
    const { service, disk } = await migrated();
    const [item] = await service.history();
    expect(results((await service.rollback({ clients: ['claude-desktop'], dryRun: false })).files)).toEqual([
      'exact',
    ]);
    expect(disk.text(CODE)).toContain('shim.cjs');
    expect(await service.history()).toMatchObject([{ state: 'partly-rolled-back' }]);
    expect(disk.text('/data/mcp-servers.json')).toContain('"github"');

    const { files } = await service.rollback({ migration: item!.id, dryRun: false });
    expect(files).toMatchObject([{ path: CODE, result: 'exact', migration: item!.id }]);
    expect(await service.history()).toMatchObject([{ state: 'rolled-back' }]);
    expect(disk.text('/data/mcp-servers.json')).not.toContain('"github"');
    await expect(service.rollback({ migration: '../../etc', dryRun: false })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('takes back an older migration of a file and keeps the newer one', async () => {
    const { service, disk, edit } = await migrated();
    const [first] = await service.history();
    edit(CODE, (config) => (config.mcpServers!.later = { command: 'later' }));
    await applyAll(service, { witness: false, clients: ['claude-code'] });
    const { files } = await service.rollback({ migration: first!.id, dryRun: false });
    expect(results(files)).toEqual(['merged', 'exact']);
    const { mcpServers } = JSON.parse(disk.text(CODE)!) as {
      mcpServers: Record<string, { command: string }>;
    };
    expect(mcpServers).toMatchObject({
      github: { command: 'gh' },
      files: { command: 'files' },
      later: { command: SHIM.command },
    });
    await service.rollback({ dryRun: false });
    expect(JSON.parse(disk.text(CODE)!)).toEqual({
      mcpServers: { ...CONFIG.mcpServers, later: { command: 'later' } },
    });
  });

  it('A28: doing it twice changes nothing more', async () => {
    const { service, disk } = await migrated();
    const [item] = await service.history();
    await service.rollback({ dryRun: false });
    const tree = disk.tree('/');
    expect(await service.rollback({ dryRun: false })).toEqual({ files: [] });
    expect(results((await service.rollback({ migration: item!.id, dryRun: false })).files)).toEqual([
      'unchanged',
      'unchanged',
    ]);
    expect(disk.tree('/')).toEqual(tree);
    await applyAll(service);
    expect((await service.history()).map(({ state }) => state)).toEqual(['applied', 'rolled-back']);
  });

  it('A26: says that the backups are gone and takes the originals from the entries', async () => {
    const { service, disk } = await migrated();
    const [item] = await service.history();
    for (const name of disk.tree('/data/migrations').filter((entry) => !entry.endsWith('/'))) {
      await disk.remove(`/data/migrations/${name}`);
    }
    await disk.removeFolder(`/data/migrations/${item!.id}`);
    const { files } = await service.rollback({ dryRun: false });
    expect(files).toMatchObject([
      { path: CODE, result: 'merged', message: expect.stringContaining('No backup knows') },
      { path: DESKTOP, result: 'merged' },
    ]);
    expect(JSON.parse(disk.text(DESKTOP)!)).toEqual({
      mcpServers: { ...CONFIG.mcpServers, files: { command: 'files', args: [] } },
    });
  });

  it('A27: never uses a backup that is not what was saved', async () => {
    const { service, disk } = await migrated();
    const [item] = await service.history();
    disk.put(item!.files[0]!.backup, TEXT.replace('gh', 'evil'));
    const { files } = await service.rollback({ dryRun: false });
    expect(files[0]).toMatchObject({
      result: 'exact',
      message: expect.stringContaining('not what was saved'),
    });
    expect(disk.text(CODE)).toBe(TEXT);
  });

  it('A27: names a damaged manifest and still frees the entries', async () => {
    const { service, disk } = await migrated();
    const [item] = await service.history();
    disk.put(
      `/data/migrations/${item!.id}/manifest.json`,
      '{"version":1,"files":[{"backup":"../../../etc/passwd"}]}',
    );
    await expect(service.rollback({ migration: item!.id, dryRun: false })).rejects.toMatchObject({
      code: 'BACKUP_CORRUPT',
    });
    expect(results((await service.rollback({ dryRun: false })).files)).toEqual(['merged', 'merged']);
    expect(disk.text(CODE)).not.toContain('shim.cjs');
  });

  it('leaves a file alone that cannot be read any more, and one that is gone', async () => {
    const { service, disk } = await migrated();
    disk.put(CODE, '{ half');
    await disk.remove(DESKTOP);
    const { files } = await service.rollback({ dryRun: false });
    expect(files).toMatchObject([
      { path: CODE, result: 'conflict', message: expect.stringContaining('line 1') },
      { path: DESKTOP, result: 'unchanged', sha256: null, message: expect.stringContaining('is gone') },
    ]);
    expect(disk.text(CODE)).toBe('{ half');
    expect(await service.history()).toMatchObject([{ state: 'partly-rolled-back' }]);
    expect(disk.text('/data/mcp-servers.json')).toContain('"github"');
  });

  it('A17: does not write under a running Claude Desktop', async () => {
    const { service, disk, running } = await migrated();
    running.add('claude-desktop');
    await expect(service.rollback({ clients: ['claude-desktop'], dryRun: false })).rejects.toMatchObject({
      code: 'CLIENT_RUNNING',
    });
    const { files } = await service.rollback({ dryRun: false });
    expect(files).toMatchObject([
      { path: CODE, result: 'exact' },
      { path: DESKTOP, result: 'conflict', message: expect.stringContaining('running') },
    ]);
    expect(disk.text(DESKTOP)).toContain('shim.cjs');
    running.clear();
    expect(results((await service.rollback({ dryRun: false })).files)).toEqual(['exact']);
  });

  it('takes out of the catalog what it put there, but for what a person has edited since', async () => {
    const { service, disk } = await migrated();
    const catalog = disk.text('/data/mcp-servers.json')!;
    disk.put('/data/mcp-servers.json', catalog.replace('"command": "gh"', '"command": "gh2"'));
    await service.rollback({ dryRun: false });
    expect(disk.text('/data/mcp-servers.json')).toContain('"gh2"');
    expect(disk.text('/data/mcp-servers.json')).not.toContain('"files"');
  });
});
