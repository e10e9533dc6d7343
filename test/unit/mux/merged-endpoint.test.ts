import { afterEach, describe, expect, test } from 'vitest';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { HUB, merged, muxOver, ScriptedClient, settled } from './scripted-client.ts';
import { INITIALIZED, ScriptedOpener, SILENT, toolsNamed, type ServerScript } from './scripted-servers.ts';

let mux: Mux;
afterEach(() => mux.close());

type Named = { name?: string; uri?: string };

function start(servers: Record<string, ServerScript>): { opener: ScriptedOpener; client: ScriptedClient } {
  const opener = new ScriptedOpener(servers);
  mux = muxOver(opener);
  return { opener, client: new ScriptedClient(mux, { endpoint: merged(Object.keys(servers)) }) };
}

const tools = (...names: string[]): ServerScript => ({
  on: {
    'tools/list': toolsNamed(...names),
    'tools/call': ({ params }, { server }) => ({ content: [], server, tool: params!.name }),
  },
});

const able = (capabilities: object, on: ServerScript['on'] = {}): ServerScript => ({
  on: { initialize: { ...INITIALIZED, capabilities }, ...on },
});

describe('several servers behind one endpoint', () => {
  test('initialize is answered at once, whatever the servers do', async () => {
    const { opener, client } = start({ slow: { on: { initialize: SILENT } } });
    const { answer } = await client.hello({}, '2025-06-18');
    expect(answer.result).toMatchObject({ protocolVersion: '2025-06-18', serverInfo: HUB });
    expect(answer.result!.capabilities).toMatchObject({
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
    });
    expect(opener.instances).toEqual([]);
  });

  test('what is known of the servers is what the next client is told', async () => {
    const { client } = start({
      a: able({ tools: {} }),
      b: {
        on: { initialize: { ...INITIALIZED, capabilities: { prompts: {} }, instructions: 'Ask first.' } },
      },
    });
    await client.hello();
    await client.request('tools/list');
    const next = new ScriptedClient(mux, { endpoint: merged(['a', 'b']) });
    const { answer } = await next.hello();
    expect(answer.result!.capabilities).toEqual({
      tools: { listChanged: true },
      prompts: { listChanged: true },
    });
    expect(answer.result!.instructions).toBe('## b\n\nAsk first.');
  });

  test('lists are merged in the order of the catalog, all pages, vendor fields kept', async () => {
    const { client } = start({
      beta: {
        on: {
          'tools/list': ({ params }) =>
            params?.cursor === ''
              ? { tools: [{ name: 'two', acme: { x: 1 } }] }
              : { ...toolsNamed('one'), nextCursor: '' },
        },
      },
      alpha: tools('one'),
    });
    await client.hello();
    const { answer } = await client.request('tools/list');
    expect(answer.result).toEqual({
      tools: [
        { name: 'beta__one', inputSchema: { type: 'object' } },
        { name: 'beta__two', acme: { x: 1 } },
        { name: 'alpha__one', inputSchema: { type: 'object' } },
      ],
    });
    expect((await client.request('tools/list', { cursor: 'x' })).answer.error).toMatchObject({
      code: -32602,
    });
  });

  test('calls go to the server whose tool it is, also before any list', async () => {
    const { client } = start({ a: tools('x'), a__b: tools('x', 'y') });
    await client.hello();
    const { tools: shown } = (await client.request('tools/list')).answer.result as { tools: Named[] };
    const names = shown.map(({ name }) => name!);
    expect(names[0]).toBe('a__x');
    // `a__b` could be a tool of `a`: its names carry a hash, whatever `a` has.
    expect(names[1]).toMatch(/^a__b__x_[0-9a-f]{8}$/);
    const calls = await Promise.all(names.map(async (name) => (await client.call(name)).answer.result));
    expect(calls).toMatchObject([
      { server: 'a', tool: 'x' },
      { server: 'a__b', tool: 'x' },
      { server: 'a__b', tool: 'y' },
    ]);
    const fresh = new ScriptedClient(mux, { endpoint: merged(['a', 'a__b']) });
    await fresh.hello();
    expect((await fresh.call(names[2]!)).answer.result).toMatchObject({ server: 'a__b', tool: 'y' });
    expect((await fresh.call('a__nothing')).answer.error).toMatchObject({ code: -32602 });
    expect((await fresh.request('acme/custom')).answer.error).toMatchObject({ code: -32601 });
  });

  test('names stay within 54 safe characters and are the same after a restart', async () => {
    const long = 'x'.repeat(80);
    const servers = { 'my server.io': tools(long, `${long}y`, 'a.b', 'a-b', 'ünï') };
    const { client } = start(servers);
    await client.hello();
    const list = async (one: ScriptedClient): Promise<string[]> =>
      ((await one.request('tools/list')).answer.result as { tools: Named[] }).tools.map(({ name }) => name!);
    const names = await list(client);
    expect(new Set(names).size).toBe(5);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,54}$/);
    await mux.restart('my server.io');
    expect(await list(client)).toEqual(names);
    expect((await client.call(names[2]!)).answer.result).toMatchObject({ tool: 'a.b' });
  });

  test('a server that cannot start costs the others nothing', async () => {
    const { client } = start({
      broken: { cannotOpen: () => new PatchbayError('SERVER_CANNOT_START', 'not found') },
      good: tools('x'),
    });
    await client.hello();
    expect((await client.request('tools/list')).answer.result).toEqual({
      tools: [{ name: 'good__x', inputSchema: { type: 'object' } }],
    });
    expect((await client.call('broken__x')).answer.error).toMatchObject({ code: -32602 });
  });

  test('B26: lists that go in circles or never end are given up, the others stay', async () => {
    let page = 0;
    const { client } = start({
      circle: { on: { 'tools/list': { ...toolsNamed('a'), nextCursor: 'again' } } },
      endless: { on: { 'tools/list': () => ({ tools: [], nextCursor: `${(page += 1)}` }) } },
      huge: {
        on: {
          'tools/list': { tools: Array.from({ length: 10_001 }, (_, index) => ({ name: `t${index}` })) },
        },
      },
      good: tools('x'),
    });
    await client.hello();
    const { tools: shown } = (await client.request('tools/list')).answer.result as { tools: Named[] };
    expect(shown.map(({ name }) => name)).toEqual(['good__x']);
    expect(page).toBe(100);
  });

  test('a server is not asked for what it does not declare, and a list is asked for once', async () => {
    const { opener, client } = start({ a: tools('x') });
    await client.hello();
    expect((await client.request('prompts/list')).answer.result).toEqual({ prompts: [] });
    expect((await client.request('resources/templates/list')).answer.result).toEqual({
      resourceTemplates: [],
    });
    await Promise.all([client.request('tools/list'), client.request('tools/list')]);
    await client.request('tools/list');
    const methods = opener.last('a').methods();
    expect(methods).not.toContain('prompts/list');
    expect(methods.filter((method) => method === 'tools/list')).toHaveLength(1);
  });

  test('many changes are one piece of news, and the list is new at once', async () => {
    let names = ['x'];
    const { opener, client } = start({
      a: { on: { 'tools/list': () => toolsNamed(...names), 'tools/call': { content: [] } } },
    });
    await client.hello();
    await client.request('tools/list');
    names = ['y'];
    const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
    for (let index = 0; index < 7; index += 1) opener.last('a').say(changed);
    const { tools: shown } = (await client.request('tools/list')).answer.result as { tools: Named[] };
    expect(shown.map(({ name }) => name)).toEqual(['a__y']);
    await client.next('notifications/tools/list_changed');
    opener.last('a').say(changed);
    await client.next('notifications/tools/list_changed');
    expect(client.heard('notifications/tools/list_changed')).toHaveLength(2);
  });

  test('prompts and completions find their server', async () => {
    const { client } = start({
      a: able(
        { prompts: { listChanged: true }, completions: {} },
        {
          'prompts/list': { prompts: [{ name: 'p' }] },
          'prompts/get': ({ params }) => ({ messages: [], asked: params!.name }),
          'completion/complete': ({ params }) => ({ completion: { values: [JSON.stringify(params!.ref)] } }),
        },
      ),
    });
    await client.hello();
    expect((await client.request('prompts/list')).answer.result).toEqual({ prompts: [{ name: 'a__p' }] });
    expect((await client.request('prompts/get', { name: 'a__p' })).answer.result).toMatchObject({
      asked: 'p',
    });
    const ref = { type: 'ref/prompt', name: 'a__p' };
    const { answer } = await client.request('completion/complete', {
      ref,
      argument: { name: 'x', value: '' },
    });
    expect(answer.result).toEqual({ completion: { values: ['{"type":"ref/prompt","name":"p"}'] } });
  });

  test('elicitation says which server asks', async () => {
    const { opener, client } = start({ a: { on: { 'tools/list': toolsNamed('x'), 'tools/call': SILENT } } });
    await client.hello({ elicitation: {} });
    await client.request('tools/list');
    void client.call('a__x');
    await opener.last('a').next('tools/call');
    opener
      .last('a')
      .say({ jsonrpc: '2.0', id: 0, method: 'elicitation/create', params: { message: 'Your name?' } });
    expect((await client.next('elicitation/create')).params).toEqual({ message: '[a] Your name?' });
  });
});

describe('resources of several servers', () => {
  const reader = (uris: string[], more: ServerScript['on'] = {}): ServerScript =>
    able(
      { resources: { subscribe: true, listChanged: true }, tools: { listChanged: true } },
      {
        'resources/list': { resources: uris.map((uri) => ({ uri, name: uri })) },
        'resources/templates/list': { resourceTemplates: [] },
        'resources/read': ({ params }, { server }) =>
          uris.includes(params!.uri as string)
            ? { contents: [{ uri: params!.uri, text: server }] }
            : { error: { code: -32002, message: 'not found' } },
        'resources/subscribe': {},
        'tools/list': toolsNamed('link'),
        ...more,
      },
    );

  test('URIs stay as they are unless two servers have the same', async () => {
    const { client } = start({ a: reader(['x://1', 'tz://info']), b: reader(['x://2', 'tz://info']) });
    await client.hello();
    const { resources } = (await client.request('resources/list')).answer.result as { resources: Named[] };
    expect(resources.map(({ uri }) => uri)).toEqual(['x://1', 'tz://info', 'x://2', 'tz://b/info']);
    const read = async (uri: string): Promise<unknown> =>
      (await client.request('resources/read', { uri })).answer.result;
    expect(await read('x://2')).toEqual({ contents: [{ uri: 'x://2', text: 'b' }] });
    expect(await read('tz://info')).toEqual({ contents: [{ uri: 'tz://info', text: 'a' }] });
    expect(await read('tz://b/info')).toEqual({ contents: [{ uri: 'tz://b/info', text: 'b' }] });
  });

  test('one that nobody lists is looked for: by template, by scheme, then everywhere', async () => {
    const { opener, client } = start({
      a: reader(['x://1']),
      b: reader(['y://1'], {
        'resources/templates/list': { resourceTemplates: [{ uriTemplate: 'z://{id}/data', name: 't' }] },
        'resources/read': ({ params }) => ({ contents: [{ uri: params!.uri, text: 'b' }] }),
      }),
      c: reader(['x://2']),
    });
    await client.hello();
    expect((await client.request('resources/read', { uri: 'z://7/data' })).answer.result).toMatchObject({
      contents: [{ text: 'b' }],
    });
    expect((await client.request('resources/read', { uri: 'x://unlisted' })).answer.result).toMatchObject({
      contents: [{ text: 'b' }],
    });
    const asked = (server: string): unknown[] =>
      opener
        .last(server)
        .received.filter(({ method }) => method === 'resources/read')
        .map(({ params }) => params!.uri);
    expect([asked('a'), asked('b'), asked('c')]).toEqual([
      ['x://unlisted'],
      ['z://7/data', 'x://unlisted'],
      ['x://unlisted'],
    ]);
  });

  test('references in results are remembered, colliding ones told apart', async () => {
    const content = [
      { type: 'resource_link', uri: 'tz://info', name: 'l' },
      { type: 'resource', resource: { uri: 'tz://info', text: 'x' } },
      { type: 'resource_link', uri: 'new://unlisted', name: 'l' },
      { type: 'text', text: 'tz://info' },
    ];
    const { client } = start({
      a: reader(['tz://info']),
      b: reader(['tz://info', 'new://unlisted'], {
        'resources/list': { resources: [{ uri: 'tz://info', name: 'n' }] },
        'tools/call': { content },
      }),
    });
    await client.hello();
    await client.request('tools/list');
    await client.request('resources/list');
    const { answer } = await client.call('b__link');
    expect(answer.result).toEqual({
      content: [
        { type: 'resource_link', uri: 'tz://b/info', name: 'l' },
        { type: 'resource', resource: { uri: 'tz://b/info', text: 'x' } },
        { type: 'resource_link', uri: 'new://unlisted', name: 'l' },
        { type: 'text', text: 'tz://info' },
      ],
    });
    expect((await client.request('resources/read', { uri: 'new://unlisted' })).answer.result).toMatchObject({
      contents: [{ text: 'b' }],
    });
  });

  test('user interfaces of tools are told apart too', async () => {
    const withPage: ServerScript['on'] = {
      'tools/list': {
        tools: [{ name: 'link', _meta: { ui: { resourceUri: 'ui://app' }, 'ui/resourceUri': 'ui://app' } }],
      },
      'resources/read': ({ params }, { server }) => ({ contents: [{ uri: params!.uri, text: server }] }),
    };
    const { client } = start({ a: reader([], withPage), b: reader([], withPage) });
    await client.hello();
    const { tools: shown } = (await client.request('tools/list')).answer.result as { tools: object[] };
    expect(shown).toEqual([
      { name: 'a__link', _meta: { ui: { resourceUri: 'ui://app' }, 'ui/resourceUri': 'ui://app' } },
      { name: 'b__link', _meta: { ui: { resourceUri: 'ui://b/app' }, 'ui/resourceUri': 'ui://b/app' } },
    ]);
    expect((await client.request('resources/read', { uri: 'ui://b/app' })).answer.result).toEqual({
      contents: [{ uri: 'ui://b/app', text: 'b' }],
    });
  });

  test('news of a watched one carry the URI that the client knows', async () => {
    const { opener, client } = start({ a: reader(['tz://info']), b: reader(['tz://info']) });
    await client.hello();
    await client.request('resources/list');
    expect((await client.request('resources/subscribe', { uri: 'tz://b/info' })).answer.result).toEqual({});
    const asked = opener.last('b').received.find(({ method }) => method === 'resources/subscribe');
    expect(asked!.params).toEqual({ uri: 'tz://info' });
    opener
      .last('a')
      .say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'tz://info' } });
    opener
      .last('b')
      .say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'tz://info' } });
    expect((await client.next('notifications/resources/updated')).params).toEqual({ uri: 'tz://b/info' });
    await settled();
    expect(client.heard('notifications/resources/updated')).toHaveLength(1);
  });
});
