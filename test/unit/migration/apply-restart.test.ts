import { describe, expect, it } from 'vitest';
import type { ProcessFacts } from '../../../electron/hub/clients/client-adapter.ts';
import { createMigrationService } from '../../../electron/hub/migration/create-migration-service.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import type { ApplyOptions, ApplyResult } from '../../../electron/hub/migration/migration-service.ts';
import type { Arrived } from '../../../electron/hub/migration/settle/client-arrivals.ts';
import type { ProcessControl, ProcessImage } from '../../../electron/hub/migration/settle/process-control.ts';
import { engineFixture, SHIM, testAdapter, type FakeWitness } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const DESKTOP = '/home/ada/.config/Claude/claude_desktop_config.json';
const ENTRY = { mcpServers: { notes: { command: 'notes', args: [] } } };

interface World {
  disk: MemoryFiles;
  witness: FakeWitness;
  /** What was done to the client, in order. */
  done: string[];
  /** Pids of Claude Desktop that run. */
  alive: Set<number>;
  /** What happens when it is told to quit; by default it does. */
  onQuit: (pid: number) => void;
  onStart: () => void;
  seen: Arrived[] | null;
  apply(options: Partial<ApplyOptions>): Promise<ApplyResult>;
}

/** Two clients on a disk in memory: Claude Desktop runs as pid 90000007, Claude Code as pid 90000008 in a terminal. */
function world(): World {
  const disk = new MemoryFiles();
  disk.put(CODE, JSON.stringify(ENTRY));
  disk.put(DESKTOP, JSON.stringify(ENTRY));
  disk.put(
    '/home/ada/.claude/sessions/90000008.json',
    JSON.stringify({ pid: 90_000_008, sessionId: '0f2c5f0e-8b7a-4f8e-9d3e-2a51c7a3b111', status: 'busy' }),
  );
  const adapters = [
    { ...testAdapter('claude-code', CODE), sessionFolder: () => '/home/ada/.claude/sessions' },
    testAdapter('claude-desktop', DESKTOP, true),
  ];
  const { witness, data, storage } = engineFixture({ files: disk, adapters });
  const process = (name: string, pid: number): ProcessFacts => ({
    pid,
    ppid: 1,
    name,
    path: `/usr/bin/${name}`,
    cmd: '',
    startedAt: null,
  });
  const made: World = {
    disk,
    witness,
    done: [],
    alive: new Set([90_000_007]),
    onQuit: (pid) => void made.alive.delete(pid),
    onStart: () => void made.alive.add(90_000_070),
    seen: [{ server: 'notes', session: 's', pid: 71 }],
    async apply(options) {
      const service = createMigrationService({
        data,
        storage,
        platform: { os: 'linux', home: '/home/ada', env: {} },
        shim: SHIM,
        logger: silentLogger,
        installShim: async () => {},
        adapters,
        witness,
        listProcesses: async () => [
          ...[...made.alive].map((pid) => process('claude-desktop', pid)),
          process('claude-code', 90_000_008),
        ],
        control,
        arrivals: {
          waitFor: async (client, servers) => {
            made.done.push(`wait for ${client} ${servers.join()}`);
            return made.seen;
          },
        },
      });
      for await (const progress of service.apply({ witness: true, ...options })) {
        if (progress.type === 'result') return progress.result;
      }
      throw new Error('No result.');
    },
  };
  const control: ProcessControl = {
    image: async ({ pid, path }): Promise<ProcessImage> => ({
      pid,
      mark: 'then',
      executable: path,
      args: ['--flag'],
      argv0: 'claude-desktop',
      cwd: '/home/ada',
      env: { A: 'b' },
    }),
    isAlive: ({ pid }) => made.alive.has(pid),
    terminate: ({ pid }) => {
      made.done.push(`quit ${pid}`);
      made.onQuit(pid);
    },
    run: async () => {},
    start: async (start) => {
      made.done.push(`start ${JSON.stringify(start)}`);
      made.onStart();
    },
  };
  return made;
}

const isRouted = ({ disk }: World, file: string): boolean => disk.text(file)!.includes('shim.cjs');
const START = `start ${JSON.stringify({
  command: '/usr/bin/claude-desktop',
  args: ['--flag'],
  argv0: 'claude-desktop',
  cwd: '/home/ada',
  env: { A: 'b' },
})}`;

describe('one client after the other', () => {
  it('stops and starts only whom the person agreed to, and never a session in a terminal', async () => {
    const live = world();
    const result = await live.apply({ restartClients: ['claude-code', 'claude-desktop'] });
    expect(live.done).toEqual(['quit 90000007', 'wait for claude-desktop notes', START]);
    expect(result.state).toBe('applied');
    expect(result.notes).toEqual([
      'Claude Code (pid 90000008, busy now) keeps the servers it has: run /reload-plugins in it, or leave it and run: claude --resume 0f2c5f0e-8b7a-4f8e-9d3e-2a51c7a3b111',
    ]);
    expect([CODE, DESKTOP].map((file) => isRouted(live, file))).toEqual([true, true]);
  });

  it('proves the first client before the second is touched', async () => {
    const live = world();
    live.witness.toolsOf = ({ client, route }) => {
      if (client === 'claude-code' && route === 'shim')
        live.done.push(`desktop routed: ${isRouted(live, DESKTOP)}`);
      return ['read'];
    };
    await live.apply({ restartClients: ['claude-desktop'] });
    expect(live.done.slice(0, 2)).toEqual(['desktop routed: false', 'quit 90000007']);
  });

  it('leaves a client that does not quit, and says so', async () => {
    const live = world();
    live.onQuit = () => {};
    const result = await live.apply({ restartClients: ['claude-desktop'] });
    expect(live.done).toEqual(['quit 90000007']);
    expect(result.notes.join('\n')).toMatch(/Claude Desktop was left as it is: Claude Desktop is running/);
    expect(isRouted(live, DESKTOP)).toBe(false);
    expect(isRouted(live, CODE)).toBe(true);
  });

  it('puts a client that lost something back while it is stopped, and starts it again', async () => {
    const live = world();
    const before = live.disk.text(DESKTOP);
    live.witness.toolsOf = ({ client, route }) =>
      client === 'claude-desktop' && route === 'shim' ? [] : ['read'];
    const result = await live.apply({ restartClients: ['claude-desktop'] });
    expect(live.done).toEqual(['quit 90000007', START]);
    expect(live.disk.text(DESKTOP)).toBe(before);
    expect(result.state).toBe('partly-rolled-back');
    expect(isRouted(live, CODE)).toBe(true);
  });

  it('A17: notices that the client wrote its old config over ours, and takes that for its word', async () => {
    const live = world();
    const before = live.disk.text(DESKTOP)!;
    live.onStart = () => {
      live.alive.add(90_000_070);
      live.disk.put(DESKTOP, before);
    };
    const result = await live.apply({ clients: ['claude-desktop'], restartClients: ['claude-desktop'] });
    expect(result.notes.join('\n')).toContain('has written its config of before over the migrated one');
    expect(live.disk.text(DESKTOP)).toBe(before);
    expect(live.done).toEqual([
      'quit 90000007',
      'wait for claude-desktop notes',
      START,
      'quit 90000070',
      START,
    ]);
  });

  it('tells when the client itself was not seen, without calling that a loss', async () => {
    const live = world();
    live.seen = [];
    const result = await live.apply({ clients: ['claude-desktop'], restartClients: ['claude-desktop'] });
    expect(result.state).toBe('applied');
    expect(result.notes).toEqual(['Claude Desktop itself did not come to the hub for notes yet.']);
  });

  it('takes a loss for one only when it shows twice', async () => {
    const live = world();
    let asked = 0;
    live.witness.toolsOf = ({ route }) => (route === 'shim' && asked++ === 0 ? [] : ['read']);
    expect((await live.apply({ clients: ['claude-code'] })).state).toBe('applied');
    expect(asked).toBe(2);
  });
});

describe('a slower answer', () => {
  const slow = (live: World, afterMs: number): void => {
    const probe = live.witness.probe.bind(live.witness);
    live.witness.probe = async (launches, signal) =>
      (await probe(launches, signal)).map((result) => ({
        ...result,
        latencyMs: result.launch.route === 'direct' ? 40 : afterMs,
      }));
  };

  it.each([
    [64, 'applied'],
    [66, 'rolled-back'],
  ])('of %i ms instead of 40 ms leaves the migration %s', async (afterMs, state) => {
    const live = world();
    slow(live, afterMs);
    const result = await live.apply({ clients: ['claude-code'] });
    expect(result.state).toBe(state);
    if (state === 'rolled-back') expect(result.notes[0]).toMatch(/answers in 66\.0 ms instead of 40\.0 ms/);
  });

  it('counts as the person says', async () => {
    const live = world();
    slow(live, 66);
    const result = await live.apply({ clients: ['claude-code'], latencyTrigger: { percent: 200, ms: 25 } });
    expect(result.state).toBe('applied');
  });
});
