import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NOT_SPOKEN } from '../../../electron/hub/servers/remote/streamable-http.ts';
import { connectTo, type TestConnection } from './support/recorded-connection.ts';
import {
  answerHandshake,
  event,
  events,
  json,
  result,
  serveScript,
  type Script,
  type ScriptedServer,
} from './support/scripted-server.ts';

const open: { close?(): Promise<void>; dispose?(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const one of open.splice(0)) await (one.dispose ?? one.close)?.();
});

const serve = async (script: Script): Promise<ScriptedServer> => {
  const server = await serveScript(script);
  open.push(server);
  return server;
};
const connect = async (server: ScriptedServer): Promise<TestConnection> => {
  const client = await connectTo({ url: server.url });
  open.unshift(client);
  return client;
};
const isCall = ({ message }: { message: { method?: string } }): boolean => message.method === 'tools/call';
const calls = (server: ScriptedServer): number => server.received.filter(isCall).length;

describe('answers', () => {
  const answerWith = (write: (response: ServerResponse, id: unknown) => void): Promise<ScriptedServer> =>
    serve((received, response) => {
      if (!answerHandshake(received, response, '')) write(response, received.message.id);
    });

  it('make one line of JSON that was written on several', async () => {
    const server = await answerWith((response, id) => {
      response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(result(id, { text: 'a\nb' }), null, 2).replaceAll('\n', '\r\n'));
    });
    const client = await connect(server);
    client.request(1, 'ping');
    expect((await client.answer(1)).result).toEqual({ text: 'a\nb' });
    expect(client.told[0]).toMatchObject({ request: 1, text: expect.not.stringMatching(/[\r\n]/) as string });
  });

  it('come out one by one where the server sends a batch', async () => {
    const server = await answerWith((response, id) => {
      json(response, [{ jsonrpc: '2.0', method: 'notifications/message', params: { n: 1 } }, result(id)]);
    });
    const client = await connect(server);
    client.request(1, 'ping');
    await client.answer(1);
    expect(client.told).toMatchObject([
      { message: { method: 'notifications/message' }, request: 1 },
      { message: { id: 1 }, request: 1 },
    ]);
  });

  it.each([
    ['nothing', (response: ServerResponse) => json(response, undefined)],
    ['202', (response: ServerResponse) => response.writeHead(202).end()],
    [
      'a web page',
      (response: ServerResponse) =>
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Sign in</h1>'),
    ],
    [
      'an encoding nobody asked for',
      (response: ServerResponse) =>
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end('x'),
    ],
    [
      'a stream without the answer',
      (response: ServerResponse) => {
        events(response);
        response.end(': nothing\n\n');
      },
    ],
  ])('D17 are missed when there is %s instead', async (what, write) => {
    const server = await answerWith(write);
    const client = await connect(server);
    client.request(1, 'tools/call', { name: 'x' });
    const { code, message } = await client.failure(1);
    expect(code).toBe(-32000);
    expect(message).toMatch(what === 'a web page' ? /web page.*sign-in/ : /127\.0\.0\.1:\d+/);
    expect(calls(server)).toBe(1);
  });

  it('keep the code and the data of a refusal, under the number of the request', async () => {
    const server = await answerWith((response) => {
      json(
        response,
        {
          jsonrpc: '2.0',
          id: null,
          error: { code: -32022, message: 'no', data: { supported: ['2025-11-25'] } },
        },
        400,
      );
    });
    const client = await connect(server);
    client.request(41, 'server/discover');
    expect(await client.answer(41)).toEqual({
      jsonrpc: '2.0',
      id: 41,
      error: { code: -32022, message: 'no', data: { supported: ['2025-11-25'] } },
    });
  });

  it.each([400, 404, 405])(
    'tell %d without JSON-RPC from other failures: it is what eras are told by',
    async (status) => {
      const server = await answerWith((response) =>
        response.writeHead(status).end('<pre>Cannot POST /mcp</pre>'),
      );
      const client = await connect(server);
      client.request(1, 'server/discover');
      expect((await client.failure(1)).code).toBe(NOT_SPOKEN);
    },
  );

  it('B09 are passed over when they are too large', async () => {
    const server = await answerWith((response, id) => {
      if (id === 2) return json(response, result(id));
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.on('error', () => {});
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    });
    const client = await connect(server);
    client.request(1, 'tools/call', { name: 'x' });
    expect(await client.outcome(1)).toMatchObject({ kind: 'oversized', request: 1 });
    client.request(2, 'ping');
    await client.answer(2);
    expect(client.told.map(({ kind }) => kind)).toEqual(['oversized', 'frame']);
  });
});

describe('a stream cut off in the middle of an event (B29)', () => {
  const half = 'data: {"jsonrpc":"2.0","id":1,"res';

  it('fails its call once, and nothing is sent again', async () => {
    const server = await serve((received, response) => {
      if (answerHandshake(received, response)) return;
      events(response);
      response.write(event({ jsonrpc: '2.0', method: 'notifications/progress' }) + half, () =>
        response.destroy(),
      );
    });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'tools/call', { name: 'x' });
    expect((await client.failure(1)).message).toMatch(/cut off in the middle/);
    expect(calls(server)).toBe(1);
    expect(client.told.some(({ kind }) => kind === 'closed')).toBe(false);
  });

  it('is gone on with where the server gives ids', async () => {
    const server = await serve((received, response) => {
      if (received.method === 'GET' && received.headers['last-event-id'] === 'p') {
        events(response);
        return void response.end(event(result(1, { ok: true }), 'q'));
      }
      if (answerHandshake(received, response)) return;
      if (!isCall(received)) return void response.writeHead(418).end();
      events(response);
      response.write(`id: p\nretry: 100\ndata:\n\nid: q\n${half}`, () => response.destroy());
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'tools/call', { name: 'x' });
    expect((await client.answer(1)).result).toEqual({ ok: true });
    expect(client.told.at(-1)).toMatchObject({ request: 1 });
    // With the answer there is nothing to go on with.
    client.request(2, 'ping');
    await client.failure(2);
    await vi.advanceTimersByTimeAsync(4_000);
    client.request(3, 'ping');
    await client.failure(3);
    expect(calls(server)).toBe(1);
    expect(server.received.filter(({ headers }) => headers['last-event-id'] === 'p')).toHaveLength(1);
    expect(server.received.some(({ headers }) => headers['last-event-id'] === 'q')).toBe(false);
  });

  it.each([
    [405, 'failed'],
    [404, 'closed'],
  ])('ends the wait when going on is met by %d: %s', async (status, kind) => {
    const server = await serve((received, response) => {
      if (received.method === 'GET' && received.headers['last-event-id'] === 'p') {
        return void response.writeHead(status).end();
      }
      if (answerHandshake(received, response)) return;
      events(response);
      response.end(`id: p\nretry: 100\ndata:\n\n`);
    });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'tools/call', { name: 'x' });
    expect((await client.next((told) => told.kind === 'failed' || told.kind === 'closed')).kind).toBe(kind);
  });
});

describe('a server that takes its time', () => {
  it('B29 may think about a call for as long as it likes, but not about a notification', async () => {
    const silent: ServerResponse[] = [];
    const server = await serve((received, response) => {
      if (received.message.method === 'notifications/initialized' || isCall(received)) silent.push(response);
      else if (!answerHandshake(received, response)) json(response, result(received.message.id));
    });
    const client = await connect(server);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await client.handshake();
    await server.next(({ message }) => message.method === 'notifications/initialized');
    client.request(1, 'tools/call', { name: 'slow' });
    await vi.advanceTimersByTimeAsync(10_000);
    // The receipt did not come: what waited behind it goes all the same.
    await server.next(isCall);
    await vi.advanceTimersByTimeAsync(600_000);
    json(silent[1]!, result(1, { late: true }));
    expect((await client.answer(1)).result).toEqual({ late: true });
  });

  it('B17 leaves bytes unsent while it does not read', async () => {
    const server = await serve(() => {});
    server.server.removeAllListeners('request');
    let release = (): void => {};
    server.server.on('request', (request, response: ServerResponse) => {
      release = () => {
        request.resume();
        request.once('end', () => json(response, result(1)));
      };
    });
    const client = await connect(server);
    const large = 'x'.repeat(16 * 1024 * 1024);
    const seen = new Promise<void>((resolve) => server.server.once('request', () => resolve()));
    client.request(1, 'tools/call', { name: 'x', arguments: { large } });
    await seen;
    expect(client.connection.unsentBytes).toBeGreaterThan(large.length);
    release();
    await client.answer(1);
    expect(client.connection.unsentBytes).toBe(0);
  });
});
