import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectTo, LEGACY, MODERN, type TestConnection } from './support/recorded-connection.ts';
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

describe('a legacy session', () => {
  it('begins without an id, carries it from then on and ends with DELETE', async () => {
    const server = await serve((received, response) => {
      if (!answerHandshake(received, response)) json(response, result(received.message.id));
    });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'ping');
    await client.answer(1);
    await server.next(({ method }) => method === 'GET');
    await client.connection.close();

    const [initialize, ...rest] = server.received;
    expect(initialize!.headers['mcp-session-id']).toBeUndefined();
    expect(initialize!.headers['mcp-protocol-version']).toBeUndefined();
    expect(rest.map(({ method }) => method).toSorted()).toEqual(['DELETE', 'GET', 'POST', 'POST']);
    for (const { headers } of rest) {
      expect(headers['mcp-session-id']).toBe('session-1');
      expect(headers['mcp-protocol-version']).toBe(LEGACY);
    }
    expect(server.received.at(-1)!.method).toBe('DELETE');
    expect(await client.closed()).toEqual({ asked: true, reason: 'was closed' });
  });

  it('holds back what follows `initialized` until that has been taken', async () => {
    let release = (): void => {};
    const server = await serve((received, response) => {
      if (received.message.method === 'notifications/initialized')
        release = () => response.writeHead(202).end();
      else if (!answerHandshake(received, response)) json(response, result(received.message.id));
    });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'tools/list');
    client.request(2, 'tools/list');
    client.connection.abandon(2);
    await server.next(({ message }) => message.method === 'notifications/initialized');
    expect(client.connection.unsentBytes).toBeGreaterThan(0);
    // Whatever was sent before this has come in when this has.
    await fetch(server.url);
    server.received.pop();
    expect(server.received.map(({ message }) => message.method)).toEqual([
      'initialize',
      'notifications/initialized',
    ]);
    release();
    await client.answer(1);
    expect(server.received.filter(({ message }) => message.method === 'tools/list')).toHaveLength(1);
    expect(client.connection.unsentBytes).toBe(0);
  });

  it('sends calls only when the stream stands on which the server may ask back', async () => {
    let offer = (): void => {};
    const server = await serve((received, response) => {
      if (received.method === 'GET') offer = () => events(response);
      else if (!answerHandshake(received, response)) json(response, result(received.message.id));
    });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'tools/call');
    await server.next(({ method }) => method === 'GET');
    expect(server.received.some(isCall)).toBe(false);
    offer();
    await client.answer(1);
    expect(server.received.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET', 'POST']);
  });

  it('does not wait long for a server that says nothing on its stream before it has to', async () => {
    const server = await serve((received, response) => {
      if (received.method === 'GET') return;
      if (!answerHandshake(received, response)) json(response, result(received.message.id));
    });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'tools/call');
    await client.answer(1);
    expect(server.received.at(-1)!.message.method).toBe('tools/call');
  });

  it('opens its GET stream again where it was cut, with Last-Event-ID', async () => {
    const note = (n: number): unknown => ({ jsonrpc: '2.0', method: 'notifications/message', params: { n } });
    const server = await serve((received, response) => {
      if (received.method !== 'GET') return void answerHandshake(received, response);
      events(response);
      const last = received.headers['last-event-id'];
      if (last === undefined) {
        // The second event is cut off in its middle.
        response.write(`retry: 100\n\n${event(note(1), 'e1')}id: e2\ndata: {"jsonrpc":`, () =>
          response.destroy(),
        );
      } else response.write(event(note(2), 'e2'));
    });
    const client = await connect(server);
    await client.handshake();
    await client.next((told) => told.kind === 'frame' && told.message.params?.n === 2);
    const gets = server.received.filter(({ method }) => method === 'GET');
    expect(gets.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'e1']);
    const notes = client.told.filter((told) => told.kind === 'frame' && told.message.params?.n !== undefined);
    expect(notes.map((told) => told.kind === 'frame' && told.message.params?.n)).toEqual([1, 2]);
  });

  it('asks for a GET stream once where none is offered', async () => {
    const server = await serve((received, response) => {
      if (!answerHandshake(received, response)) json(response, result(received.message.id));
    });
    const client = await connect(server);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await client.handshake();
    await server.next(({ method }) => method === 'GET');
    client.request(1, 'ping');
    await client.answer(1);
    await vi.advanceTimersByTimeAsync(120_000);
    client.request(2, 'ping');
    await client.answer(2);
    expect(server.received.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it.each([
    ['404', (response: ServerResponse) => response.writeHead(404).end()],
    [
      '400 with words about it',
      (response: ServerResponse) =>
        json(
          response,
          {
            jsonrpc: '2.0',
            error: { code: -32000, message: 'Bad Request: No valid session ID provided' },
            id: null,
          },
          400,
        ),
    ],
  ])('B29 is over when the server answers %s', async (_, refuse) => {
    const server = await serve((received, response) => {
      if (!answerHandshake(received, response)) refuse(response);
    });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'tools/list');
    expect(await client.closed()).toEqual({ asked: false, reason: 'ended the session' });
    await client.connection.close();
    expect(client.told.filter(({ kind }) => kind === 'closed')).toHaveLength(1);
    expect(server.received.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  it('leaves the stream of an abandoned call alone, for a while', async () => {
    let held: ServerResponse | null = null;
    const server = await serve((received, response) => {
      if (answerHandshake(received, response)) return;
      if (isCall(received)) events((held = response));
      else json(response, result(received.message.id));
    });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'tools/call', { name: 'slow' });
    await server.next(isCall);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    client.connection.abandon(1);
    const closed = new Promise<void>((resolve) => held!.once('close', resolve));
    client.request(2, 'ping');
    await client.answer(2);
    expect(held!.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    expect(client.told.some(({ kind }) => kind === 'failed')).toBe(false);
  });

  it('says goodbye to what is under way without a word to its owner', async () => {
    const server = await serve((received, response) => {
      if (!answerHandshake(received, response)) events(response);
    });
    const client = await connect(server);
    await client.handshake();
    client.request(1, 'tools/call', { name: 'slow' });
    await server.next(isCall);
    await client.connection.close();
    expect(client.told.map(({ kind }) => kind)).toEqual(['frame', 'closed']);
  });
});

describe('a modern call', () => {
  it('is cancelled at once when it is given up: its stream is closed', async () => {
    const server = await serve((_, response) => events(response));
    const client = await connectTo({ url: server.url, version: MODERN });
    open.unshift(client);
    client.request(1, 'tools/call', { name: 'slow' });
    await server.next(isCall);
    const closed = new Promise<void>((resolve) => {
      for (const socket of server.sockets) socket.once('close', () => resolve());
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    client.connection.abandon(1);
    await closed;
    expect(client.told).toEqual([]);
  });
});
