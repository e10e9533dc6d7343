import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { call, initialize, openFront, openRequest, rpc, TOKEN, type Front, type Opened } from './front.ts';

let front: Front;
beforeEach(async () => {
  front = await openFront();
});
afterEach(() => front.close());

describe('HTTP+SSE', () => {
  const open = async (path: string): Promise<{ stream: Opened; address: string }> => {
    const stream = await openRequest(front, { path, method: 'GET' });
    const text = await stream.until((so) => so.includes('\n\n'));
    return { stream, address: /^event: endpoint\ndata: (.*)\n/.exec(text)![1]! };
  };

  it('gives out an address for messages and answers on the stream', async () => {
    const { stream, address } = await open('/servers/echo/sse');
    expect(address).toMatch(/^\/servers\/echo\/messages\?sessionId=[0-9a-f-]{36}$/);
    expect((await call(front, { path: address, body: initialize('2024-11-05') })).status).toBe(202);
    await call(front, { path: address, body: rpc(5, 'echo') });
    await stream.until((text) => text.includes('"id":5'));
    front.conversations[0]!.channel.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/x"}'));
    await stream.until((text) => text.includes('notifications/x'));
    expect(front.sessions.connected()).toMatchObject([{ transport: 'sse', era: 'legacy', server: 'echo' }]);
    await call(front, { path: address, body: '{"half":' });
    await stream.until((text) => text.includes('-32700'));
    stream.request.destroy();
    await expect.poll(() => front.conversations[0]!.isClosed).toBe(true);
    expect((await call(front, { path: address, body: rpc(6, 'echo') })).status).toBe(404);
    expect(front.sessions.connected()).toEqual([]);
  });

  it('serves all servers at /sse; an address is good for its own endpoint only', async () => {
    const { stream, address } = await open('/sse');
    expect(address.startsWith('/messages?')).toBe(true);
    const elsewhere = `/servers/echo${address}`;
    expect((await call(front, { path: elsewhere, body: initialize() })).status).toBe(404);
    expect((await call(front, { path: '/messages', body: initialize() })).status).toBe(404);
    expect((await call(front, { path: address, method: 'GET' })).status).toBe(405);
    expect((await call(front, { path: '/sse', body: initialize() })).status).toBe(405);
    expect((await call(front, { path: address, headers: { authorization: null }, body: {} })).status).toBe(
      401,
    );
    stream.request.destroy();
  });

  it('a person who ends the session ends the stream', async () => {
    const { stream } = await open('/sse');
    await front.sessions.end(front.sessions.connected()[0]!.id);
    await stream.ended;
    expect(front.conversations[0]!.isClosed).toBe(true);
  });
});

describe('WebSocket', () => {
  const connect = async (
    protocols: string[] = ['mcp'],
    headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
  ): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${front.http.port}/ws`, protocols, { headers });
    await once(socket, 'open');
    return socket;
  };
  const next = async (socket: WebSocket): Promise<unknown> => {
    const [data] = (await once(socket, 'message')) as [Buffer];
    return JSON.parse(data.toString());
  };

  it('carries frames both ways, one text each', async () => {
    const socket = await connect();
    expect(socket.protocol).toBe('mcp');
    socket.send(JSON.stringify(initialize()));
    expect(await next(socket)).toMatchObject({ id: 0, result: {} });
    socket.send(JSON.stringify(rpc('é', 'echo'), null, 1));
    expect(await next(socket)).toMatchObject({ id: 'é' });
    front.conversations[0]!.channel.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/x"}'));
    expect(await next(socket)).toMatchObject({ method: 'notifications/x' });
    socket.send('nothing');
    expect(await next(socket)).toMatchObject({ id: null, error: { code: -32_700 } });
    expect(front.sessions.connected()).toMatchObject([{ transport: 'websocket', server: '*' }]);
    socket.close();
    await expect.poll(() => front.conversations[0]!.isClosed).toBe(true);
  });

  it('takes the token as a subprotocol, which is all a page can send; none without', async () => {
    const socket = await connect(['mcp', `bearer.${TOKEN}`], {});
    expect(socket.protocol).toBe('mcp');
    socket.close();
    const refused = async (headers: Record<string, string>): Promise<string> => {
      const attempt = connect(['mcp'], headers);
      return attempt.then(
        () => 'open',
        (error: Error) => error.message,
      );
    };
    expect(await refused({})).toContain('401');
    expect(await refused({ authorization: `Bearer ${TOKEN}`, origin: 'http://evil.com' })).toContain('403');
    expect(await refused({ authorization: `Bearer ${TOKEN}x` })).toContain('401');
  });

  it('closes on binary messages and on too large ones', async () => {
    const binary = await connect();
    binary.send(Buffer.from('{}'), { binary: true });
    expect((await once(binary, 'close'))[0]).toBe(1003);
    const large = await connect();
    large.send('x'.repeat(17 * 1024 * 1024));
    expect((await once(large, 'close'))[0]).toBe(1009);
  });

  it('a person who ends the session closes it', async () => {
    const socket = await connect();
    await front.conversation(0);
    const closed = once(socket, 'close');
    await front.sessions.end(front.sessions.connected()[0]!.id);
    expect((await closed)[0]).toBe(1001);
  });

  it('C16: past the limit it is told to come again', async () => {
    await front.close();
    const limit = { perUser: 1, total: 1 };
    front = await openFront({ limits: { sessions: limit, streams: limit } });
    const first = await connect();
    const second = await connect();
    expect((await once(second, 'close'))[0]).toBe(1013);
    first.close();
  });

  it('is no page: a plain request is told so', async () => {
    expect((await call(front, { path: '/ws', method: 'GET' })).status).toBe(426);
  });
});

describe('POST /jsonrpc', () => {
  const post = (body: string | object): ReturnType<typeof call> => call(front, { path: '/jsonrpc', body });

  it('answers requests of callers that know no handshake, whatever their ids', async () => {
    const answers = await Promise.all([1, 1, 'a'].map((id) => post(rpc(id, 'echo', { id }))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const [index, id] of [1, 1, 'a'].entries()) {
      const { id: returned, result } = JSON.parse(answers[index]!.body) as { id: unknown; result: string };
      expect([returned, (JSON.parse(result) as { params: unknown }).params]).toEqual([id, { id }]);
    }
    const [conversation] = front.conversations;
    expect(front.conversations).toHaveLength(1);
    const ids = conversation!.said.flatMap(({ envelope }) =>
      envelope.kind === 'request' ? [envelope.id] : [],
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(conversation!.said.slice(0, 2).map(({ envelope }) => envelope.method)).toEqual([
      'initialize',
      'notifications/initialized',
    ]);
  });

  it('says what its own handshake was answered to whoever asks by habit', async () => {
    await post(rpc(1, 'echo'));
    const answer = await post(initialize());
    expect(JSON.parse(answer.body)).toEqual({ jsonrpc: '2.0', id: 0, result: { protocolVersion: 'x' } });
    expect(
      front.conversations[0]!.said.filter(({ envelope }) => envelope.method === 'initialize'),
    ).toHaveLength(1);
  });

  it('takes batches up to 100 and answers notifications with nothing', async () => {
    const answer = await post([rpc(1, 'echo'), rpc(1, 'echo'), { jsonrpc: '2.0', method: 'x' }]);
    expect((JSON.parse(answer.body) as { id: unknown }[]).map(({ id }) => id)).toEqual([1, 1]);
    expect((await post({ jsonrpc: '2.0', method: 'x' })).status).toBe(202);
    const many = Array.from({ length: 101 }, (_, id) => rpc(id, 'echo'));
    expect((await post(many)).status).toBe(400);
    expect((await post('{')).status).toBe(400);
  });

  it('tells a server that its caller cannot be asked', async () => {
    const pending = post(rpc(1, 'hold'));
    const conversation = await front.conversation(0);
    const held = await conversation.heard('hold');
    held.reply!.send(Buffer.from('{"jsonrpc":"2.0","id":77,"method":"roots/list"}'));
    const refused = await conversation.heard('response');
    expect(JSON.parse(refused.frame.toString())).toMatchObject({ id: 77, error: { code: -32_601 } });
    held.reply!.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/progress"}'));
    held.answer('{}');
    expect(JSON.parse((await pending).body)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });

  it('refuses what needs a stream', async () => {
    const answer = await post(rpc(1, 'subscriptions/listen'));
    expect(JSON.parse(answer.body)).toMatchObject({ id: 1, error: { code: -32_601 } });
  });

  it('a person who ends the session ends its calls; the next one begins anew', async () => {
    const pending = post(rpc(1, 'hold'));
    const conversation = await front.conversation(0);
    await conversation.heard('hold');
    await front.sessions.end(conversation.options.caller.sessionId);
    expect(await pending).toMatchObject({ status: 503 });
    await post(rpc(2, 'echo'));
    expect(front.conversations).toHaveLength(2);
  });
});
