import { afterEach, describe, expect, test } from 'vitest';
import type { Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { HUB, merged, muxOver, ScriptedClient, settled, single } from './scripted-client.ts';
import {
  INITIALIZED,
  modernServer,
  ScriptedOpener,
  SILENT,
  toolsNamed,
  type Message,
  type ScriptedInstance,
  type ServerScript,
} from './scripted-servers.ts';

let mux: Mux;
afterEach(() => mux.close());

function start(script: ServerScript, clients = 2): { opener: ScriptedOpener; clients: ScriptedClient[] } {
  const opener = new ScriptedOpener({
    one: { ...script, sharing: { isolation: 'shared', ...script.sharing } },
  });
  mux = muxOver(opener);
  return {
    opener,
    clients: Array.from({ length: clients }, () => new ScriptedClient(mux, { endpoint: single('one') })),
  };
}

describe('one server for several clients', () => {
  test('C23: is started once, initialised once, and told only what the hub can keep', async () => {
    const { opener, clients } = start({ on: { 'tools/call': { content: [] } } }, 5);
    await Promise.all(clients.map((client) => client.hello({ sampling: {}, roots: {} })));
    await Promise.all(clients.map((client) => client.call('x')));
    expect(opener.instances).toHaveLength(1);
    const [initialize] = opener.last('one').received;
    expect(initialize!.params).toEqual({
      protocolVersion: '2025-11-25',
      capabilities: { roots: {}, sampling: {}, elicitation: { form: {}, url: {} } },
      clientInfo: HUB,
    });
    expect(
      opener
        .last('one')
        .methods()
        .filter((method) => method === 'initialize'),
    ).toHaveLength(1);
  });

  test('each client gets the revision it asked for', async () => {
    const { clients } = start({});
    expect((await clients[0]!.hello({}, '2024-11-05')).answer.result).toMatchObject({
      protocolVersion: '2024-11-05',
    });
    expect((await clients[1]!.hello({}, '1999-01-01')).answer.result).toMatchObject({
      protocolVersion: '2025-11-25',
    });
  });

  test('two clients with the same ids and tokens get their own answers and progress', async () => {
    const { opener, clients } = start({ on: { 'tools/call': SILENT } });
    await Promise.all(clients.map((client) => client.hello()));
    const instance = opener.last('one');
    const calls = clients.map((client, index) =>
      client.request(
        'tools/call',
        { name: `t${index}`, _meta: { progressToken: index === 0 ? 'p' : 'p' } },
        1,
      ),
    );
    const [a, b] = [await instance.next('tools/call'), await instance.next('tools/call')];
    const tokens = [a, b].map(({ params }) => (params!._meta as { progressToken: unknown }).progressToken);
    expect(new Set(tokens).size).toBe(2);
    const progress = (token: unknown, value: number): void =>
      instance.say({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: token, progress: value },
      });
    progress(tokens[1], 2);
    progress(tokens[0], 1);
    instance.say({ jsonrpc: '2.0', id: b.id!, result: { for: b.params!.name } });
    progress(tokens[1], 3);
    instance.say({ jsonrpc: '2.0', id: a.id!, result: { for: a.params!.name } });
    const [first, second] = await Promise.all(calls);
    expect(first!.answer).toMatchObject({ id: 1, result: { for: 't0' } });
    expect(second!.answer).toMatchObject({ id: 1, result: { for: 't1' } });
    expect(first!.before.map(({ params }) => params)).toEqual([{ progressToken: 'p', progress: 1 }]);
    expect(second!.before.map(({ params }) => params)).toEqual([{ progressToken: 'p', progress: 2 }]);
  });

  test('one client goes, the other’s calls go on; the server stays for the idle time', async () => {
    const { opener, clients } = start({ on: { 'tools/call': SILENT } });
    await Promise.all(clients.map((client) => client.hello()));
    const instance = opener.last('one');
    void clients[0]!.call('a');
    const stays = clients[1]!.call('b');
    const [a, b] = [await instance.next('tools/call'), await instance.next('tools/call')];
    await clients[0]!.conversation.close();
    expect((await instance.next('notifications/cancelled')).params).toMatchObject({ requestId: a.id });
    instance.say({ jsonrpc: '2.0', id: b.id!, result: { ok: 1 } });
    expect((await stays).answer.result).toEqual({ ok: 1 });
    expect(instance.isClosed).toBe(false);
  });

  test('B27: a question goes to the one client with a call, if it has said it takes it', async () => {
    const { opener, clients } = start({ on: { 'tools/call': SILENT } });
    await clients[0]!.hello({ sampling: {} });
    await clients[1]!.hello({});
    const instance = opener.last('one');
    const ask = (id: string, method = 'sampling/createMessage'): void =>
      instance.say({ jsonrpc: '2.0', id, method, params: { messages: [] } });
    ask('idle');
    expect((await instance.nextAnswer('idle')).error).toBeDefined();
    ask('early', 'roots/list');
    expect((await instance.nextAnswer('early')).error).toBeDefined();

    const call = clients[0]!.call('a');
    const sent = await instance.next('tools/call');
    ask('mine');
    const question = await clients[0]!.next('sampling/createMessage');
    expect(question.id).not.toBe('mine');
    clients[1]!.answer(question.id, { result: { forged: true } });
    clients[0]!.answer(question.id, { result: { role: 'assistant' } });
    expect((await instance.nextAnswer('mine')).result).toEqual({ role: 'assistant' });
    ask('roots', 'roots/list');
    expect((await instance.nextAnswer('roots')).error).toMatchObject({ code: -32601 });

    void clients[1]!.call('b');
    const other = await instance.next('tools/call');
    ask('whose');
    expect((await instance.nextAnswer('whose')).error!.message).toContain('shared');
    instance.say({ jsonrpc: '2.0', id: sent.id!, result: {} });
    await call;
    ask('undeclared');
    expect((await instance.nextAnswer('undeclared')).error).toMatchObject({ code: -32601 });
    instance.say({ jsonrpc: '2.0', id: other.id!, result: {} });
    expect(clients[1]!.heard('sampling/createMessage')).toEqual([]);
  });

  test('over HTTP the stream tells whose question it is', async () => {
    const { opener, clients } = start({ correlates: true, on: { 'tools/call': SILENT } });
    await Promise.all(clients.map((client) => client.hello({ elicitation: {} })));
    const instances = opener.instances;
    const instance = instances.find(({ received }) => received.length > 0)!;
    void clients[0]!.call('a');
    void clients[1]!.call('b');
    await settled();
    const sent = instances.flatMap((one) =>
      one.received.filter(({ method }) => method === 'tools/call').map((message) => ({ one, message })),
    );
    const forB = sent.find(({ message }) => message.params!.name === 'b')!;
    forB.one.say(
      { jsonrpc: '2.0', id: 1, method: 'elicitation/create', params: { message: '?' } },
      forB.message.id as number,
    );
    const question = await clients[1]!.next('elicitation/create');
    clients[1]!.answer(question.id, { result: { action: 'decline' } });
    expect((await forB.one.nextAnswer(1)).result).toEqual({ action: 'decline' });
    expect(clients[0]!.heard('elicitation/create')).toEqual([]);
    expect(instance).toBeDefined();
  });

  test('a question ends with its call, and with the server’s second thoughts', async () => {
    const { opener, clients } = start({ on: { 'tools/call': SILENT } }, 1);
    const [client] = clients;
    await client!.hello({ elicitation: {} });
    const instance = opener.last('one');
    const call = client!.call('a');
    const sent = await instance.next('tools/call');
    instance.say({
      jsonrpc: '2.0',
      id: 0,
      method: 'elicitation/create',
      params: { message: '1', _meta: { progressToken: 0 } },
    });
    instance.say({ jsonrpc: '2.0', id: 1, method: 'elicitation/create', params: { message: '2' } });
    const [one, two] = [await client!.next('elicitation/create'), await client!.next('elicitation/create')];
    client!.notify('notifications/progress', {
      progressToken: (one.params!._meta as { progressToken: number }).progressToken,
      progress: 1,
    });
    expect((await instance.next('notifications/progress')).params).toEqual({ progressToken: 0, progress: 1 });
    instance.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 0 } });
    expect((await client!.next('notifications/cancelled')).params).toMatchObject({ requestId: one.id });
    instance.say({ jsonrpc: '2.0', id: sent.id!, result: {} });
    expect((await client!.next('notifications/cancelled')).params).toMatchObject({ requestId: two.id });
    client!.answer(two.id, { result: { action: 'accept' } });
    await call;
    await settled();
    expect(instance.received.some(({ id, method }) => id === 1 && method === undefined)).toBe(false);
  });

  test('B18: a place limit is shared fairly, and B17: what is too much is refused', async () => {
    const { opener, clients } = start({ sharing: { concurrency: 1 }, on: { 'tools/call': SILENT } });
    await Promise.all(clients.map((client) => client.hello()));
    const instance = opener.last('one');
    const hungry = Array.from({ length: 3 }, (_, index) => clients[0]!.call(`h${index}`));
    const modest = clients[1]!.call('m');
    const order: unknown[] = [];
    for (let index = 0; index < 4; index += 1) {
      const sent = await instance.next('tools/call');
      order.push(sent.params!.name);
      expect(instance.received.filter(({ method }) => method === 'tools/call')).toHaveLength(index + 1);
      instance.say({ jsonrpc: '2.0', id: sent.id!, result: {} });
    }
    await Promise.all([...hungry, modest]);
    expect(order).toEqual(['h0', 'h1', 'm', 'h2']);

    void clients[0]!.call('busy');
    const waiting = Array.from({ length: 257 }, () => clients[0]!.call('w'));
    expect((await waiting[256]!).answer.error!.message).toContain('busy');
    instance.unsentBytes = 9 * 1024 * 1024;
    expect((await clients[1]!.call('x')).answer.error!.message).toContain('busy');
  });

  test('the log level is the most verbose that anyone wants, and lines are sifted for each', async () => {
    const { opener, clients } = start({
      on: {
        initialize: { ...INITIALIZED, capabilities: { logging: {} } },
        'logging/setLevel': {},
        'tools/call': SILENT,
      },
    });
    await Promise.all(clients.map((client) => client.hello()));
    const instance = opener.last('one');
    await clients[0]!.request('logging/setLevel', { level: 'error' });
    await clients[1]!.request('logging/setLevel', { level: 'debug' });
    await clients[0]!.request('logging/setLevel', { level: 'warning' });
    expect((await clients[0]!.request('logging/setLevel', { level: 'loud' })).answer.error).toMatchObject({
      code: -32602,
    });
    const levels = instance.received
      .filter(({ method }) => method === 'logging/setLevel')
      .map(({ params }) => params!.level);
    expect(levels).toEqual(['error', 'debug']);
    const line = (level: string): void =>
      instance.say({ jsonrpc: '2.0', method: 'notifications/message', params: { level, data: level } });
    line('alert');
    void clients[0]!.call('a');
    const sent = await instance.next('tools/call');
    line('info');
    line('warning');
    expect((await clients[0]!.next('notifications/message')).params).toMatchObject({ data: 'warning' });
    instance.say({ jsonrpc: '2.0', id: sent.id!, result: {} });
    await settled();
    void clients[1]!.call('b');
    await instance.next('tools/call');
    line('info');
    expect((await clients[1]!.next('notifications/message')).params).toMatchObject({ data: 'info' });
    expect(clients[0]!.heard('notifications/message')).toHaveLength(1);
  });

  test('a resource is watched once for all, and news reach those who watch', async () => {
    const { opener, clients } = start(
      {
        on: {
          initialize: { ...INITIALIZED, capabilities: { resources: { subscribe: true } } },
          'resources/subscribe': {},
          'resources/unsubscribe': {},
          'resources/list': { resources: [{ uri: 'demo://a', name: 'a' }] },
        },
      },
      3,
    );
    await Promise.all(clients.map((client) => client.hello()));
    const instance = opener.last('one');
    await clients[0]!.request('resources/subscribe', { uri: 'demo://a' });
    await clients[1]!.request('resources/subscribe', { uri: 'demo://a' });
    instance.say({
      jsonrpc: '2.0',
      method: 'notifications/resources/updated',
      params: { uri: 'demo://a/sub', x: 1 },
    });
    for (const client of clients.slice(0, 2)) {
      expect((await client.next('notifications/resources/updated')).params).toEqual({
        uri: 'demo://a/sub',
        x: 1,
      });
    }
    expect(clients[2]!.told).toEqual([]);
    await clients[0]!.request('resources/unsubscribe', { uri: 'demo://a' });
    expect(instance.methods()).not.toContain('resources/unsubscribe');
    await clients[1]!.request('resources/unsubscribe', { uri: 'demo://a' });
    await instance.next('resources/unsubscribe');
    expect(instance.methods().filter((method) => method === 'resources/subscribe')).toHaveLength(1);
  });

  test('copies: the next call goes to the one with the least to do', async () => {
    const { opener, clients } = start({ sharing: { copies: 2 }, on: { 'tools/call': SILENT } }, 1);
    const [client] = clients;
    await client!.hello();
    void client!.call('a');
    const second = opener.started('one');
    void client!.call('b');
    const copy = await second;
    await copy.next('notifications/initialized');
    await settled();
    void client!.call('c');
    expect((await copy.next('tools/call')).params).toMatchObject({ name: 'c' });
  });

  test('legacy tasks belong to the client that started them', async () => {
    let made = 0;
    const { clients } = start({
      on: {
        initialize: { ...INITIALIZED, capabilities: { tools: {}, tasks: { list: {} } } },
        'tools/call': () => ({ task: { taskId: `task-${(made += 1)}`, status: 'working' } }),
        'tasks/get': ({ params }) => ({ taskId: params!.taskId, status: 'working' }),
        'tasks/list': { tasks: [{ taskId: 'task-1' }, { taskId: 'task-2' }] },
      },
    });
    await Promise.all(clients.map((client) => client.hello()));
    await clients[0]!.call('a', {}, { task: { ttl: 1 } });
    await clients[1]!.call('b', {}, { task: { ttl: 1 } });
    expect((await clients[0]!.request('tasks/get', { taskId: 'task-1' })).answer.result).toMatchObject({
      taskId: 'task-1',
    });
    expect((await clients[0]!.request('tasks/get', { taskId: 'task-2' })).answer.error).toMatchObject({
      code: -32602,
    });
    expect((await clients[1]!.request('tasks/list')).answer.result).toEqual({
      tasks: [{ taskId: 'task-2' }],
    });
  });

  test('B12: a flood of progress is thinned out, and the last of it is not lost', async () => {
    const { opener, clients } = start({ on: { 'tools/call': SILENT, 'tools/list': toolsNamed() } }, 1);
    await clients[0]!.hello();
    const instance = opener.last('one');
    const call = clients[0]!.request('tools/call', { name: 'a', _meta: { progressToken: 9 } });
    const { id, params } = await instance.next('tools/call');
    const { progressToken } = params!._meta as { progressToken: number };
    for (let progress = 1; progress <= 1000; progress += 1) {
      instance.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress } });
    }
    instance.say({ jsonrpc: '2.0', id: id!, result: {} });
    const { before } = await call;
    expect(before.length).toBeLessThan(300);
    expect(before.at(-1)!.params).toEqual({ progressToken: 9, progress: 1000 });
  });
});

describe('C19: a list that is private', () => {
  test('is shown to nobody else, by one server’s endpoint or all of them', async () => {
    const listing = (_message: Message, { caller }: ScriptedInstance) => ({
      ...toolsNamed(`tool-of-${caller.user}`),
      resultType: 'complete',
      ttlMs: 60_000,
      cacheScope: 'private',
    });
    const opener = new ScriptedOpener({
      one: { sharing: { isolation: 'user' }, on: { ...modernServer(), 'tools/list': listing } },
    });
    mux = muxOver(opener);
    for (const [endpoint, prefix] of [
      [single('one'), ''],
      [merged(['one']), 'one__'],
    ] as const) {
      for (const user of ['ann', 'bob', 'ann']) {
        const client = new ScriptedClient(mux, { endpoint, caller: { user } });
        const { answer } = await client.modern('tools/list');
        expect(answer.result).toMatchObject({
          ...toolsNamed(`${prefix}tool-of-${user}`),
          cacheScope: 'private',
        });
      }
    }
    expect(opener.instances).toHaveLength(2);
  });
});
