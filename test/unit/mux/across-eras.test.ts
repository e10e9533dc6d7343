import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint, Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { merged, muxOver, ScriptedClient, settled, single } from './scripted-client.ts';
import {
  INITIALIZED,
  modernServer,
  ScriptedOpener,
  SILENT,
  toolsNamed,
  type Message,
  type ServerScript,
} from './scripted-servers.ts';

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

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';
const metaOf = ({ params }: Message): Record<string, unknown> => params!._meta as Record<string, unknown>;

describe('legacy client, modern server', () => {
  test('each request says who asks; results lose what the old era lacks', async () => {
    const { opener, client } = start({
      ...modernServer({
        tools: { listChanged: true },
        extensions: { 'io.modelcontextprotocol/tasks': {}, 'a/b': {} },
      }),
      'tools/list': { ...toolsNamed('x'), resultType: 'complete', ttlMs: 5, cacheScope: 'public' },
      'tools/call': { resultType: 'complete', content: [], structuredContent: [1], vendor: 1 },
    });
    const { answer } = await client.hello({ sampling: {}, tasks: {} });
    expect(answer.result).toEqual({
      protocolVersion: '2025-11-25',
      capabilities: { tools: { listChanged: true }, extensions: { 'a/b': {} } },
      serverInfo: { name: 'modern', version: '1' },
    });
    await client.request('logging/setLevel', { level: 'info' });
    expect((await client.request('tools/list')).answer.result).toEqual(toolsNamed('x'));
    const { answer: called } = await client.request('tools/call', {
      name: 'x',
      _meta: { progressToken: 'p' },
    });
    expect(called.result).toEqual({ content: [], structuredContent: { result: [1] }, vendor: 1 });
    const sent = await opener.last('one').next('tools/call');
    expect(metaOf(sent)).toMatchObject({
      [VERSION]: '2026-07-28',
      [CAPABILITIES]: { sampling: {} },
      [LOG_LEVEL]: 'info',
    });
    expect(metaOf(sent)[CLIENT_INFO]).toMatchObject({ name: 'scripted-client' });
    expect(metaOf(sent).progressToken).toBe(sent.id);
  });

  test('questions in a result are asked one by one, and the request is repeated with the answers', async () => {
    let round = 0;
    const { opener, client } = start({
      ...modernServer(),
      'tools/call': ({ params }) => {
        round += 1;
        if (round === 1) {
          return {
            resultType: 'input_required',
            requestState: 's1',
            inputRequests: {
              name: { method: 'elicitation/create', params: { mode: 'form', message: 'Name?' } },
              roots: { method: 'roots/list' },
            },
          };
        }
        if (round === 2) return { resultType: 'input_required', requestState: 's2' };
        return { resultType: 'complete', content: [], seen: params };
      },
    });
    await client.hello({ elicitation: {}, roots: {} });
    const call = client.call('x', { a: 1 });
    const [form, roots] = [await client.next('elicitation/create'), await client.next('roots/list')];
    expect(form.params).toEqual({ mode: 'form', message: 'Name?' });
    client.answer(roots.id, { result: { roots: [] } });
    client.answer(form.id, { result: { action: 'accept', content: { n: 'Bo' } } });
    const { answer } = await call;
    expect(answer.result!.seen).toMatchObject({ name: 'x', arguments: { a: 1 }, requestState: 's2' });
    const sent = opener.last('one').received.filter(({ method }) => method === 'tools/call');
    expect(sent).toHaveLength(3);
    expect(sent[1]!.params).toMatchObject({
      requestState: 's1',
      inputResponses: { name: { action: 'accept', content: { n: 'Bo' } }, roots: { roots: [] } },
    });
    expect(sent[2]!.params).not.toHaveProperty('inputResponses');
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
  });

  test('a question is one however large it is, and wherever the result says so', async () => {
    const message = 'Which of these? '.repeat(10_000);
    const { client } = start({
      ...modernServer(),
      'tools/call': ({ params }) =>
        params!.inputResponses
          ? { resultType: 'complete', content: [] }
          : {
              inputRequests: { q: { method: 'elicitation/create', params: { message } } },
              resultType: 'input_required',
              vendor: {},
            },
    });
    await client.hello({ elicitation: {} });
    const call = client.call('x');
    const question = await client.next('elicitation/create');
    expect(question.params).toEqual({ message });
    client.answer(question.id, { result: { action: 'decline' } });
    expect((await call).answer.result).toEqual({ content: [] });
  });

  test('names of a merged endpoint survive the repetition', async () => {
    let round = 0;
    const opener = new ScriptedOpener({
      one: {
        on: {
          ...modernServer(),
          'tools/list': { ...toolsNamed('tool'), ttlMs: 1, cacheScope: 'private' },
          'tools/call': ({ params }) => {
            round += 1;
            if (round > 1) return { resultType: 'complete', content: [], called: params!.name };
            return {
              resultType: 'input_required',
              inputRequests: { q: { method: 'elicitation/create', params: { message: 'Sure?' } } },
            };
          },
        },
      },
    });
    mux = muxOver(opener);
    const client = new ScriptedClient(mux, { endpoint: merged(['one']) });
    await client.hello({ elicitation: {} });
    await client.request('tools/list');
    const call = client.call('one__tool');
    const question = await client.next('elicitation/create');
    expect(question.params).toEqual({ message: '[one] Sure?' });
    client.answer(question.id, { result: { action: 'accept' } });
    expect((await call).answer.result).toEqual({ content: [], called: 'tool' });
  });

  test('what the client does not take, or refuses, fails the call', async () => {
    const { client } = start({
      ...modernServer(),
      'tools/call': { resultType: 'input_required', inputRequests: { r: { method: 'roots/list' } } },
    });
    await client.hello({});
    expect((await client.call('x')).answer.error!.message).toContain('roots/list');
    const able = new ScriptedClient(mux, { endpoint: single('one') });
    await able.hello({ roots: {} });
    const call = able.call('x');
    able.answer((await able.next('roots/list')).id, { error: { code: -1, message: 'not today' } });
    expect((await call).answer.error!.message).toContain('not today');
  });

  test('a server that never stops asking is stopped', async () => {
    const { opener, client } = start({
      ...modernServer(),
      'tools/call': { resultType: 'input_required', inputRequests: { r: { method: 'roots/list' } } },
    });
    await client.hello({ roots: {} });
    const call = client.call('x');
    for (let round = 0; round < 8; round += 1)
      client.answer((await client.next('roots/list')).id, { result: { roots: [] } });
    expect((await call).answer.error!.message).toContain('more than 8 times');
    expect(opener.last('one').received.filter(({ method }) => method === 'tools/call')).toHaveLength(9);
  });

  test('news come from the hub’s own stream', async () => {
    const { opener, client } = start(modernServer());
    await client.hello();
    const listen = await opener.last('one').next('subscriptions/listen');
    expect(listen.params).toMatchObject({
      notifications: { toolsListChanged: true },
      _meta: { [VERSION]: '2026-07-28' },
    });
    opener.last('one').say({
      jsonrpc: '2.0',
      method: 'notifications/tools/list_changed',
      params: { _meta: { 'io.modelcontextprotocol/subscriptionId': listen.id } },
    });
    expect((await client.next('notifications/tools/list_changed')).params).toBeUndefined();
  });
});

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
