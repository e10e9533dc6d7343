import { appendFileSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, events, initialize, openFront, openRequest, openSession, rpc, type Front } from './front.ts';

let front: Front;
beforeEach(async () => {
  front = await openFront();
});
afterEach(() => front.close());

const news = Buffer.from('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
const progress = (value: number): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":${value}}}`,
  );

describe('Streamable HTTP with sessions', () => {
  it('gives a session to a handshake and answers its requests in one piece of JSON', async () => {
    const { id, headers } = await openSession(front);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const answer = await call(front, { headers, body: rpc('7', 'echo') });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(Number(answer.headers['content-length'])).toBe(Buffer.byteLength(answer.body));
    expect(JSON.parse(answer.body)).toMatchObject({ id: '7', result: JSON.stringify(rpc('7', 'echo')) });
    expect(front.sessions.view(id)).toMatchObject({ transport: 'http', era: 'legacy', server: 'echo' });
  });

  it('keeps every byte of a frame, on JSON and on streams, also of those that are not ASCII', async () => {
    const { headers } = await openSession(front);
    const text = 'é 漢字 😀 \u0000';
    const plain = await call(front, { headers, body: rpc(1, 'echo', { text }) });
    expect(JSON.parse((JSON.parse(plain.body) as { result: string }).result)).toMatchObject({
      params: { text },
    });
    const opened = openRequest(front, { headers, body: rpc(2, 'hold') });
    const held = await (await front.conversation(0)).heard('hold');
    held.reply!.send(progress(1));
    held.answer(JSON.stringify({ text, filler: 'x'.repeat(40_000) }));
    const stream = await opened;
    await stream.ended;
    expect(events(stream.text()).at(-1)!.frame).toMatchObject({ id: 2, result: { text } });
  });

  it('makes one line of a pretty body', async () => {
    const { headers } = await openSession(front);
    await call(front, { headers, body: JSON.stringify(rpc(1, 'echo', { a: 'b' }), null, 2) });
    const { frame } = await front.conversations[0]!.heard('echo');
    expect(frame.includes('\n')).toBe(false);
    expect(JSON.parse(frame.toString())).toEqual(rpc(1, 'echo', { a: 'b' }));
  });

  it('takes notifications and answers with 202 and nothing else', async () => {
    const { headers } = await openSession(front);
    const notified = await call(front, {
      headers,
      body: { jsonrpc: '2.0', method: 'notifications/initialized' },
    });
    const responded = await call(front, { headers, body: { jsonrpc: '2.0', id: 5, result: {} } });
    expect([notified.status, notified.body, responded.status]).toEqual([202, '', 202]);
    expect((await front.conversations[0]!.heard('response')).reply).toBeNull();
  });

  it('what comes before an answer makes a stream of it, in order, with ids of its own', async () => {
    const { headers } = await openSession(front);
    const opened = openRequest(front, { headers, body: rpc(3, 'hold') });
    const held = await (await front.conversation(0)).heard('hold');
    held.reply!.send(progress(1));
    held.reply!.send(progress(2));
    held.answer('{}');
    const stream = await opened;
    await stream.ended;
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
    });
    const [prime, ...rest] = events(stream.text());
    // 2025-11-25: an id without a message first, so that nothing can be missed; and how soon to come back.
    expect(prime!.frame).toBeNull();
    expect(stream.text()).toContain('retry: ');
    expect(rest.map(({ frame }) => frame)).toEqual([
      JSON.parse(progress(1).toString()),
      JSON.parse(progress(2).toString()),
      { jsonrpc: '2.0', id: 3, result: {} },
    ]);
    expect(new Set(events(stream.text()).map(({ id }) => id)).size).toBe(4);
  });

  it('spares clients of older revisions the event without a message', async () => {
    const { headers } = await openSession(front, '2025-06-18');
    const opened = openRequest(front, { headers, body: rpc(3, 'hold') });
    const held = await (await front.conversation(0)).heard('hold');
    held.reply!.send(progress(1));
    held.answer('{}');
    const stream = await opened;
    await stream.ended;
    expect(events(stream.text()).map(({ frame }) => frame !== null)).toEqual([true, true]);
  });

  it('refuses sessions it never gave out, and those of another endpoint', async () => {
    const { id, headers } = await openSession(front);
    const body = rpc(1, 'echo');
    for (const strange of ['nobody', '..%2f..', `${id}x`]) {
      const answer = await call(front, { headers: { 'mcp-session-id': strange }, body });
      expect([strange, answer.status]).toEqual([strange, 404]);
    }
    expect((await call(front, { path: '/mcp', headers, body })).status).toBe(404);
    expect((await call(front, { path: '/servers/nobody/mcp', headers, body })).status).toBe(404);
    const first = await call(front, { body });
    expect([first.status, first.body]).toEqual([400, expect.stringContaining('not initialized')]);
    expect((await call(front, { headers, body: initialize() })).status).toBe(400);
  });

  it('C13: refuses revisions it does not know, naming those it does', async () => {
    const { headers } = await openSession(front);
    const answer = await call(front, {
      headers: { ...headers, 'mcp-protocol-version': '1999-01-01' },
      body: rpc(1, 'echo'),
    });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      id: 1,
      error: { data: { supported: expect.arrayContaining(['2025-11-25']) as unknown } },
    });
  });

  it('C10: a request that its client cancels ends without an answer; other requests go on', async () => {
    const { headers } = await openSession(front);
    const pending = call(front, { headers, body: rpc('a', 'hold') });
    const other = call(front, { headers, body: rpc('b', 'keep') });
    const conversation = front.conversations[0]!;
    const kept = await conversation.heard('keep');
    await conversation.heard('hold');
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'nobody' } };
    await call(front, { headers, body: cancel });
    // An escaped letter is the same letter.
    await call(front, { headers, body: JSON.stringify(cancel).replace('nobody', '\\u0061') });
    expect(await pending).toMatchObject({ status: 200, body: '' });
    kept.answer('{}');
    expect(JSON.parse((await other).body)).toMatchObject({ id: 'b' });
  });

  it('DELETE ends a session for good', async () => {
    const { headers } = await openSession(front);
    expect((await call(front, { method: 'DELETE', headers })).status).toBe(204);
    expect(front.conversations[0]!.isClosed).toBe(true);
    expect((await call(front, { headers, body: rpc(1, 'echo') })).status).toBe(404);
    expect((await call(front, { method: 'DELETE', headers })).status).toBe(404);
  });

  it('a person who ends a session ends its calls; the client hears of it', async () => {
    const { id, headers } = await openSession(front);
    const pending = call(front, { headers, body: rpc(9, 'hold') });
    await front.conversations[0]!.heard('hold');
    expect(await front.sessions.end(id)).toBe(true);
    expect(JSON.parse((await pending).body)).toMatchObject({ id: 9, error: { code: -32_000 } });
    expect((await call(front, { headers, body: rpc(1, 'echo') })).status).toBe(404);
    expect(await front.sessions.end(id)).toBe(false);
  });

  it('a refused handshake leaves no session', async () => {
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'refuse', version: '1' },
    };
    const answer = await call(front, { body: rpc(0, 'initialize', params) });
    expect(JSON.parse(answer.body)).toMatchObject({ id: 0, error: { message: 'It cannot start.' } });
    expect(answer.headers['mcp-session-id']).toBeUndefined();
    expect(front.sessions.connected()).toEqual([]);
    expect(front.conversations[0]!.isClosed).toBe(true);
  });
});

describe('what belongs to no request', () => {
  it('goes to the GET stream, with what was said while there was none', async () => {
    const { headers } = await openSession(front);
    const { channel } = front.conversations[0]!;
    channel.send(news);
    const stream = await openRequest(front, { method: 'GET', headers });
    await stream.until((text) => text.includes('list_changed'));
    channel.send(progress(1));
    await stream.until((text) => text.includes('progress'));
    expect(events(stream.text()).filter(({ frame }) => frame !== null)).toHaveLength(2);
    stream.request.destroy();
  });

  it('reaches a client that never opens a stream with its next answer, once', async () => {
    const { headers } = await openSession(front);
    front.conversations[0]!.channel.send(news);
    const first = await call(front, { headers, body: rpc(1, 'echo') });
    expect(events(first.body).map(({ frame }) => (frame as { method?: string } | null)?.method)).toEqual([
      undefined,
      'notifications/tools/list_changed',
      undefined,
    ]);
    const second = await call(front, { headers, body: rpc(2, 'echo') });
    expect(second.headers['content-type']).toBe('application/json');
  });

  it('a GET that comes back with Last-Event-ID gets what it missed', async () => {
    const { headers } = await openSession(front);
    const { channel } = front.conversations[0]!;
    const stream = await openRequest(front, { method: 'GET', headers });
    channel.send(progress(1));
    await stream.until((text) => text.includes('"progress":1'));
    const seen = events(stream.text()).at(-1)!.id!;
    channel.send(progress(2));
    await stream.until((text) => text.includes('"progress":2'));
    stream.request.destroy();
    await stream.ended;
    channel.send(progress(3));
    const again = await openRequest(front, { method: 'GET', headers: { ...headers, 'last-event-id': seen } });
    await again.until((text) => text.includes('"progress":3'));
    expect(again.text()).toContain('"progress":2');
    expect(again.text()).not.toContain('"progress":1');
    again.request.destroy();
  });

  it('what is kept for a client that never comes is bounded; the newest stays', async () => {
    const { headers } = await openSession(front);
    for (let value = 0; value < 2_000; value += 1) front.conversations[0]!.channel.send(progress(value));
    const stream = await openRequest(front, { method: 'GET', headers });
    await stream.until((text) => text.includes('"progress":1999'));
    expect(events(stream.text()).length).toBeLessThan(600);
    stream.request.destroy();
  });

  it('C16: a few streams at once are taken, more are refused', async () => {
    const { headers } = await openSession(front);
    const streams = [];
    for (let count = 0; count < 4; count += 1) {
      streams.push(await openRequest(front, { method: 'GET', headers }));
    }
    expect((await call(front, { method: 'GET', headers })).status).toBe(409);
    // One message travels on one stream only.
    front.conversations[0]!.channel.send(news);
    await streams[3]!.until((text) => text.includes('list_changed'));
    expect(streams[0]!.text()).not.toContain('list_changed');
    for (const { request } of streams) request.destroy();
  });
});

describe('C01: a client that goes away in the middle', () => {
  it('cancels nothing in this era, and finds its answer when it comes back', async () => {
    const { headers } = await openSession(front);
    const opened = openRequest(front, { headers, body: rpc('call "1"', 'hold') });
    const conversation = await front.conversation(0);
    const held = await conversation.heard('hold');
    held.reply!.send(progress(1));
    const stream = await opened;
    await stream.until((text) => text.includes('"progress":1'));
    const seen = events(stream.text()).at(-1)!.id!;
    stream.request.destroy();
    await stream.ended;
    held.reply!.send(progress(2));
    const again = await openRequest(front, { method: 'GET', headers: { ...headers, 'last-event-id': seen } });
    await again.until((text) => text.includes('"progress":2'));
    held.answer('"late"');
    await again.ended;
    expect(events(again.text()).at(-1)!.frame).toMatchObject({ id: 'call "1"', result: 'late' });
    expect(conversation.abandoned).toEqual([]);
  });

  it('finds an answer that came while it was away', async () => {
    const { headers } = await openSession(front);
    const opened = openRequest(front, { headers, body: rpc(4, 'hold') });
    const held = await (await front.conversation(0)).heard('hold');
    held.reply!.send(progress(1));
    const stream = await opened;
    await stream.until((text) => text.includes('"progress":1'));
    stream.request.destroy();
    await stream.ended;
    held.answer('"kept"');
    const seen = events(stream.text()).at(-1)!.id!;
    const again = await call(front, { method: 'GET', headers: { ...headers, 'last-event-id': seen } });
    expect(events(again.body).map(({ frame }) => frame)).toEqual([{ jsonrpc: '2.0', id: 4, result: 'kept' }]);
  });

  it('is told what is lost, by the id of its request: too large to keep, or of an earlier hub', async () => {
    const { headers } = await openSession(front);
    const opened = openRequest(front, { headers, body: rpc('big', 'hold') });
    const held = await (await front.conversation(0)).heard('hold');
    held.reply!.send(progress(1));
    const stream = await opened;
    await stream.until((text) => text.includes('"progress":1'));
    stream.request.destroy();
    await stream.ended;
    held.answer(JSON.stringify('x'.repeat(5 * 1024 * 1024)));
    const seen = events(stream.text()).at(-1)!.id!;
    const foreign = `0${seen.slice(seen.indexOf('.'))}`;
    for (const position of [seen, foreign]) {
      const again = await call(front, { method: 'GET', headers: { ...headers, 'last-event-id': position } });
      expect(events(again.body).map(({ frame }) => frame)).toMatchObject([
        { id: 'big', error: { code: -32_000, message: expect.stringContaining('not repeated') as unknown } },
      ]);
    }
  });
});

describe('a hub that starts again', () => {
  it('knows its sessions, and what they had said', async () => {
    const { id, headers } = await openSession(front);
    await call(front, { headers, body: { jsonrpc: '2.0', method: 'notifications/initialized' } });
    front = await front.restart();
    const answer = await call(front, { headers, body: rpc(1, 'echo') });
    expect(answer.status).toBe(200);
    const { options } = front.conversations[0]!;
    expect(options.caller).toMatchObject({ sessionId: id, user: 'me', transport: 'http' });
    expect(JSON.parse(options.restored!.initialize)).toEqual(initialize());
    expect(options.restored!.initialized).toBe(true);
    expect(front.sessions.view(id)!.resumed).toBe(1);
    // One conversation, however many requests.
    await call(front, { headers, body: rpc(2, 'echo') });
    expect(front.conversations).toHaveLength(1);
  });

  it('has written a session down before its client knows it, and reads past half a line', async () => {
    const { id, headers } = await openSession(front);
    expect(readFileSync(front.recordsFile, 'utf8')).toContain(id);
    await call(front, { headers, body: { jsonrpc: '2.0', method: 'notifications/initialized' } });
    await front.transports.close();
    appendFileSync(front.recordsFile, '{"put":{"id":"x","la');
    front = await front.restart();
    expect((await call(front, { headers, body: rpc(1, 'echo') })).status).toBe(200);
  });

  it('has forgotten those that were ended', async () => {
    const { headers } = await openSession(front);
    await call(front, { method: 'DELETE', headers });
    front = await front.restart();
    expect((await call(front, { headers, body: rpc(1, 'echo') })).status).toBe(404);
  });

  it('says so on what was under way', async () => {
    const { headers } = await openSession(front);
    const pending = call(front, { headers, body: rpc(9, 'hold') });
    await front.conversations[0]!.heard('hold');
    front = await front.restart();
    expect(JSON.parse((await pending).body)).toMatchObject({
      id: 9,
      error: { message: expect.stringContaining('shutting down') as unknown },
    });
  });
});
