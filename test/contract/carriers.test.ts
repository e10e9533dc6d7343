import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as WebSocketLink } from '@orpc/client/websocket';
import { RPCHandler } from '@orpc/server/message-port';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { connectHub } from '../../electron/hub/api/connect-hub.ts';
import { asPatchbayError, type HubApi, linkToHub } from '../../electron/hub/api/hub-link.ts';
import { createPortHandler } from '../../electron/hub/api/port-handler.ts';
import { createRouter, type CallContext } from '../../electron/hub/api/router.ts';
import { portOverSocket, portOverWebSocket, type ApiPort } from '../../electron/hub/api/socket-port.ts';
import { scriptedServices, type ScriptedServices } from './scripted-services.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import { HubTopic } from '../../shared/model/hub.ts';

/** One suite over every way to reach the hub: what a window sees, a browser and the command line see too. */
interface Carrier {
  api: HubApi;
  /** Cuts the connection, as a closed window does. */
  cut(): void;
}

let services: ScriptedServices;
let folder: string;
let socketServer: Server;
let webSocketServer: WebSocketServer;

beforeAll(async () => {
  services = scriptedServices();
  const handler = createPortHandler(createRouter(services));
  const serve = (port: ApiPort, isLocal: boolean): void =>
    handler.upgrade(port, { context: isLocal ? { isLocal } : { isLocal, hasInstallToken: true } });

  folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-contract-'));
  socketServer = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', (hello: Buffer) =>
      serve(portOverSocket(socket, hello.subarray(hello.indexOf(0x0a) + 1)), true),
    );
  }).listen(path.join(folder, 'hub.sock'));
  webSocketServer = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  webSocketServer.on('connection', (socket) => serve(portOverWebSocket(socket), false));
  await Promise.all([once(socketServer, 'listening'), once(webSocketServer, 'listening')]);

  carriers.push(
    ['the local socket', () => overSocket(path.join(folder, 'hub.sock'))],
    ['a WebSocket', () => overWebSocket((webSocketServer.address() as { port: number }).port)],
    [
      'a MessagePort',
      async () => {
        const { port1, port2 } = new MessageChannel();
        serve(
          {
            postMessage: (m) => port2.postMessage(m),
            on: portEvents(port2),
          } as ApiPort,
          true,
        );
        return { api: createORPCClient(new PortLink({ port: port1 as never })), cut: () => port1.close() };
      },
    ],
  );
});

afterAll(async () => {
  for (const client of webSocketServer.clients) client.terminate();
  await Promise.all([
    new Promise((resolve) => webSocketServer.close(resolve)),
    new Promise((resolve) => socketServer.close(resolve)),
  ]);
  rmSync(folder, { recursive: true, force: true });
});

/** Node's ports give listeners the message itself, the others an event that holds it. */
const portEvents = (port: MessagePort) => (event: string, listener: (event: never) => void) =>
  port.on(event, (data: unknown) => listener({ data } as never));

const carriers: [string, () => Promise<Carrier>][] = [];

async function overSocket(address: string): Promise<Carrier> {
  const client = (await connectHub(address))!;
  return { api: client.api, cut: () => client.close() };
}

async function overWebSocket(port: number): Promise<Carrier> {
  const websocket = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(websocket, 'open');
  return {
    api: createORPCClient(new WebSocketLink({ websocket: websocket as never })),
    cut: () => websocket.terminate(),
  };
}

async function onEach(check: (carrier: Carrier, name: string) => Promise<void>): Promise<void> {
  for (const [name, open] of carriers) {
    const carrier = await open();
    try {
      await check(carrier, name);
    } finally {
      carrier.cut();
    }
  }
}

interface PausableReader extends Carrier {
  pause(): void;
  resume(): void;
}

async function pausableSocket(): Promise<PausableReader> {
  const socket = connect(path.join(folder, 'hub.sock'));
  await once(socket, 'connect');
  socket.write('hello\n');
  const { api } = linkToHub(portOverSocket(socket, Buffer.alloc(0)), () => {});
  return {
    api,
    cut: () => socket.destroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  };
}

async function pausableWebSocket(): Promise<PausableReader> {
  const { port } = webSocketServer.address() as { port: number };
  const websocket = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(websocket, 'open');
  return {
    api: createORPCClient(new WebSocketLink({ websocket: websocket as never })),
    cut: () => websocket.terminate(),
    pause: () => websocket.pause(),
    resume: () => websocket.resume(),
  };
}

/** Whether a number stays what it is while the event loop goes round a thousand times. */
async function stands(read: () => number): Promise<boolean> {
  const before = read();
  for (let turn = 0; turn < 1_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return read() === before;
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => asPatchbayError(error),
  );

describe('the contract over every carrier', () => {
  it('answers with what the schema says', async () => {
    await onEach(async ({ api }, name) => {
      expect([name, await api.hub.status()]).toEqual([name, services.status()]);
      expect(await api.servers.list()).toEqual([]);
    });
  });

  it('passes a failure on with code, message and hint', async () => {
    await onEach(async ({ api }) => {
      expect(await failure(api.servers.stderr({ name: 'nobody' }))).toMatchObject({
        code: 'SERVER_UNKNOWN',
        message: 'There is no server "nobody".',
        info: { hint: 'Look again.' },
      });
      expect(await failure(api.servers.restart({ name: 'boom' }))).toMatchObject({
        code: 'INTERNAL',
        message: 'kaput',
      });
    });
  });

  it('refuses input that does not fit', async () => {
    await onEach(async ({ api }) => {
      expect(await failure(api.traffic.list({ filter: '', limit: 0 }))).toMatchObject({ code: 'USAGE' });
    });
  });

  it('streams, ends the stream with its failure, and gives it up when the reader goes', async () => {
    await onEach(async ({ api }) => {
      const steps: unknown[] = [];
      const read = async (): Promise<void> => {
        for await (const step of await api.migration.apply({ expected: [] })) steps.push(step);
      };
      expect(await failure(read())).toMatchObject({ code: 'PLAN_STALE' });
      expect(steps).toEqual([{ type: 'step', step: 'backup', state: 'started', detail: 'saving' }]);
    });
    await onEach(async ({ api, cut }) => {
      const before = services.liveReaders();
      const stream = await api.traffic.live({ filter: '' });
      await stream.next();
      expect(services.liveReaders()).toBe(before + 1);
      cut();
      await expect.poll(services.liveReaders).toBe(before);
    });
  });

  it('names every topic once, then what changes, coalesced', async () => {
    await onEach(async ({ api }) => {
      const stream = await api.hub.watch();
      const next = async (): Promise<string> => {
        const { value } = await stream.next();
        return (value as { topic: string }).topic;
      };
      const topics = new Set<string>();
      for (const _ of HubTopic.options) topics.add(await next());
      expect([...topics].toSorted()).toEqual(HubTopic.options.toSorted());
      for (let index = 0; index < 50; index += 1) services.changes.emit('servers');
      services.changes.emit('sessions');
      expect(new Set([await next(), await next()])).toEqual(new Set(['servers', 'sessions']));
    });
  });

  it('lets only local programs end the hub', async () => {
    await onEach(async ({ api }, name) => {
      if (name === 'a WebSocket') expect(await failure(api.hub.stop())).toMatchObject({ code: 'FORBIDDEN' });
      else expect(await api.hub.stop()).toEqual({ ok: true });
    });
    expect(services.stops()).toBe(2);
  });

  it('lets nobody but the user of this install define what is run', async () => {
    const { port1, port2 } = new MessageChannel();
    const stranger: CallContext = { isLocal: false };
    new RPCHandler<CallContext>(createRouter(services)).upgrade(port2 as never, { context: stranger });
    port1.start();
    port2.start();
    const api: HubApi = createORPCClient(new PortLink({ port: port1 as never }));
    const definition = { command: 'sh' };
    for (const call of [
      api.servers.add({ name: 'x', definition }),
      api.servers.remove({ name: 'x' }),
      api.servers.login({ name: 'x' }),
      api.servers.cancelLogin({ name: 'x' }),
      api.servers.logout({ name: 'x' }),
      api.migration.apply({ expected: [] }),
      api.migration.rollback({ dryRun: false }),
      api.hub.stop(),
    ]) {
      expect(await failure(call)).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await api.servers.list()).toEqual([]);
    expect(services.added).toEqual([]);
    port1.close();
  });

  it('D13: runs every call under its name', async () => {
    await onEach(async ({ api }) => {
      services.ran.length = 0;
      await api.servers.list();
      await failure(api.servers.restart({ name: 'boom' }));
      expect(services.ran).toEqual(['api servers.list', 'api servers.restart']);
    });
  });

  it('gives one session and ends it', async () => {
    await onEach(async ({ api }) => {
      expect(await api.sessions.get({ id: services.openSession() })).toMatchObject({ client: 'claude-code' });
      const id = services.openSession();
      expect(await api.sessions.end({ id })).toEqual({ ok: true });
      expect(await failure(api.sessions.end({ id }))).toMatchObject({ code: 'SESSION_UNKNOWN' });
      expect(await failure(api.sessions.get({ id }))).toMatchObject({ code: 'SESSION_UNKNOWN' });
    });
  });

  it.each(['the local socket', 'a WebSocket'])('makes a stream over %s wait for its reader', async (name) => {
    const total = 200;
    let made = 0;
    let isOver = false;
    services.exports.file = async function* () {
      try {
        while (made < total) yield { text: 'x'.repeat(256 * 1024), count: ++made };
      } finally {
        isOver = true;
      }
    };
    const reader = name === 'a WebSocket' ? await pausableWebSocket() : await pausableSocket();
    const stream = await reader.api.traffic.export({ filter: '', format: 'har' });
    await stream.next();
    reader.pause();
    // Until nothing more is made: what was sent fills the buffers of both ends and of the system between them.
    await expect.poll(async () => (await stands(() => made)) && made, { interval: 0 }).toBeGreaterThan(4);
    expect(made).toBeLessThan(total / 2);
    reader.resume();
    let last = 0;
    for await (const { count } of stream) last = count;
    expect([last, isOver]).toEqual([total, true]);
    reader.cut();
  });

  it('a call never waits for a hub that is gone, whichever side ended it', async () => {
    for (const ends of ['closed here', 'lost over there']) {
      const { port1, port2 } = new MessageChannel();
      const serverPort = {
        postMessage: (m: unknown) => port2.postMessage(m),
        on: portEvents(port2),
      } as ApiPort;
      new RPCHandler<CallContext>(createRouter(services)).upgrade(serverPort, { context: { isLocal: true } });
      const link = linkToHub(port1, () => port1.close());
      port1.start();
      const stream = await link.api.traffic.live({ filter: '' });
      await stream.next();
      const waiting = stream.next().then(
        () => 'went on',
        () => 'ended',
      );
      if (ends === 'closed here') link.close();
      else port2.close();
      await link.closed;
      expect(await waiting).toBe('ended');
      expect(await failure(link.api.servers.list())).toMatchObject({ code: 'HUB_NOT_RUNNING' });
      link.close();
    }
  });

  it('says to a caller on the socket what a stream failed of', async () => {
    const link = (await connectHub(path.join(folder, 'hub.sock')))!;
    const read = async (): Promise<void> => {
      for await (const step of await link.api.migration.apply({ expected: [] })) {
        expect(step).toMatchObject({ type: 'step' });
      }
    };
    await expect(read()).rejects.toBeInstanceOf(PatchbayError);
    await expect(read()).rejects.toMatchObject({ code: 'PLAN_STALE', message: 'The file has changed.' });
    link.close();
  });

  it('says to a caller on the socket that the hub went away', async () => {
    const link = (await connectHub(path.join(folder, 'hub.sock')))!;
    expect(await link.api.servers.list()).toEqual([]);
    const stream = await link.api.traffic.live({ filter: '' });
    await stream.next();
    const before = services.liveReaders();
    link.close();
    await link.closed;
    expect(await failure(link.api.servers.list())).toMatchObject({ code: 'HUB_NOT_RUNNING' });
    await expect.poll(services.liveReaders).toBe(before - 1);
    expect(await connectHub(path.join(folder, 'nobody.sock'))).toBeNull();
  });
});
