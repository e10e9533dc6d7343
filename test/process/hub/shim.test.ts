import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runJson } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { startRawClient, type RawClient } from '../../support/raw-client.ts';
import { fixtureServer, installShimFor, startFixture, startThroughShim } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let hub: RunningHub | null;
let clients: RawClient[];

beforeEach(() => {
  home = temporaryHome();
  hub = null;
  clients = [];
  installShimFor(home);
});

afterEach(async () => {
  for (const client of clients) client.child.stdin?.end();
  await Promise.all(clients.map((client) => client.exited));
  await hub?.stop();
  await expectNothingLeft(home);
  home.dispose();
});

const keep = (client: RawClient): RawClient => {
  clients.push(client);
  return client;
};
const isAlive = (pid: number): boolean => {
  try {
    // A zombie has ended: in a container nobody may be there to collect it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]![0] !== 'Z';
  } catch {
    return false;
  }
};
const bypassNotes = (): string[] =>
  readdirSync(path.join(home.dataDir, 'run', 'bypass')).filter((name) => name.endsWith('.json'));

describe('a session through the hub', () => {
  it('C05, C08: every byte passes untouched in both directions, whatever it says', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'raw-frames'));
    client.send('{"jsonrpc":"2.0","id":"first","method":"initialize","params":{}}');
    await client.line((line) => line.includes('"id":"first"'));
    const frames = [
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"acme/x","params":{"n":1.0,"big":1e400,"z":-0}}',
      '{ "jsonrpc" : "2.0" , "method":"notifications/x","params":{"__proto__":{"a":1},"dup":1,"dup":2}}',
      '{"jsonrpc":"2.0","id":"","method":"tasks/get","params":{"text":"\\u00e9\\ud83d\\ude00 grün 日本"}}',
      '{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{"_meta":{"vendor":[[[]]]}}}',
    ];
    for (const frame of frames) {
      client.send(frame);
      expect(await client.line((line) => line === frame)).toBe(frame);
    }
    expect(
      await client.line((line) => line.startsWith('{"jsonrpc":"2.0","id":9007199254740993,"result"')),
    ).toContain('"big":12345678901234567890');
  });

  it('gives the server the client’s own working folder, environment and process group', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'echo-server', { ONLY_HERE: 'yes', ELECTRON_RUN_AS_NODE: '1' }));
    await client.initialize();
    expect(await client.callTool('cwd')).toBe(home.project);
    expect(await client.callTool('env', { name: 'ONLY_HERE' })).toBe('yes');
    expect(await client.callTool('env', { name: 'ELECTRON_RUN_AS_NODE' })).not.toBe('1');
    const pid = Number(await client.callTool('pid'));
    const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
    expect(parent).toBe(hub.pid);
  });

  it('passes stderr of the server on to the client', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'noisy'));
    await client.initialize();
    await client.end();
    expect(client.stderr().length).toBeGreaterThan(0);
  });

  it('B03: a server that cannot stay up looks to the client as it would without us', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'bad-start'));
    expect(await client.exited).toEqual({ code: 1, signal: null });
    expect(client.stderr()).toContain('exited with code 1');
  });

  it('B01: a missing command is named at once', async () => {
    hub = await startHub(home);
    const client = keep(startThroughShim(home, { name: 'none', command: 'no-such-program', args: [] }));
    expect(await client.exited).toEqual({ code: 1, signal: null });
    expect(client.stderr()).toContain('The command "no-such-program" was not found.');
  });

  it('B05: a crash in mid-call fails that call once, and the next one finds a new server', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'crash-on-call'));
    await client.initialize();
    await expect(client.callTool('crash')).rejects.toThrow('It was not repeated');
    const { result } = await client.request('tools/list');
    expect(result).toHaveProperty('tools');
  });

  it('B13: a server that ignores EOF and SIGTERM is gone when its client is', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'stubborn'));
    await client.initialize();
    const pid = Number(await client.callTool('stay'));
    await client.end();
    expect(isAlive(pid)).toBe(false);
  });

  it('B14, B15: a grandchild that holds the pipes goes with its server', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'grandchild'));
    await client.initialize();
    const pid = Number(await client.callTool('grandchild'));
    expect(isAlive(pid)).toBe(true);
    await client.end();
  });
});

describe('without the hub', () => {
  it('hub killed in mid-session: the client keeps its server, and is told what was lost', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'echo-server'));
    await client.initialize();
    const before = await client.callTool('pid');
    const lost = client.callTool('slow', { ms: 2_000 }).catch((error: Error) => error.message);
    await client.callTool('echo', { message: 'the slow call has been written' });
    await hub.kill();
    hub = null;
    expect(await lost).toContain('It was not repeated');
    expect(await client.callTool('pid')).not.toBe(before);
    expect(bypassNotes()).toHaveLength(1);
    expect(client.lines.filter((line) => /"id":1000[,}]/.test(line))).toHaveLength(1);
    // The next hub shows what happened without it, and clears away what the killed one left.
    hub = await startHub(home);
    expect(await runJson(home, ['status'])).toMatchObject({ bypasses: [{ server: 'echo-server' }] });
  });

  it('hub back in time: the session goes on through it', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'echo-server'));
    await client.initialize();
    await hub.kill();
    hub = await startHub(home);
    const pid = Number(await client.callTool('pid'));
    const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
    expect(parent).toBe(hub.pid);
    expect(bypassNotes()).toHaveLength(0);
  });

  it('hub absent: the original server runs in place, and the next hub knows', async () => {
    const client = keep(startFixture(home, 'echo-server'));
    await client.initialize();
    expect(await client.callTool('echo', { message: 'still here' })).toContain('still here');
    await client.end();
    expect(
      JSON.parse(readFileSync(path.join(home.dataDir, 'run', 'bypass', bypassNotes()[0]!), 'utf8')),
    ).toMatchObject({
      client: 'claude-code',
      server: 'echo-server',
    });
  });

  it('bypass ends as the server ends, and hands signals on', async () => {
    const failing = keep(startFixture(home, 'bad-start'));
    expect(await failing.exited).toEqual({ code: 1, signal: null });
    const running = keep(startFixture(home, 'echo-server'));
    await running.initialize();
    running.child.kill('SIGTERM');
    expect((await running.exited).code ?? 143).toBeTypeOf('number');
  });

  it('hub absent but startable: many shims at once start one hub and go through it', async () => {
    installShimFor(home, { autostart: true });
    const group = [1, 2, 3, 4].map(() => keep(startFixture(home, 'echo-server')));
    await Promise.all(group.map((client) => client.initialize()));
    const parents = await Promise.all(
      group.map(async (client) => {
        const pid = Number(await client.callTool('pid'));
        return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
      }),
    );
    expect(new Set(parents).size).toBe(1);
    await Promise.all(group.map((client) => client.end()));
    process.kill(parents[0]!, 'SIGTERM');
  });

  it('a damaged entry says so', async () => {
    const shim = path.join(home.dataDir, 'shim', 'shim.cjs');
    const client = keep(
      startRawClient({
        command: process.execPath,
        args: [shim, '--client', 'x', fixtureServer('echo-server')],
        cwd: home.project,
        env: home.env,
      }),
    );
    expect((await client.exited).code).toBe(2);
    expect(client.stderr()).toContain('this entry is damaged');
  });
});

describe('after a hub was killed', () => {
  it('D01, B13: a server that ignores the end of its input is seen out by its shim', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'stubborn'));
    await client.initialize();
    const pid = Number(await client.callTool('stay'));
    await hub.kill();
    await expect.poll(() => isAlive(pid), { timeout: 8_000 }).toBe(false);
    hub = await startHub(home);
  });

  it('D01, B13: it is seen out at once when the session ends before its time', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'holds-on'));
    await client.initialize();
    const pid = Number(await client.callTool('stay'));
    await hub.kill();
    client.child.kill('SIGINT');
    await client.exited;
    await expect.poll(() => isAlive(pid)).toBe(false);
    hub = await startHub(home);
  });

  it('D01: a server whose session ended just before is cleared away by the next shim that finds no hub', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'holds-on'));
    await client.initialize();
    const pid = Number(await client.callTool('stay'));
    client.child.kill('SIGKILL');
    await client.exited;
    await hub.kill();
    expect(isAlive(pid)).toBe(true);
    const next = keep(startFixture(home, 'echo-server'));
    await next.initialize();
    await expect.poll(() => isAlive(pid)).toBe(false);
    await next.end();
    hub = await startHub(home);
  });

  it('D01: what is left when the shim is gone too, the next hub clears away', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'stubborn'));
    await client.initialize();
    const pid = Number(await client.callTool('stay'));
    client.child.kill('SIGKILL');
    await hub.kill();
    await client.exited;
    expect(isAlive(pid)).toBe(true);
    hub = await startHub(home);
    expect(isAlive(pid)).toBe(false);
  });
});
