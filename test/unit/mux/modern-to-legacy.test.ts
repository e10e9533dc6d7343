import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint, Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { muxOver, ScriptedClient, settled, single } from './scripted-client.ts';
import { INITIALIZED, ScriptedOpener, SILENT, type Message, type ServerScript } from './scripted-servers.ts';

let mux: Mux;
afterEach(() => mux.close());

function start(
  on: ServerScript['on'],
  endpoint: Endpoint = single('one'),
  sharing: ServerScript['sharing'] = {},
) {
  const opener = new ScriptedOpener({ one: { on, sharing } });
  mux = muxOver(opener);
  return { opener, client: new ScriptedClient(mux, { endpoint }) };
}

const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';
const metaOf = ({ params }: Message): Record<string, unknown> => params!._meta as Record<string, unknown>;

describe('modern client, legacy server', () => {
  const asking: ServerScript['on'] = {
    'tools/call': (message, instance) => {
      instance.say({
        jsonrpc: '2.0',
        id: `q-${message.id}`,
        method: 'elicitation/create',
        params: { message: 'Name?' },
      });
      return SILENT;
    },
  };
  const withElicitation = { [CAPABILITIES]: { elicitation: {} } };

  test('requests lose what is modern, results get what is required', async () => {
    const { opener, client } = start({
      'tools/list': { tools: [{ name: 'x', inputSchema: {}, execution: { taskSupport: 'optional' } }] },
      'tools/call': { content: [], vendor: 1 },
      'resources/read': { error: { code: -32002, message: 'nope' } },
    });
    const { answer } = await client.modern('server/discover');
    expect(answer.result).toMatchObject({
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: { listChanged: true } },
      ttlMs: 0,
      cacheScope: 'private',
    });
    expect((await client.modern('tools/list')).answer.result).toMatchObject({
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      tools: [{ name: 'x', inputSchema: {} }],
    });
    const { answer: called } = await client.modern(
      'tools/call',
      { name: 'x' },
      { progressToken: 1, 'acme/z': 1 },
    );
    expect(called.result).toMatchObject({ resultType: 'complete', content: [], vendor: 1 });
    const sent = await opener.last('one').next('tools/call');
    expect(metaOf(sent)).toEqual({ progressToken: sent.id, 'acme/z': 1 });
    expect((await client.modern('resources/read', { uri: 'x://1' })).answer.error).toMatchObject({
      code: -32602,
    });
  });

  test('a question parks the call; the retry goes on with it', async () => {
    const { opener, client } = start(asking);
    const { answer } = await client.modern(
      'tools/call',
      { name: 'x', arguments: { b: 1, a: 2 } },
      withElicitation,
    );
    expect(answer.result).toMatchObject({ resultType: 'input_required' });
    const { inputRequests, requestState } = answer.result as {
      inputRequests: Record<string, { method: string }>;
      requestState: string;
    };
    const [[key, question]] = Object.entries(inputRequests) as [[string, { method: string }]];
    expect(question).toEqual({ method: 'elicitation/create', params: { message: 'Name?' } });
    const instance = opener.last('one');
    const sent = await instance.next('tools/call');

    const inputResponses = { [key]: { action: 'accept', content: { n: 'Bo' } } };
    const retry = client.modern(
      'tools/call',
      { name: 'x', arguments: { a: 2, b: 1 }, inputResponses, requestState },
      withElicitation,
    );
    expect((await instance.nextAnswer(`q-${sent.id}`)).result).toEqual({
      action: 'accept',
      content: { n: 'Bo' },
    });
    instance.say({ jsonrpc: '2.0', id: sent.id!, result: { content: [], done: true } });
    expect((await retry).answer.result).toMatchObject({ resultType: 'complete', done: true });
    expect(instance.received.filter(({ method }) => method === 'tools/call')).toHaveLength(1);
  });

  test('C18: a state that is replayed, altered or somebody else’s never makes a second call', async () => {
    const { opener, client } = start(asking);
    const { answer } = await client.modern('tools/call', { name: 'x', arguments: {} }, withElicitation);
    const { requestState } = answer.result as { requestState: string };
    const instance = opener.last('one');
    const retry = (params: object) =>
      client.modern(
        'tools/call',
        { name: 'x', arguments: {}, inputResponses: {}, ...params },
        withElicitation,
      );
    expect((await retry({ requestState: `${requestState}x` })).answer.error).toMatchObject({ code: -32602 });
    expect((await retry({ requestState, arguments: { other: 1 } })).answer.error).toMatchObject({
      code: -32602,
    });
    const other = new ScriptedClient(mux, { endpoint: single('one'), caller: { user: 'somebody' } });
    const theirs = await other.modern(
      'tools/call',
      { name: 'x', arguments: {}, inputResponses: {}, requestState },
      withElicitation,
    );
    expect(theirs.answer.error).toMatchObject({ code: -32602 });
    expect(instance.received.filter(({ method }) => method === 'tools/call')).toHaveLength(1);
  });

  test('an answer that comes while nobody waits is kept for the client', async () => {
    const { opener, client } = start(asking);
    const { answer } = await client.modern('tools/call', { name: 'x', arguments: {} }, withElicitation);
    const { requestState } = answer.result as { requestState: string };
    const instance = opener.last('one');
    const sent = await instance.next('tools/call');
    instance.say({ jsonrpc: '2.0', id: sent.id!, result: { content: [], gaveUp: true } });
    await settled();
    const { answer: last } = await client.modern(
      'tools/call',
      { name: 'x', arguments: {}, inputResponses: {}, requestState },
      withElicitation,
    );
    expect(last.result).toMatchObject({ gaveUp: true });
  });

  test('nothing is asked that the client has not declared, nor outside a call', async () => {
    const { opener, client } = start(asking);
    const refused = await client.modern('tools/call', { name: 'x' });
    expect(refused).toMatchObject({
      status: 400,
      answer: { error: { code: -32021, data: { requiredCapabilities: { elicitation: {} } } } },
    });
    const instance = opener.last('one');
    const sent = await instance.next('tools/call');
    expect((await instance.nextAnswer(`q-${sent.id}`)).error).toMatchObject({ code: -32601 });
    expect((await instance.next('notifications/cancelled')).params).toMatchObject({ requestId: sent.id });
    instance.say({ jsonrpc: '2.0', id: 'r', method: 'roots/list' });
    expect((await instance.nextAnswer('r')).error).toBeDefined();
  });

  test('roots that a server asks for after its handshake cost nobody the call that is under way', async () => {
    const { client, opener } = start({
      'tools/call': (_message, instance) => {
        // The only call there is, which has nothing to do with it.
        instance.say({ jsonrpc: '2.0', id: 'roots', method: 'roots/list' });
        return { content: [] };
      },
    });
    const { answer } = await client.modern('tools/call', { name: 'x' });
    expect(answer).toMatchObject({ result: { content: [] } });
    expect((await opener.last('one').nextAnswer('roots')).error).toMatchObject({ code: -32601 });
  });

  test('a private server is met anew when a request takes more than those before it', async () => {
    const { opener, client } = start({ 'tools/call': { content: [] } });
    await client.modern('tools/call', { name: 'x' }, { [CAPABILITIES]: { elicitation: { form: {} } } });
    await client.modern('tools/call', { name: 'x' }, { [CAPABILITIES]: {} });
    expect(opener.instances).toHaveLength(1);
    await client.modern(
      'tools/call',
      { name: 'x' },
      { [CAPABILITIES]: { elicitation: { url: {} }, roots: {} } },
    );
    const told = opener.instances.map((one) => one.received.find(({ method }) => method === 'initialize')!);
    expect(told.map(({ params }) => params!.capabilities)).toEqual([
      { elicitation: { form: {} } },
      { elicitation: { form: {}, url: {} }, roots: {} },
    ]);
    expect(opener.instances[0]!.isClosed).toBe(true);
  });

  test('an older parked call does not draw the questions of a newer one', async () => {
    const { opener, client } = start(asking);
    const first = await client.modern('tools/call', { name: 'a', arguments: {} }, withElicitation);
    const second = await client.modern('tools/call', { name: 'b', arguments: {} }, withElicitation);
    const states = [first, second].map(
      ({ answer }) => (answer.result as { requestState: string }).requestState,
    );
    expect(new Set(states).size).toBe(2);
    const instance = opener.last('one');
    const [, sent] = [await instance.next('tools/call'), await instance.next('tools/call')];
    const { inputRequests } = second.answer.result as { inputRequests: object };
    const inputResponses = { [Object.keys(inputRequests)[0]!]: { action: 'accept', content: {} } };
    const retry = { name: 'b', arguments: {}, inputResponses, requestState: states[1] };
    void client.modern('tools/call', retry, withElicitation);
    expect((await instance.nextAnswer(`q-${sent.id}`)).result).toMatchObject({ action: 'accept' });
  });

  test('notifications that nobody knows come with the call they can only belong to', async () => {
    const { client } = start({
      'tools/call': (_message, instance) => {
        instance.say({ jsonrpc: '2.0', method: 'notifications/acme', params: { x: 1 } });
        instance.say({ jsonrpc: '2.0', method: 'notifications/acme', params: { x: 'y'.repeat(5_000_000) } });
        return { content: [] };
      },
    });
    const { before } = await client.modern('tools/call', { name: 'x' });
    expect(before.map(({ params }) => params)).toEqual([{ x: 1 }]);
  });

  test('log lines come only to a request that asks for them', async () => {
    const { opener, client } = start({
      initialize: { ...INITIALIZED, capabilities: { logging: {}, tools: {} } },
      'logging/setLevel': {},
      'tools/call': (_message, instance) => {
        for (const level of ['debug', 'error']) {
          instance.say({ jsonrpc: '2.0', method: 'notifications/message', params: { level, data: level } });
        }
        return { content: [] };
      },
    });
    expect((await client.modern('tools/call', { name: 'x' })).before).toEqual([]);
    const told = await client.modern('tools/call', { name: 'x' }, { [LOG_LEVEL]: 'warning' });
    expect(told.before.map(({ params }) => params!.data)).toEqual(['error']);
    expect((await opener.last('one').next('logging/setLevel')).params).toEqual({ level: 'warning' });
  });

  test('a watched resource is subscribed at the server and told on the stream', async () => {
    const { opener, client } = start({
      initialize: { ...INITIALIZED, capabilities: { resources: { subscribe: true } } },
      'resources/list': { resources: [{ uri: 'd://a', name: 'a' }] },
      'resources/templates/list': { resourceTemplates: [] },
      'resources/subscribe': {},
      'resources/unsubscribe': {},
    });
    const stream = client.modernWith('subscriptions/listen', {
      notifications: { resourceSubscriptions: ['d://a'] },
    });
    await client.next('notifications/subscriptions/acknowledged');
    opener
      .last('one')
      .say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'd://a' } });
    expect((await client.next('notifications/resources/updated')).params).toMatchObject({ uri: 'd://a' });
    client.notify('notifications/cancelled', { requestId: stream.id });
    await opener.last('one').next('resources/unsubscribe');
  });
});
