import { Agent as SecureAgent, createServer as createSecureServer } from 'node:https';
import { createServer as createNetServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeCertificate } from './support/certificate.ts';
import {
  connectTo,
  MODERN,
  type TestConnection,
  type TestConnectionOptions,
} from './support/recorded-connection.ts';
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
  vi.restoreAllMocks();
  for (const one of open.splice(0)) await (one.dispose ?? one.close)?.();
});

const serve = async (script: Script): Promise<ScriptedServer> => {
  const server = await serveScript(script);
  open.push(server);
  return server;
};
const connect = async (options: TestConnectionOptions): Promise<TestConnection> => {
  const client = await connectTo(options);
  open.unshift(client);
  return client;
};
const failureOf = async (client: TestConnection, id: number): Promise<string> => {
  client.request(id, 'tools/call', { name: 'x' });
  const { code, message } = await client.failure(id);
  expect(code).toBe(-32000);
  return message;
};

describe('a server in trouble', () => {
  it('B29 is left alone after five failures in a row, then tried once', async () => {
    let isWell = false;
    const server = await serve(({ message }, response) => {
      if (isWell) json(response, result(message.id));
      else response.writeHead(503).end('no');
    });
    let now = 1_000_000;
    const client = await connect({ url: server.url, now: () => now });
    for (let id = 1; id <= 5; id += 1) expect(await failureOf(client, id)).toMatch(/in trouble \(HTTP 503\)/);
    expect(await failureOf(client, 6)).toMatch(/left alone for 30 s/);
    expect(server.received).toHaveLength(5);

    now += 30_000;
    // The trial goes out; beside it nothing does.
    expect(await failureOf(client, 7)).toMatch(/HTTP 503/);
    expect(await failureOf(client, 8)).toMatch(/left alone/);
    expect(server.received).toHaveLength(6);

    now += 30_000;
    isWell = true;
    client.request(9, 'ping');
    await client.answer(9);
    client.request(10, 'ping');
    await client.answer(10);
    expect(server.received).toHaveLength(8);
  });

  it('B29 is not counted out by failures with a success between them', async () => {
    const server = await serve(({ message }, response) => {
      if (message.method === 'ping') json(response, result(message.id));
      else response.writeHead(500).end();
    });
    const client = await connect({ url: server.url });
    for (let id = 1; id <= 8; id += 2) {
      await failureOf(client, id);
      client.request(id + 1, 'ping');
      await client.answer(id + 1);
    }
    expect(server.received).toHaveLength(8);
  });

  it.each([429, 503])('B29 is left alone for as long as it asks with %d', async (status) => {
    const server = await serve((_, response) => response.writeHead(status, { 'Retry-After': '7' }).end());
    let now = 1_000_000;
    const client = await connect({ url: server.url, now: () => now });
    await failureOf(client, 1);
    expect(await failureOf(client, 2)).toMatch(/left alone for 7 s: .*HTTP/);
    now += 7_000;
    await failureOf(client, 3);
    expect(server.received).toHaveLength(2);
  });

  it('B29 loses the call it resets, and it is not sent again', async () => {
    const server = await serve(({ message }, response, request) => {
      if (message.method === 'ping') json(response, result(message.id));
      else request.socket.resetAndDestroy();
    });
    const client = await connect({ url: server.url });
    // On a connection that was used before, too: a call that arrived cannot be told from one that did not.
    client.request(1, 'ping');
    await client.answer(1);
    expect(await failureOf(client, 2)).toMatch(/closed the connection before it had answered/);
    expect(server.received.filter(({ message }) => message.method === 'tools/call')).toHaveLength(1);
  });

  it('D17 is suspended when it cannot be reached, its neighbour is not', async () => {
    const neighbour = await serve(({ message }, response) => json(response, result(message.id)));
    const gone = await serveScript(() => {});
    await gone.close();
    const [lost, healthy] = [await connect({ url: gone.url }), await connect({ url: neighbour.url })];
    for (let id = 1; id <= 5; id += 1) expect(await failureOf(lost, id)).toMatch(/refuses connections/);
    expect(await failureOf(lost, 6)).toMatch(/left alone/);
    healthy.request(1, 'ping');
    await healthy.answer(1);
    expect(lost.told.some(({ kind }) => kind === 'closed')).toBe(false);
  });

  it('says so when it does not speak HTTP', async () => {
    const other = createNetServer((socket) => socket.resume().end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => other.close(() => resolve())) });
    const { port } = other.address() as { port: number };
    const client = await connect({ url: `http://127.0.0.1:${port}/mcp` });
    expect(await failureOf(client, 1)).toMatch(/does not answer in HTTP/);
  });
});

describe('TLS (B29)', () => {
  const serveTls = async (certificate: { key: string; cert: string }): Promise<ScriptedServer> => {
    const server = await serveScript(
      ({ message }, response) => json(response, result(message.id)),
      createSecureServer(certificate),
    );
    open.push(server);
    return server;
  };

  it('is explained when the server is its own authority, and nothing is sent', async () => {
    const server = await serveTls(makeCertificate({ host: '127.0.0.1', expires: 1 }));
    const client = await connect({ url: server.url, headers: { 'X-Key': 'top-secret' } });
    expect(await failureOf(client, 1)).toMatch(/signed itself.*NODE_EXTRA_CA_CERTS/);
    expect(server.received).toEqual([]);
  });

  it.each([
    ['holds', { host: '127.0.0.1', expires: 1 }, null],
    ['has expired', { host: '127.0.0.1', expires: -1 }, /certificate that has expired/],
    ['is for another name', { host: '127.0.0.9', expires: 1 }, /certificate for another name/],
  ])('tells when a certificate of a known authority %s', async (_, options, expected) => {
    const certificate = makeCertificate(options);
    const server = await serveTls(certificate);
    const connectSocket = SecureAgent.prototype.createConnection;
    // As NODE_EXTRA_CA_CERTS does it, which Node reads at its start only.
    vi.spyOn(SecureAgent.prototype, 'createConnection').mockImplementation(function (
      this: SecureAgent,
      target,
      done,
    ) {
      return connectSocket.call(this, { ...target, ca: certificate.cert } as typeof target, done);
    });
    const client = await connect({ url: server.url });
    for (const id of [1, 2]) {
      if (expected) expect(await failureOf(client, id)).toMatch(expected);
      else {
        client.request(id, 'ping');
        await client.answer(id);
      }
    }
    // One handshake does for both calls.
    if (!expected) expect(server.sockets.size).toBe(1);
    expect(server.received).toHaveLength(expected ? 0 : 2);
  });

  it('is explained when there is none at that port', async () => {
    const server = await serve(() => {});
    const url = new URL(server.url);
    url.protocol = 'https:';
    const client = await connect({ url });
    expect(await failureOf(client, 1)).toMatch(/http:\/\/ instead of https:\/\//);
  });
});

describe('redirects', () => {
  it('B29 to another origin are not followed, and it learns nothing', async () => {
    const other = await serve((_, response) => json(response, {}));
    const server = await serve((_, response) => {
      response.writeHead(307, { Location: new URL('/mcp?x=1', other.origin).href }).end();
    });
    const client = await connect({ url: server.url, headers: { Authorization: 'Bearer mine' } });
    expect(await failureOf(client, 1)).toBe(
      `${server.url.host} redirects to ${other.origin}/mcp, which Patchbay does not follow. If that is the server, put its URL into the catalog.`,
    );
    expect(other.received).toEqual([]);
  });

  it.each([
    [307, ['/mcp', '/there', '/mcp', '/there']],
    [308, ['/mcp', '/there', '/there']],
  ])('within the origin are followed with the same message: %d', async (status, paths) => {
    const server = await serve(({ path, message }, response) => {
      if (path === '/there') json(response, result(message.id));
      else response.writeHead(status, { Location: '/there' }).end();
    });
    const client = await connect({ url: server.url, headers: { 'X-Key': 'k' } });
    client.request(1, 'ping');
    await client.answer(1);
    client.request(2, 'ping');
    await client.answer(2);
    expect(server.received.map(({ path }) => path)).toEqual(paths);
    expect(
      server.received.every(({ headers, message }) => headers['x-key'] === 'k' && message.method === 'ping'),
    ).toBe(true);
  });

  it('that would turn a call into a GET are not followed', async () => {
    const server = await serve((_, response) => response.writeHead(302, { Location: '/there' }).end());
    const client = await connect({ url: server.url });
    expect(await failureOf(client, 1)).toMatch(/redirects to .*\/there/);
    expect(server.received).toHaveLength(1);
  });

  it('B29 in circles end', async () => {
    const server = await serve((_, response) => response.writeHead(307, { Location: '/mcp' }).end());
    const client = await connect({ url: server.url });
    expect(await failureOf(client, 1)).toMatch(/sends in circles/);
    expect(server.received).toHaveLength(4);
  });

  it('B29 do not choose as whom we come', async () => {
    const server = await serve(({ path, message }, response) => {
      if (path === '/there') json(response, result(message.id));
      else response.writeHead(307, { Location: `http://evil:pass@${server.url.host}/there` }).end();
    });
    const client = await connect({ url: server.url });
    client.request(1, 'ping');
    await client.answer(1);
    expect(server.received[1]!.headers.authorization).toBeUndefined();
  });
});

describe('what leaves the hub', () => {
  it('E19 are our own headers and the person’s, and no others', async () => {
    const server = await serve((received, response) => {
      if (!answerHandshake(received, response)) json(response, result(received.message.id));
    });
    const legacy = await connect({ url: server.url, headers: { 'X-Key': 'k' } });
    await legacy.handshake();
    legacy.request(1, 'tools/call', { name: 'x' });
    await legacy.answer(1);
    const modern = await connect({ url: server.url, version: MODERN });
    modern.request(
      2,
      'tools/call',
      { name: 'x' },
      { parameterHeaders: { 'Mcp-Param-A': 'a', Authorization: 'no' } },
    );
    await modern.answer(2);

    const headersOf = (id: number): string[] =>
      Object.keys(server.received.find(({ message }) => message.id === id)!.headers).toSorted();
    const common = ['accept', 'connection', 'content-length', 'content-type', 'host'];
    expect(headersOf(1)).toEqual([...common, 'mcp-protocol-version', 'mcp-session-id', 'x-key'].toSorted());
    expect(headersOf(2)).toEqual(
      [...common, 'mcp-method', 'mcp-name', 'mcp-param-a', 'mcp-protocol-version'].toSorted(),
    );
  });

  it('E21 goes where a name leads, if only one of its addresses answers', async () => {
    const server = await serve(({ message }, response) => json(response, result(message.id)));
    const url = new URL(server.url);
    url.hostname = 'localhost';
    const client = await connect({ url });
    client.request(1, 'ping');
    await client.answer(1);
    expect(server.received[0]!.headers.host).toBe(url.host);
  });

  it('E21 goes to no link-local address, where clouds keep their keys', async () => {
    for (const url of [
      'http://169.254.169.254/mcp',
      'http://0xA9FEA9FE/mcp',
      'http://[::ffff:169.254.169.254]/mcp',
    ]) {
      const client = await connect({ url });
      expect(await failureOf(client, 1)).toMatch(/address that remote servers must not use/);
    }
  });

  it('E21 goes to no other origin that an HTTP+SSE server names for our messages', async () => {
    const other = await serve((_, response) => json(response, {}));
    const server = await serve((_, response) => {
      events(response);
      response.write(`event: endpoint\ndata: ${other.origin}/messages\n\n`);
    });
    await expect(
      connectTo({ url: server.url, transport: 'sse', headers: { 'X-Key': 'k' } }),
    ).rejects.toMatchObject({
      code: 'SERVER_CANNOT_START',
    });
    expect(other.received).toEqual([]);
  });
});

describe('HTTP+SSE', () => {
  it('fails the call that was not taken, and goes on', async () => {
    const streams: { write(text: string): unknown }[] = [];
    const server = await serve(({ method, message }, response) => {
      if (method === 'GET') {
        events(response);
        streams.push(response);
        return void response.write('event: endpoint\ndata: /messages?id=1\n\n');
      }
      if (message.method === 'tools/call') return void response.writeHead(413).end();
      response.writeHead(202).end();
      if (message.id !== undefined) streams[0]!.write(event(result(message.id)));
    });
    const client = await connect({ url: server.url, transport: 'sse' });
    await client.handshake();
    expect(await failureOf(client, 1)).toMatch(/too large/);
    client.request(2, 'ping');
    await client.answer(2);
    expect(server.received.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual(
      Array.from({ length: 4 }, () => '/messages?id=1'),
    );
  });

  it.each([
    ['no stream', (response: Parameters<Script>[1]) => json(response, {}), /offers no event stream/],
    ['a refusal', (response: Parameters<Script>[1]) => response.writeHead(404).end(), /serves no MCP/],
    [
      'a stream that ends',
      (response: Parameters<Script>[1]) => {
        events(response);
        response.end();
      },
      /ended its stream before/,
    ],
  ])('is not opened when there is %s', async (_, write, expected) => {
    const server = await serve((_received, response) => write(response));
    await expect(connectTo({ url: server.url, transport: 'sse' })).rejects.toMatchObject({
      code: 'SERVER_CANNOT_START',
      message: expect.stringMatching(expected) as string,
    });
  });

  it('tells of both ways when a server of unknown kind speaks neither', async () => {
    const server = await serve((_, response) => response.writeHead(404).end());
    const client = await connect({ url: server.url, transport: 'auto' });
    client.request(1, 'initialize');
    expect(await client.failure(1)).toEqual({
      code: -32601,
      message: `${server.url.host} serves no MCP at this address (HTTP 404). HTTP+SSE: ${server.url.host} serves no MCP at this address (HTTP 404).`,
    });
  });
});
