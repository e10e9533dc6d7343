import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import { dataFolder, prepareDataFolder } from '../../../electron/hub/data-folder.ts';
import { nodeStorage } from '../../../electron/hub/files/storage.ts';
import { openSecretStore } from '../../../electron/hub/secrets/secret-store.ts';
import {
  createRemoteServers,
  type RemoteServers,
} from '../../../electron/hub/servers/remote/remote-servers.ts';
import type { CallerIdentity, OpenedServer } from '../../../electron/hub/servers/server-connection.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { recordEvents, type Recorder } from './support/recorded-connection.ts';
import {
  answerHandshake,
  events,
  json,
  result,
  serveScript,
  type ScriptedServer,
} from './support/scripted-server.ts';

let home: TemporaryHome;
let servers: RemoteServers;
let upstream: ScriptedServer;
let now = 0;
let isWell = true;
const logged: string[] = [];

const caller: CallerIdentity = {
  sessionId: 's-1',
  client: 'claude-code',
  user: 'local',
  transport: 'shim',
  cwd: '/somewhere',
  env: { GITHUB_TOKEN: 'the-client-s-own', AUTHORIZATION: 'Bearer the-client-s-own' },
};

beforeEach(async () => {
  home = temporaryHome();
  const data = dataFolder(home.dataDir);
  prepareDataFolder(data);
  now = 1_000_000;
  isWell = true;
  logged.length = 0;
  servers = createRemoteServers({
    secrets: openSecretStore({ storage: nodeStorage(process.platform), data, env: {} }),
    version: '1',
    env: {},
    now: () => now,
    logger: { log: (_, event) => logged.push(event) },
  });
  upstream = await serveScript((received, response) => {
    if (!isWell) return void response.writeHead(500).end();
    if (received.method === 'GET') return events(response);
    if (!answerHandshake(received, response)) json(response, result(received.message.id));
  });
});
afterEach(async () => {
  await servers.close();
  await upstream.close();
  home.dispose();
});

async function open(
  definition: ServerDefinition = {},
): Promise<Recorder & OpenedServer & { send(id: number): void }> {
  const recorder = recordEvents();
  const opened = await servers.open(
    {
      server: 'github',
      target: {
        url: definition.url ?? upstream.url.href,
        type: definition.type,
        headers: definition.headers ?? {},
      },
      definition,
      caller,
      startTimeoutMs: 10_000,
    },
    recorder.events,
  );
  return {
    ...recorder,
    ...opened,
    send(id) {
      opened.connection.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })), {
        request: id,
        method: 'ping',
        target: null,
        protocolVersion: '2025-11-25',
        parameterHeaders: null,
      });
    },
  };
}

describe('remote servers', () => {
  it('show who is connected for as long as they are', async () => {
    const client = await open();
    expect(client.pid).toBeNull();
    expect(servers.view('github').connections).toEqual([
      { id: client.instanceId, startedAt: now, sessionId: 's-1', client: 'claude-code' },
    ]);
    await client.connection.close();
    expect(servers.view('github').connections).toEqual([]);
    expect(servers.view('nobody')).toEqual({
      connections: [],
      suspendedUntil: 0,
      lastFailure: null,
      login: 'not-asked',
      loginNeeded: null,
    });
  });

  it('E19 are sent nothing of the client that calls', async () => {
    const client = await open({ headers: { 'X-Key': 'the-person-s' } });
    client.send(1);
    await client.answer(1);
    expect(JSON.stringify(upstream.received)).not.toContain('the-client-s-own');
    expect(upstream.received[0]!.headers['x-key']).toBe('the-person-s');
  });

  it('B29 are not opened while suspended, which outlives the connection that found out', async () => {
    const client = await open();
    isWell = false;
    for (let id = 1; id <= 5; id += 1) {
      client.send(id);
      await client.failure(id);
    }
    expect(logged).toEqual(['remote.suspended']);
    await expect(open()).rejects.toMatchObject({ code: 'SERVER_SUSPENDED' });
    expect(servers.view('github')).toMatchObject({ suspendedUntil: now + 30_000 });
    expect(servers.view('github').lastFailure).toMatch(/HTTP 500/);

    isWell = true;
    servers.forgive('github');
    const next = await open();
    next.send(1);
    await next.answer(1);
    expect(servers.view('github')).toMatchObject({ suspendedUntil: 0, lastFailure: null });
  });

  it('start anew when the definition leads elsewhere', async () => {
    isWell = false;
    const client = await open();
    for (let id = 1; id <= 5; id += 1) {
      client.send(id);
      await client.failure(id);
    }
    const other = await serveScript(({ message }, response) => json(response, result(message.id)));
    try {
      const moved = await open({ url: other.url.href });
      moved.send(1);
      await moved.answer(1);
      // Those that were opened before still belong to the server: restarting it ends them too.
      expect(servers.view('github').connections).toHaveLength(2);
      await servers.stopServer('github');
      expect(await client.closed()).toMatchObject({ asked: true });
      expect(await moved.closed()).toMatchObject({ asked: true });
    } finally {
      await other.close();
    }
  });

  it('are refused with the name of the field that is wrong', async () => {
    await expect(open({ url: 'gopher://x' })).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringContaining('Server github, url,') as string,
    });
  });

  it('leave no socket behind', async () => {
    const client = await open();
    client.send(1);
    await client.answer(1);
    client.connection.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}'), {
      request: null,
      method: 'notifications/initialized',
      target: null,
      protocolVersion: '2025-11-25',
      parameterHeaders: null,
    });
    await upstream.next(({ method }) => method === 'GET');
    const closed = [...upstream.sockets].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    );
    expect(closed.length).toBeGreaterThan(0);
    await servers.close();
    await Promise.all(closed);
  });
});
