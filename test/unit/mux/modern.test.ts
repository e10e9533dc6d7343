import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint, Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { HUB, merged, muxOver, ScriptedClient, settled, single } from './scripted-client.ts';
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

function start(servers: Record<string, ServerScript>, endpoint: Endpoint = single('one'), hasChannel = true) {
  const opener = new ScriptedOpener(servers);
  mux = muxOver(opener);
  return { opener, client: new ScriptedClient(mux, { endpoint, hasChannel }) };
}

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
const SERVER_INFO = 'io.modelcontextprotocol/serverInfo';

const metaOf = ({ params }: Message): Record<string, unknown> => params!._meta as Record<string, unknown>;

describe('modern client, modern server', () => {
  test('the server’s discovery and results go through as they are', async () => {
    const on: Record<string, object> = {
      'server/discover': {
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {}, 'acme/x': { a: 1 } },
        'acme/z': null,
      },
      initialize: { error: { code: -32601, message: 'Method not found' } },
      'tools/call': { resultType: 'acme/odd', content: [{ type: 'hologram' }], vendor: 1 },
    };
    const { opener, client } = start({ one: { on: on as ServerScript['on'] } });
    const { answer } = await client.modern('server/discover');
    expect(answer.result).toEqual(on['server/discover']);
    const { answer: called } = await client.modern(
      'tools/call',
      { name: 'x' },
      { [CAPABILITIES]: { sampling: {} }, 'acme/y': 2 },
    );
    expect(called.result).toEqual(on['tools/call']);
    const sent = await opener.last('one').next('tools/call');
    expect(metaOf(sent)).toEqual({ [VERSION]: '2026-07-28', [CAPABILITIES]: { sampling: {} }, 'acme/y': 2 });
    expect(opener.last('one').methods()).not.toContain('notifications/initialized');
  });

  test('questions and retries are between the two', async () => {
    const required = {
      resultType: 'input_required',
      inputRequests: { a: { method: 'roots/list' } },
      requestState: 'opaque"\\u0041',
    };
    const { opener, client } = start({
      one: {
        on: {
          ...modernServer(),
          'tools/call': ({ params }) =>
            params!.inputResponses ? { resultType: 'complete', content: [], got: params } : required,
        },
      },
    });
    expect((await client.modern('tools/call', { name: 'x' })).answer.result).toEqual(required);
    const retry = { name: 'x', inputResponses: { a: { roots: [] } }, requestState: required.requestState };
    expect((await client.modern('tools/call', retry)).answer.result!.got).toMatchObject(retry);
    expect(opener.instances).toHaveLength(1);
  });

  test('what is wrong with a request is told with the era’s codes and status', async () => {
    const { client } = start({
      one: {
        on: { ...modernServer(), 'tools/call': { error: { code: -32021, message: 'needs sampling' } } },
      },
    });
    const future = await client.modern('tools/list', {}, { [VERSION]: '2030-01-01' });
    expect(future).toMatchObject({
      status: 400,
      answer: { error: { code: -32022, data: { supported: ['2026-07-28'], requested: '2030-01-01' } } },
    });
    expect(await client.modern('tools/list', {}, { [CAPABILITIES]: undefined })).toMatchObject({
      status: 400,
      answer: { error: { code: -32602 } },
    });
    expect(await client.modern('ping')).toMatchObject({ status: 404, answer: { error: { code: -32601 } } });
    expect(await client.modern('initialize')).toMatchObject({
      status: 404,
      answer: { error: { code: -32601 } },
    });
    expect(await client.modern('acme/unknown')).toMatchObject({
      status: 404,
      answer: { error: { code: -32601 } },
    });
    expect(await client.modern('tools/call', { name: 'x' })).toMatchObject({
      status: 400,
      answer: { error: { code: -32021 } },
    });
    expect(await client.request('tools/list')).toMatchObject({
      status: 400,
      answer: { error: { code: -32602 } },
    });
  });

  test('downstreamEra legacy: a probe is answered so that the handshake follows', async () => {
    const { client } = start({ one: {} }, single('one', { downstreamEra: 'legacy' }));
    expect(await client.modern('server/discover')).toMatchObject({
      status: 400,
      answer: { error: { code: -32601 } },
    });
    expect((await client.hello()).answer.result).toEqual(INITIALIZED);
  });

  test('requests of one HTTP caller may share an id; going away cancels, each in the way of its era', async () => {
    const { opener, client } = start(
      { one: { correlates: true, on: { ...modernServer(), 'tools/call': SILENT } } },
      single('one'),
      false,
    );
    const text = (name: string): string =>
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, _meta: { [VERSION]: '2026-07-28', [CAPABILITIES]: {} } },
      });
    const [a, b] = [client.rawWith(text('a')), client.rawWith(text('b'))];
    await settled();
    const instance = opener.last('one');
    const sent = [await instance.next('tools/call'), await instance.next('tools/call')];
    client.conversation.abandoned(a.reply);
    const toA = sent.find(({ params }) => params!.name === 'a')!;
    const toB = sent.find(({ params }) => params!.name === 'b')!;
    expect(instance.abandoned).toEqual([toA.id]);
    expect(instance.methods()).not.toContain('notifications/cancelled');
    instance.say({ jsonrpc: '2.0', id: toB.id!, result: { resultType: 'complete', content: [] } });
    expect((await b.told).answer).toMatchObject({ id: 1, result: { content: [] } });
  });

  test('a stream is acknowledged first, tagged with the client’s id, and ends with a result', async () => {
    const { opener, client } = start({
      one: {
        on: {
          ...modernServer({ tools: { listChanged: true }, prompts: {}, resources: { subscribe: true } }),
          'resources/list': { resources: [{ uri: 'd://a', name: 'a' }] },
          'resources/templates/list': { resourceTemplates: [] },
        },
      },
    });
    const wanted = { toolsListChanged: true, promptsListChanged: true, resourceSubscriptions: ['d://a'] };
    const stream = client.modernWith('subscriptions/listen', { notifications: wanted });
    const acknowledged = await client.next('notifications/subscriptions/acknowledged');
    expect(acknowledged.params).toEqual({
      notifications: { toolsListChanged: true, resourceSubscriptions: ['d://a'] },
      _meta: { [SUBSCRIPTION]: stream.id },
    });
    const instance = opener.last('one');
    const listens = instance.received.filter(({ method }) => method === 'subscriptions/listen');
    expect(listens.at(-1)!.params!.notifications).toEqual({
      toolsListChanged: true,
      resourceSubscriptions: ['d://a'],
    });
    const own = { _meta: { [SUBSCRIPTION]: listens.at(-1)!.id } };
    instance.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: own });
    expect((await client.next('notifications/tools/list_changed')).params).toEqual({
      _meta: { [SUBSCRIPTION]: stream.id },
    });
    instance.say({
      jsonrpc: '2.0',
      method: 'notifications/resources/updated',
      params: { uri: 'd://a', ...own },
    });
    expect((await client.next('notifications/resources/updated')).params).toEqual({
      uri: 'd://a',
      _meta: { [SUBSCRIPTION]: stream.id },
    });
    await client.conversation.close();
    expect((await stream.told).answer.result).toMatchObject({ resultType: 'complete' });
  });

  test('a stream that is given up is heard no more', async () => {
    const { opener, client } = start({ one: { on: modernServer() } });
    const stream = client.modernWith('subscriptions/listen', { notifications: { toolsListChanged: true } });
    await client.next('notifications/subscriptions/acknowledged');
    client.notify('notifications/cancelled', { requestId: stream.id });
    opener.last('one').say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    await client.modern('server/discover');
    expect(client.heard('notifications/tools/list_changed')).toEqual([]);
  });

  test('several servers: the hub’s own discovery, merged lists with hints, tasks find their server', async () => {
    const { client } = start(
      {
        a: {
          on: {
            ...modernServer(),
            'tools/list': { ...toolsNamed('x'), resultType: 'complete', ttlMs: 500, cacheScope: 'public' },
            'tools/call': { resultType: 'task', taskId: 't-1', status: 'working' },
            'tasks/get': ({ params }) => ({ resultType: 'complete', taskId: params!.taskId }),
          },
        },
        b: { on: { 'tools/list': toolsNamed('y') } },
      },
      merged(['a', 'b']),
    );
    const { answer } = await client.modern('server/discover');
    expect(answer.result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      ttlMs: 0,
      cacheScope: 'private',
      _meta: { [SERVER_INFO]: HUB },
    });
    const { answer: listed } = await client.modern('tools/list');
    expect(listed.result).toEqual({
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      _meta: { [SERVER_INFO]: HUB },
      tools: [...toolsNamed('a__x').tools, ...toolsNamed('b__y').tools],
    });
    expect((await client.modern('tools/call', { name: 'a__x' })).answer.result).toMatchObject({
      taskId: 't-1',
    });
    expect((await client.modern('tasks/get', { taskId: 't-1' })).answer.result).toMatchObject({
      taskId: 't-1',
    });
    expect((await client.modern('tasks/get', { taskId: 't-2' })).answer.error).toMatchObject({
      code: -32602,
    });
  });

  test('arguments that a tool wants in headers are put there', async () => {
    const inputSchema = {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, n: { type: 'integer' } },
    };
    const bad = { type: 'object', properties: { x: { type: 'object', 'x-mcp-header': 'X' } } };
    const { opener, client } = start({
      one: {
        correlates: true,
        on: {
          ...modernServer(),
          'tools/list': {
            tools: [
              { name: 'x', inputSchema },
              { name: 'bad', inputSchema: bad },
            ],
            ttlMs: 9,
            cacheScope: 'private',
          },
          'tools/call': { resultType: 'complete', content: [] },
        },
      },
    });
    await client.modern('tools/call', { name: 'x', arguments: { region: 'eu', n: 1 } });
    const instance = opener.last('one');
    const index = instance.received.findIndex(({ method }) => method === 'tools/call');
    expect(instance.outbound[index]).toMatchObject({
      target: 'x',
      protocolVersion: '2026-07-28',
      parameterHeaders: { 'Mcp-Param-Region': 'eu' },
    });
    expect(mux.parameterHeaders(single('one'), 'x')).toEqual(new Map([['Mcp-Param-Region', ['region']]]));
    const { tools } = (await client.modern('tools/list')).answer.result as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).toEqual(['x']);
  });
});

describe('headers that a client has to send', () => {
  test('are known from the page that showed the tool, whatever the server speaks', async () => {
    const inputSchema = {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
    };
    const { client } = start({ one: { on: { 'tools/list': { tools: [{ name: 'x', inputSchema }] } } } });
    expect(mux.parameterHeaders(single('one'), 'x')).toBeNull();
    await client.modern('tools/list');
    expect(mux.parameterHeaders(single('one'), 'x')).toEqual(new Map([['Mcp-Param-Region', ['region']]]));
  });
});
