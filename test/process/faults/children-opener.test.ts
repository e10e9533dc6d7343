import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstanceRestarts } from '../../../electron/hub/servers/instance-restarts.ts';
import type { InstancePool } from '../../../electron/hub/servers/instance-pool.ts';
import { createLeasePool } from '../../../electron/hub/servers/lease-pool.ts';
import { createLaunchResolver, type LaunchResolver } from '../../../electron/hub/servers/resolve-launch.ts';
import type {
  CallerIdentity,
  ConnectionEvents,
  OpenedServer,
  ServerOpener,
} from '../../../electron/hub/servers/server-connection.ts';
import {
  createServerOpener,
  type OpenedChild,
  type RemoteRequest,
} from '../../../electron/hub/servers/server-opener.ts';
import { warmUpServers } from '../../../electron/hub/servers/warm-up.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { fixtureServer } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { openPool } from './children-harness.ts';

let home: TemporaryHome;
let pool: InstancePool;
let until: (isSo: () => boolean) => Promise<void>;
let catalog: Map<string, ServerDefinition>;
let launches: LaunchResolver;
let opener: ServerOpener;
let remote: RemoteRequest[];

const server = (fixture: string, extra: ServerDefinition = {}): ServerDefinition => ({
  command: process.execPath,
  args: [fixtureServer(fixture)],
  ...extra,
});

beforeEach(() => {
  home = temporaryHome();
  remote = [];
  catalog = new Map();
  ({ pool, until } = openPool(home, { definition: (name) => catalog.get(name) }));
  const platform = { os: process.platform, home: home.home, env: home.env };
  launches = createLaunchResolver(() => catalog, {
    platform,
    secrets: async (name) => `the ${name}`,
    hubEnvironment: () => platform.env,
    workFolder: path.join(home.dataDir, 'run', 'work'),
  });
  opener = createServerOpener({
    catalog: () => catalog,
    launches,
    pool,
    remote: {
      async open(request) {
        remote.push(request);
        return { instanceId: 'remote' } as OpenedServer;
      },
    },
  });
});
afterEach(async () => {
  await pool.stopAll();
  await expectNothingLeft(home);
  home.dispose();
});

const http: CallerIdentity = {
  sessionId: 's1',
  client: 'test',
  user: 'local',
  transport: 'http',
  cwd: null,
  env: null,
};

/** Opens a server, keeps its frames, and speaks one request at a time. */
async function talk(name: string, caller = http) {
  const frames: string[] = [];
  let wake = (): void => {};
  const events: ConnectionEvents = {
    frame(bytes) {
      frames.push(bytes.toString());
      wake();
    },
    oversized() {},
    failed() {},
    closed: () => ended(),
  };
  let ended = (): void => {};
  const closed = new Promise<void>((resolve) => (ended = resolve));
  const opened = await opener.open(name, caller, events);
  let id = 0;
  const request = async (method: string, params: object = {}): Promise<Record<string, unknown>> => {
    id += 1;
    const about = { request: id, method, target: null, protocolVersion: null, parameterHeaders: null };
    opened.connection.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params })), about);
    for (;;) {
      const found = frames.find((frame) => frame.includes(`"id":${id}`));
      if (found !== undefined) return (JSON.parse(found) as { result: Record<string, unknown> }).result;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { opened, request, closed, frames };
}

describe('servers for the mux', () => {
  it('run as the catalog says, with secrets, templates and limits filled in', async () => {
    const env = { KEY: '${secret:key}', WHO: '{CLIENT_ID}/{SESSION_ID}/{INSTANCE_TYPE}' };
    catalog.set('echo', server('echo-server', { env, cwd: '{WORKDIR}', timeout: 5 }));
    const { opened, request } = await talk('echo');
    await request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    });
    const call = async (name: string, args = {}): Promise<unknown> =>
      (await request('tools/call', { name, arguments: args })).content;
    expect(await call('env', { name: 'KEY' })).toEqual([{ type: 'text', text: 'the key' }]);
    expect(await call('env', { name: 'WHO' })).toEqual([{ type: 'text', text: 'test/s1/session' }]);
    expect(JSON.stringify(await call('cwd'))).toContain(path.join(home.dataDir, 'run', 'work'));
    expect(opened.pid).toBe(pool.views('echo')[0]!.pid);
    expect(opener.sharing('echo')).toMatchObject({ isolation: 'session', callTimeoutMs: 5 });
    await opened.connection.close();
    await until(() => pool.size === 0);
  });

  it('B01: fail with the reason, and are seen as failed', async () => {
    catalog.set('none', { command: 'no-such-program' });
    catalog.set('off', { command: 'x', enabled: false });
    await expect(talk('none')).rejects.toThrow('The command "no-such-program" was not found.');
    await expect(talk('off')).rejects.toMatchObject({ code: 'SERVER_DISABLED' });
    await expect(talk('nobody')).rejects.toMatchObject({ code: 'SERVER_UNKNOWN' });
    expect(() => opener.sharing('nobody')).toThrow('no server "nobody"');
    expect([pool.isFailed('none'), pool.isFailed('off')]).toEqual([true, false]);
  });

  it('B02: tell what they are busy with while they start', async () => {
    catalog.set('slow', server('slow-start'));
    const { opened } = await talk('slow');
    await expect.poll(() => (opened as OpenedChild).lastLine()).toBe('downloading 20 %');
  });

  it('with a URL go to the remote side, with nothing left to resolve', async () => {
    const headers = { Authorization: 'Bearer ${secret:key}' };
    catalog.set('far', { url: 'https://example.org/${HOME}', headers, startTimeout: 7 });
    await opener.open('far', http, { frame() {}, oversized() {}, failed() {}, closed() {} });
    expect(remote).toMatchObject([
      {
        server: 'far',
        target: { url: `https://example.org/${home.home}`, headers: { Authorization: 'Bearer the key' } },
        startTimeoutMs: 7,
      },
    ]);
  });

  it('C17, C23: are started once for fifty sessions that share them, and end when nobody is left', async () => {
    catalog.set('echo', server('raw-frames', { isolation: 'shared', idleTimeout: 0 }));
    const shared = createLeasePool({
      open: () => talk('echo'),
      load: () => 0,
      close: ({ opened }) => opened.connection.close(),
    });
    const terms = { copies: opener.sharing('echo').copies, idleMs: opener.sharing('echo').idleMs };
    const leases = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        shared.acquire(opener.launchKey('echo', { ...http, sessionId: `s${index}` }), terms),
      ),
    );
    expect(pool.size).toBe(1);
    for (const lease of leases) lease.release();
    await until(() => pool.size === 0);
    await shared.close();
  });

  it('B04: that crash at once are not started again and again', async () => {
    catalog.set('bad', server('bad-start', { isolation: 'shared' }));
    let now = 0;
    const restarts = createInstanceRestarts({ now: () => now, wallNow: () => now, random: () => 0 });
    const key = opener.launchKey('bad', http);
    let starts = 0;
    for (let asked = 0; asked < 30; asked += 1) {
      const permission = restarts.mayStart(key);
      if (permission.ok) {
        starts += 1;
        await (
          await talk('bad')
        ).closed;
        restarts.crashed(key, 'bad', 'exited with code 1');
      } else if ('retryMs' in permission) now += permission.retryMs;
    }
    expect(starts).toBe(5);
    expect(restarts.mayStart(key)).toEqual({
      ok: false,
      failed: 'bad keeps crashing: it exited with code 1.',
    });
    await expect.poll(() => pool.lastError('bad')).toContain('bad-start: cannot read its configuration');
  });

  it('are started ahead where the catalog asks for it, and where that can be known', async () => {
    catalog.set('warm', server('deaf', { warm: 1 }));
    catalog.set('personal', server('deaf', { warm: 1, env: { S: '{SESSION_ID}' } }));
    catalog.set('needy', server('deaf', { warm: 1, env: { N: '${NOT_SET_ANYWHERE}' } }));
    catalog.set('off', server('deaf', { warm: 1, enabled: false }));
    await warmUpServers({ catalog: () => catalog, launches, pool });
    await until(() => pool.size === 1);
    const [spare] = pool.views('warm');
    const { opened } = await talk('warm');
    expect(opened.pid).toBe(spare!.pid);
  });
});
