import { describe, expect, it } from 'vitest';
import { uninstall, type UninstallOptions } from '../../../electron/hub/migration/uninstall.ts';
import { applyAll, engineFixture, testAdapter, type EngineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const DESKTOP = '/home/ada/.config/Claude/claude_desktop_config.json';
const AUTOSTART = '/home/ada/.config/autostart/patchbay.desktop';
const CONFIG = '{\n  "mcpServers": {\n    "a": { "command": "a", "args": ["-y"] }\n  }\n}\n';
const ADAPTERS = [testAdapter('claude-code', CODE), testAdapter('claude-desktop', DESKTOP, true)];

interface Installed extends EngineFixture {
  disk: MemoryFiles;
  hub: { ended: number; answers: boolean };
  run(options?: Partial<UninstallOptions>): ReturnType<typeof uninstall>;
}

/** A migrated home with everything that Patchbay leaves on a machine. */
async function installed(): Promise<Installed> {
  const disk = new MemoryFiles();
  disk.put(CODE, CONFIG);
  disk.put(DESKTOP, CONFIG);
  disk.put(AUTOSTART, '[Desktop Entry]\nName=Patchbay\n');
  for (const name of ['shim/shim.cjs', 'launch.json', 'run/hub.json', 'run/work/x', 'token', 'secrets.json'])
    disk.put(`/data/${name}`, 'ours');
  const fixture = engineFixture({ files: disk, adapters: ADAPTERS });
  await applyAll(fixture.service);
  const hub = { ended: 0, answers: true };
  const { service, storage, data } = fixture;
  return {
    disk,
    hub,
    ...fixture,
    run: (options = {}) =>
      uninstall(
        {
          service,
          storage,
          data,
          platform: { os: 'linux', home: '/home/ada', env: {} },
          findHub: async () => ({
            stop: async () => {
              hub.ended += 1;
              // The shims of live sessions would start the next hub with it.
              expect(disk.text('/data/launch.json')).toBeNull();
              return hub.answers;
            },
          }),
        },
        { dryRun: false, keepData: false, force: false, ...options },
      ),
  };
}

describe('uninstall', () => {
  it('A32: puts every config back and leaves nothing of ours', async () => {
    const { disk, hub, run } = await installed();
    const report = await run();
    expect(report.state).toBe('done');
    expect(report.hub).toBe('stopped');
    expect(report.clients.map(({ name, files }) => [name, files.map(({ result }) => result)])).toEqual([
      ['Claude Code', ['exact']],
      ['Claude Desktop', ['exact']],
    ]);
    expect(report.left).toEqual([]);
    expect(hub.ended).toBe(1);
    expect(disk.text(CODE)).toBe(CONFIG);
    expect(disk.text(DESKTOP)).toBe(CONFIG);
    expect(disk.tree('/').filter((name) => name.startsWith('data/'))).toEqual([]);
    expect(disk.text(AUTOSTART)).toBeNull();
  });

  it('only says so first', async () => {
    const { disk, hub, run } = await installed();
    const before = disk.tree('/');
    const migrated = disk.text(CODE);
    const report = await run({ dryRun: true });
    expect(report.state).toBe('preview');
    expect(report.clients[0]!.files[0]!.diff).toContain('+    "a": { "command": "a", "args": ["-y"] }');
    expect(report.removed).toContain('/data/shim');
    expect(disk.tree('/')).toEqual(before);
    expect(disk.text(CODE)).toBe(migrated);
    expect(hub.ended).toBe(0);
  });

  it('keeps what a person may want again when told to', async () => {
    const { disk, run } = await installed();
    const report = await run({ keepData: true });
    expect(report.state).toBe('done');
    const left = disk.tree('/data');
    expect(left).toContain('mcp-servers.json');
    expect(left).toContain('secrets.json');
    expect(left.some((name) => name.endsWith('1-claude-code.backup'))).toBe(true);
    expect(left.some((name) => /^(shim|launch|run|token)/.test(name))).toBe(false);
  });

  it('keeps what is not ours in a folder that the person chose', async () => {
    const { disk, run } = await installed();
    disk.put('/data/holiday.jpg', 'mine');
    const report = await run();
    expect(disk.tree('/data')).toEqual(['holiday.jpg']);
    expect(report.left).toEqual([{ path: '/data', reason: "It holds what is not Patchbay's: holiday.jpg." }]);
  });

  it('keeps later edits of a config, and shows them', async () => {
    const { disk, run } = await installed();
    disk.put(CODE, disk.text(CODE)!.replace('{\n', '{\n  "theme": "light",\n'));
    const report = await run();
    expect(report.clients[0]!.files).toMatchObject([{ result: 'merged' }]);
    expect(disk.text(CODE)).toBe(CONFIG.replace('{\n', '{\n  "theme": "light",\n'));
  });

  it('refuses while a config cannot be put back, and takes nothing that its servers need', async () => {
    const { disk, hub, run } = await installed();
    const broken = `${disk.text(CODE)!}}`;
    disk.put(CODE, broken);
    const report = await run();
    expect(report.state).toBe('refused');
    expect(report.clients[0]!.files).toMatchObject([{ result: 'conflict' }]);
    expect(hub.ended).toBe(0);
    // Refused before anything was changed: the other client too is as it was.
    expect(disk.text(DESKTOP)).toContain('shim.cjs');
    expect(disk.text('/data/shim/shim.cjs')).toBe('ours');
  });

  it('refuses while a client runs that would write over it, and tells', async () => {
    const { disk, run, running } = await installed();
    running.add('claude-desktop');
    const report = await run();
    expect(report.state).toBe('refused');
    const desktop = report.clients.find(({ client }) => client === 'claude-desktop')!;
    expect(desktop.files).toMatchObject([
      { result: 'conflict', message: expect.stringContaining('Claude Desktop') },
    ]);
    expect(desktop.stillRouted).toEqual([{ path: DESKTOP, entry: 'a' }]);
    expect(disk.text(DESKTOP)).toContain('shim.cjs');
    expect(disk.text('/data/shim/shim.cjs')).toBe('ours');
  });

  it('A32: when forced, keeps what the entries that stay need to start their servers by themselves', async () => {
    const { disk, run, running } = await installed();
    running.add('claude-desktop');
    const report = await run({ force: true });
    expect(report.state).toBe('done');
    expect(disk.text(CODE)).toBe(CONFIG);
    expect(disk.text(DESKTOP)).toContain('shim.cjs');
    const left = disk.tree('/data');
    expect(left).toContain('shim/shim.cjs');
    // With it the rest can be put back later, by script or by a new installation.
    expect(left.some((name) => name.endsWith('restore.sh'))).toBe(true);
    expect(left).not.toContain('run/');
    expect(report.left.map(({ path }) => path)).toEqual(['/data/shim', '/data/migrations']);
  });

  it('touches no file of a hub that does not end', async () => {
    const { disk, hub, run } = await installed();
    hub.answers = false;
    const report = await run();
    expect(report.hub).toBe('still-running');
    expect(report.left).toMatchObject([{ path: '/data' }]);
    expect(disk.text('/data/run/hub.json')).toBe('ours');
    expect(disk.text(CODE)).toBe(CONFIG);
  });

  it('can be repeated', async () => {
    const { disk, run } = await installed();
    await run();
    const report = await run();
    expect(report).toMatchObject({ state: 'done', clients: [], left: [] });
    expect(disk.text(CODE)).toBe(CONFIG);
  });

  it("leaves a stranger's autostart entry of the same name", async () => {
    const { disk, run } = await installed();
    disk.put(AUTOSTART, '[Desktop Entry]\nName=Something else\n');
    await run();
    expect(disk.text(AUTOSTART)).toContain('Something else');
  });
});
