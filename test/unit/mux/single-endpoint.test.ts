import { afterEach, describe, expect, test } from 'vitest';
import type { Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { muxOver, ScriptedClient, settled, single } from './scripted-client.ts';
import { INITIALIZED, ScriptedOpener, SILENT, toolsNamed, type ServerScript } from './scripted-servers.ts';

let mux: Mux;
afterEach(() => mux.close());

function start(script: ServerScript): { opener: ScriptedOpener; client: ScriptedClient } {
  const opener = new ScriptedOpener({ one: script });
  mux = muxOver(opener);
  return { opener, client: new ScriptedClient(mux, { endpoint: single('one') }) };
}

const echo: ServerScript['on'] = {
  'tools/call': ({ params }) => ({ content: [{ type: 'text', text: JSON.stringify(params!.arguments) }] }),
  'tools/list': toolsNamed('echo'),
};

describe('a private server of a legacy client', () => {
  test('is told who the client is, word for word, and answers for itself', async () => {
    const result = {
      ...INITIALIZED,
      protocolVersion: '2025-06-18',
      instructions: 'be kind',
      capabilities: { tools: {}, experimental: { 'acme/x': { a: 1 } } },
      'acme/extra': [1],
    };
    const { opener, client } = start({ on: { initialize: result } });
    const { answer } = await client.hello({ sampling: {}, 'acme/y': {} }, '2025-06-18');
    expect(answer.result).toEqual(result);
    expect(opener.last('one').received[0]!.params).toEqual({
      protocolVersion: '2025-06-18',
      capabilities: { sampling: {}, 'acme/y': {} },
      clientInfo: { name: 'scripted-client', version: '7', extra: [1] },
    });
    expect(opener.last('one').methods()).toEqual(['initialize', 'notifications/initialized']);
  });

  test('gets ids of its own, and ids of any kind come back as they were (C05)', async () => {
    const { opener, client } = start({ on: echo });
    await client.hello();
    const ids = ['0', '""', '9007199254740993', '"listen:0"', '-7', '"\\u0061b"'];
    const all = await Promise.all(
      ids.map((id) =>
        client.raw(
          `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":{"x":${id}}}}`,
        ),
      ),
    );
    expect(all.map(({ raw }) => /"id":("(?:[^"\\]|\\.)*"|[^,}]+)/.exec(raw)![1])).toEqual(ids);
    const numbers = opener
      .last('one')
      .received.map(({ id }) => id)
      .filter((id) => id !== undefined);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.every((id) => typeof id === 'number')).toBe(true);
  });

  test('sees the rest of a request byte for byte', async () => {
    const { opener, client } = start({ on: echo });
    await client.hello();
    const params =
      '{"name":"echo","arguments":{"big":12345678901234567890,"a":1,"a":2},"_meta":{"traceparent":"00-1"},"x":[ ]}';
    const seen: string[] = [];
    const instance = opener.last('one');
    const send = instance.send.bind(instance);
    instance.send = (frame, about) => {
      seen.push(frame.toString('utf8'));
      send(frame, about);
    };
    await client.raw(`{"jsonrpc":"2.0","id":"q","method":"tools/call","params":${params}}`);
    expect(seen[0]).toContain(params);
  });

  test('answers with vendor fields and unknown content untouched', async () => {
    const result = '{"content":[{"type":"hologram","n":1.0}],"vendor":{"x":1e2},"_meta":{"a/b":null}}';
    const { client } = start({
      on: {
        'tools/call': (message, instance) => {
          instance.say(`{"jsonrpc":"2.0","result":${result},"id":${message.id}}`);
          return SILENT;
        },
      },
    });
    await client.hello();
    const { raw } = await client.call('echo');
    expect(raw).toContain(result);
  });

  test('errors keep code, message and data', async () => {
    const error = { code: -32123, message: 'no', data: { why: ['x'] } };
    const { client } = start({ on: { 'tools/call': { error } } });
    await client.hello();
    expect((await client.call('echo')).answer.error).toEqual(error);
  });

  test('unknown methods and its own notifications go through both ways', async () => {
    const { opener, client } = start({ on: { 'acme/do': ({ params }) => ({ got: params }) } });
    await client.hello();
    expect((await client.request('acme/do', { a: 1 })).answer.result).toEqual({ got: { a: 1 } });
    client.notify('notifications/acme', { b: 2 });
    expect((await opener.last('one').next('notifications/acme')).params).toEqual({ b: 2 });
    opener.last('one').say({ jsonrpc: '2.0', method: 'notifications/acme/back', params: { c: 3 } });
    expect((await client.next('notifications/acme/back')).params).toEqual({ c: 3 });
  });

  test('ping is answered here, in both directions', async () => {
    const { opener, client } = start({});
    expect((await client.request('ping')).answer.result).toEqual({});
    await client.hello();
    expect((await client.request('ping')).answer.result).toEqual({});
    opener.last('one').say({ jsonrpc: '2.0', id: 'p', method: 'ping' });
    expect((await opener.last('one').nextAnswer('p')).result).toEqual({});
    expect(opener.last('one').methods()).not.toContain('ping');
  });

  test('its pages are handed on as it makes them', async () => {
    const { client } = start({
      on: {
        'tools/list': ({ params }) =>
          params?.cursor === 'two' ? toolsNamed('b') : { ...toolsNamed('a'), nextCursor: 'two', vendor: 1 },
      },
    });
    await client.hello();
    expect((await client.request('tools/list')).answer.result).toEqual({
      ...toolsNamed('a'),
      nextCursor: 'two',
      vendor: 1,
    });
    expect((await client.request('tools/list', { cursor: 'two' })).answer.result).toEqual(toolsNamed('b'));
  });

  test('hidden and renamed tools: in the list, in calls, and nowhere else', async () => {
    const opener = new ScriptedOpener({
      one: {
        on: {
          'tools/list': toolsNamed('keep', 'hide', 'old'),
          'tools/call': ({ params }) => ({ content: [], called: params!.name }),
        },
      },
    });
    mux = muxOver(opener);
    const exposed = (_server: string, tool: string): { name: string } | null =>
      tool === 'hide' ? null : { name: tool === 'old' ? 'new' : tool };
    const client = new ScriptedClient(mux, { endpoint: single('one', { exposed }) });
    await client.hello();
    const { tools } = (await client.request('tools/list')).answer.result as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).toEqual(['keep', 'new']);
    expect((await client.call('new')).answer.result!.called).toBe('old');
    expect((await client.call('keep')).answer.result!.called).toBe('keep');
    expect((await client.call('hide')).answer.error).toMatchObject({ code: -32602 });
    expect((await client.call('old')).answer.error).toMatchObject({ code: -32602 });
  });
});

describe('the handshake', () => {
  test('C11: requests before it and after the end get an error that says so', async () => {
    const { opener, client } = start({ on: echo });
    expect((await client.call('echo')).answer.error).toMatchObject({ code: -32600 });
    expect(opener.instances).toEqual([]);
    await client.hello();
    await client.conversation.close();
    expect((await client.call('echo')).answer.error).toMatchObject({ code: -32000 });
    expect(opener.last('one').isClosed).toBe(true);
  });

  test('a server that cannot be started is told of in its own words', async () => {
    const { client } = start({ on: { initialize: { error: { code: -32000, message: 'no licence' } } } });
    const { answer } = await client.hello();
    expect(answer.error!.message).toContain('no licence');
  });

  test('a server that ends in its handshake is told of by how it ended', async () => {
    const { client } = start({
      on: {
        initialize: (_message, instance) => {
          instance.crash('exited with code 3');
          return SILENT;
        },
      },
    });
    expect((await client.hello()).answer.error!.message).toContain('exited with code 3');
  });

  test('B22: a revision from the future is refused', async () => {
    const { client } = start({ on: { initialize: { ...INITIALIZED, protocolVersion: '2031-01-01' } } });
    expect((await client.hello()).answer.error!.message).toContain('2031-01-01');
  });

  test('B06: one that never answers is given up, after the other era was tried', async () => {
    const { opener, client } = start({
      sharing: { startTimeoutMs: 80 },
      on: { initialize: SILENT, 'server/discover': SILENT },
    });
    const { answer } = await client.hello();
    expect(answer.error!.message).toMatch(/did not get through its handshake/);
    expect(opener.last('one').methods()).toContain('server/discover');
    expect(opener.last('one').isClosed).toBe(true);
  });

  test('initialize after server/discover on one pipe is accepted', async () => {
    const { client } = start({ on: echo });
    const discovered = await client.modern('server/discover');
    expect(discovered.answer.result).toMatchObject({ supportedVersions: ['2026-07-28'] });
    expect((await client.hello()).answer.result).toMatchObject({ protocolVersion: '2025-11-25' });
    expect((await client.call('echo', { a: 1 })).answer.result).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
    });
  });
});

describe('what goes wrong on the way', () => {
  test('C04: an id that is under way already is refused, and the first is answered', async () => {
    const { opener, client } = start({ on: { 'tools/call': SILENT } });
    await client.hello();
    const first = client.request('tools/call', { name: 'a' }, 5);
    const sent = await opener.last('one').next('tools/call');
    expect((await client.request('tools/call', { name: 'b' }, 5)).answer.error).toMatchObject({
      code: -32600,
    });
    opener.last('one').say({ jsonrpc: '2.0', id: sent.id, result: { content: [] } });
    expect((await first).answer.result).toEqual({ content: [] });
    const again = client.request('tools/call', { name: 'c' }, 5);
    const next = await opener.last('one').next('tools/call');
    expect(next.id).not.toBe(sent.id);
    opener.last('one').say({ jsonrpc: '2.0', id: next.id, result: { content: [1] } });
    expect((await again).answer.result).toEqual({ content: [1] });
  });

  test('B19, B20: late, repeated, unknown and mistyped answers reach nobody', async () => {
    const { opener, client } = start({ on: { 'tools/call': SILENT } });
    await client.hello();
    const instance = opener.last('one');
    const call = client.call('a');
    const { id } = await instance.next('tools/call');
    instance.say({ jsonrpc: '2.0', id: String(id), result: { wrong: 1 } });
    instance.say({ jsonrpc: '2.0', id: 4711, result: { wrong: 2 } });
    instance.say('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"?"}}');
    instance.say({ jsonrpc: '2.0', id, result: { right: true } });
    instance.say({ jsonrpc: '2.0', id, result: { wrong: 3 } });
    expect((await call).answer.result).toEqual({ right: true });
    const next = client.call('b');
    const second = await instance.next('tools/call');
    instance.say({ jsonrpc: '2.0', id, result: { wrong: 4 } });
    instance.say({ jsonrpc: '2.0', id: second.id, result: { right: 2 } });
    expect((await next).answer.result).toEqual({ right: 2 });
  });

  test('B07, B21: text between messages is passed over, a malformed answer fails its call', async () => {
    const { opener, client } = start({ on: { 'tools/call': SILENT } });
    await client.hello();
    const instance = opener.last('one');
    const [both, neither] = [client.call('a'), client.call('b')];
    const [one, two] = [await instance.next('tools/call'), await instance.next('tools/call')];
    instance.say('Listening on port 1');
    instance.say('[{"jsonrpc":"2.0"}]');
    instance.say(`{"jsonrpc":"2.0","id":${one.id},"result":{},"error":{"code":1,"message":""}}`);
    instance.say(`{"jsonrpc":"1.0","id":${two.id},"result":{}}`);
    expect((await both).answer.error).toMatchObject({ code: -32603 });
    expect((await neither).answer.error).toMatchObject({ code: -32603 });
  });

  test('B09: an answer that is too long fails its call only', async () => {
    const { opener, client } = start({ on: { 'tools/call': SILENT } });
    await client.hello();
    const call = client.call('a');
    await opener.last('one').next('tools/call');
    opener.last('one').oversized(99);
    expect((await call).answer.error!.message).toContain('99 bytes');
  });

  test('a request that could not be delivered is told of, the rest goes on', async () => {
    const { opener, client } = start({ on: { 'tools/call': SILENT } });
    await client.hello();
    const call = client.call('a');
    const { id } = await opener.last('one').next('tools/call');
    opener.last('one').fail(id as number, -32050, 'HTTP 503');
    expect((await call).answer.error).toMatchObject({ code: -32050, message: 'HTTP 503' });
  });

  test('a call without an answer is given up, told to the server, and late answers are dropped', async () => {
    const { opener, client } = start({ sharing: { callTimeoutMs: 40 }, on: { 'tools/call': SILENT } });
    await client.hello();
    const { answer } = await client.call('slow');
    expect(answer.error).toMatchObject({ code: -32001 });
    const { id } = await opener.last('one').next('tools/call');
    const cancelled = await opener.last('one').next('notifications/cancelled');
    expect(cancelled.params).toMatchObject({ requestId: id });
    opener.last('one').say({ jsonrpc: '2.0', id: id!, result: { content: [] } });
    await settled();
  });

  test('C10: cancelling maps the id, and never for what is not one’s own', async () => {
    const { opener, client } = start({ on: { 'tools/call': SILENT } });
    await client.hello();
    const instance = opener.last('one');
    void client.request('tools/call', { name: 'a' }, 'mine');
    const { id } = await instance.next('tools/call');
    client.notify('notifications/cancelled', { requestId: id });
    client.notify('notifications/cancelled', { requestId: 'nobody' });
    client.notify('notifications/cancelled', { requestId: 'mine', reason: 'enough' });
    expect((await instance.next('notifications/cancelled')).params).toMatchObject({ requestId: id });
    expect(instance.methods().filter((method) => method === 'notifications/cancelled')).toHaveLength(1);
  });

  test('C01: a client that goes takes its calls and its server with it', async () => {
    const { opener, client } = start({ on: { 'tools/call': SILENT } });
    await client.hello();
    const instance = opener.last('one');
    void client.call('a');
    const { id } = await instance.next('tools/call');
    await client.conversation.close();
    expect(
      instance.received.find(({ method }) => method === 'notifications/cancelled')!.params,
    ).toMatchObject({ requestId: id });
    expect(instance.isClosed).toBe(true);
    expect(mux.upstreams()).toEqual([]);
  });
});
