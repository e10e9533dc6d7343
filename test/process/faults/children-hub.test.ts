import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerView } from '../../../shared/model/server.ts';
import { runCli, runJson } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { fixtureServer, installShimFor, startFixture } from '../../support/shim.ts';
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
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]![0] !== 'Z';
  } catch {
    return false;
  }
};
function writeCatalog(mcpServers: object): void {
  mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
}
const server = (name: string, extra: object = {}): object => ({
  command: process.execPath,
  args: [fixtureServer(name)],
  ...extra,
});
const viewOf = async (name: string): Promise<ServerView> =>
  (await runJson<ServerView[]>(home, ['servers'])).find((view) => view.name === name)!;

describe('a server behind the hub', () => {
  it('B04: a server that crashes with each call is started five times and then no more, until a person acts', async () => {
    writeCatalog({ 'crash-on-call': server('crash-on-call') });
    hub = await startHub(home);
    const client = keep(startFixture(home, 'crash-on-call'));
    await client.initialize();
    for (let start = 1; start <= 4; start += 1) {
      await expect(client.callTool('crash')).rejects.toThrow('It was not repeated');
      // Answered by the next process, after its back-off.
      expect((await client.request('tools/list')).result).toHaveProperty('tools');
    }
    await expect(client.callTool('crash')).rejects.toThrow('It was not repeated');
    const { error } = await client.request('tools/list');
    expect(error!.message).toContain('keeps crashing');
    expect(await viewOf('crash-on-call')).toMatchObject({ state: 'failed', instances: [], restarts: 4 });

    expect((await runCli(home, ['servers', 'restart', 'crash-on-call'])).code).toBe(0);
    expect((await viewOf('crash-on-call')).lastError).toBeNull();
    const next = keep(startFixture(home, 'crash-on-call'));
    expect((await next.initialize()).result).toHaveProperty('serverInfo');
  });

  it('B14: what it started outside its group goes when its client does', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'strays'));
    await client.initialize();
    const pids = (await client.callTool('x')).split(' ').map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);
    await client.end();
    await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
  });

  it('B14, D01: what it started outside its group is ended by the hub that comes after a killed one', async () => {
    hub = await startHub(home);
    const client = keep(startFixture(home, 'strays'));
    await client.initialize();
    const pids = (await client.callTool('x')).split(' ').map(Number);
    client.child.kill('SIGKILL');
    await hub.kill();
    await client.exited;
    expect(pids.map(isAlive)).toEqual([true, true]);
    hub = await startHub(home);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('B30: neither its environment nor its arguments hold the hub’s token', async () => {
    writeCatalog({ echo: server('echo-server', { env: { OWN: 'yes' } }) });
    hub = await startHub(home);
    const response = await fetch(new URL('/servers/echo/mcp', hub.url), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${hub.token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: {
          protocolVersion: '2025-11-25',
          capabilities: {},
          clientInfo: { name: 'test', version: '1' },
        },
      }),
    });
    expect(await response.text()).toContain('serverInfo');
    const pid = (await viewOf('echo')).instances[0]!.pid;
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    expect(environment).toContain('OWN=yes');
    expect(environment).toContain(`HOME=${home.home}`);
    expect(environment).not.toContain(hub.token);
    expect(environment).not.toContain('PATCHBAY_HOME');
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(hub.token);
  });

  it('gives sessions of one client each a process of its own, unless told otherwise', async () => {
    hub = await startHub(home);
    const group = [1, 2].map(() => keep(startFixture(home, 'echo-server')));
    await Promise.all(group.map((client) => client.initialize()));
    const pids = await Promise.all(group.map((client) => client.callTool('pid')));
    expect(new Set(pids).size).toBe(2);
  });

  it('finds its process started ahead, when the catalog asks for it', async () => {
    writeCatalog({ deaf: server('deaf', { warm: 1 }), 'echo-server': server('echo-server', { warm: 1 }) });
    hub = await startHub(home);
    const first = keep(startFixture(home, 'echo-server'));
    await first.initialize();
    const own = Number(await first.callTool('pid'));
    const ahead = async (): Promise<number[]> =>
      (await viewOf('echo-server')).instances.map(({ pid }) => pid!).filter((pid) => pid !== own);
    // One for the next session like this one, one for callers over HTTP, whose environment is another.
    await expect.poll(async () => (await ahead()).length).toBe(2);
    const spares = await ahead();
    const second = keep(startFixture(home, 'echo-server'));
    await second.initialize();
    expect(spares).toContain(Number(await second.callTool('pid')));
  });

  it('refuses a catalog that a session could not share with its line, and keeps the last good one', async () => {
    writeCatalog({ 'echo-server': server('echo-server') });
    hub = await startHub(home);
    const file = path.join(home.dataDir, 'mcp-servers.json');
    writeFileSync(
      file,
      '{"mcpServers": {\n "echo-server": {"command": "x", "args": ["{SESSION_ID}"], "isolation": "shared"}}}',
    );
    await expect
      .poll(async () => (await runJson<{ catalogError: string | null }>(home, ['status'])).catalogError)
      .toContain('line 2');
    expect((await viewOf('echo-server')).command).toBe(process.execPath);
  });
});
