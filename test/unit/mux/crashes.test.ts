import { afterEach, describe, expect, test } from 'vitest';
import type { Mux } from '../../../electron/hub/routes/mux/mux.ts';
import type { StartGate } from '../../../electron/hub/routes/mux/upstream-pool.ts';
import { merged, muxOver, openGate, ScriptedClient, settled, single } from './scripted-client.ts';
import { INITIALIZED, ScriptedOpener, SILENT, toolsNamed, type ServerScript } from './scripted-servers.ts';

let mux: Mux;
afterEach(() => mux.close());

function start(script: ServerScript, gate: StartGate = openGate) {
  const opener = new ScriptedOpener({ one: script });
  mux = muxOver(opener, { gate });
  return { opener, client: new ScriptedClient(mux, { endpoint: single('one') }) };
}

const watchable: ServerScript['on'] = {
  initialize: {
    ...INITIALIZED,
    capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} },
  },
  'resources/list': { resources: [{ uri: 'demo://a', name: 'a' }] },
  'resources/templates/list': { resourceTemplates: [] },
  'resources/subscribe': {},
  'logging/setLevel': {},
  'tools/call': SILENT,
};

describe('a server that crashes', () => {
  test('B05, B28: the calls under way fail once and are not repeated; others wait for the next instance', async () => {
    const crashes: string[] = [];
    const gate: StartGate = {
      mayStart: () => ({ ok: true }),
      crashed: (_key, server, reason) => crashes.push(`${server} ${reason}`),
    };
    const { opener, client } = start({ sharing: { concurrency: 1 }, on: { 'tools/call': SILENT } }, gate);
    await client.hello();
    const first = opener.last('one');
    const failing = client.call('fails');
    const waiting = client.call('waits');
    await first.next('tools/call');
    const second = opener.started('one');
    first.crash();
    const { answer } = await failing;
    expect(answer.error!.message).toContain('exited with code 1');
    expect(answer.error!.message).toContain('not repeated');
    const next = await second;
    const sent = await next.next('tools/call');
    expect(sent.params!.name).toBe('waits');
    next.say({ jsonrpc: '2.0', id: sent.id!, result: { ok: 1 } });
    expect((await waiting).answer.result).toEqual({ ok: 1 });
    expect(next.received.filter(({ method }) => method === 'tools/call')).toHaveLength(1);
    expect(crashes).toEqual(['one exited with code 1']);
  });

  test('is started again at once, watched and as talkative as before, and the client is told', async () => {
    const { opener, client } = start({ on: watchable });
    await client.hello({ roots: {} });
    await client.request('resources/subscribe', { uri: 'demo://a' });
    await client.request('logging/setLevel', { level: 'debug' });
    const second = opener.started('one');
    opener.last('one').crash();
    const next = await second;
    expect((await next.next('initialize')).params).toMatchObject({ capabilities: { roots: {} } });
    expect((await next.next('resources/subscribe')).params).toEqual({ uri: 'demo://a' });
    expect((await next.next('logging/setLevel')).params).toEqual({ level: 'debug' });
    await client.next('notifications/tools/list_changed');
    next.say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'demo://a' } });
    await client.next('notifications/resources/updated');
  });

  test('B04: is not started while it keeps crashing, and says so', async () => {
    let permission: ReturnType<StartGate['mayStart']> = { ok: true };
    const { opener, client } = start({ on: watchable }, { mayStart: () => permission, crashed() {} });
    await client.hello();
    permission = { ok: false, failed: 'one keeps crashing: it exited with code 1.' };
    opener.last('one').crash();
    expect((await client.call('x')).answer.error!.message).toBe('one keeps crashing: it exited with code 1.');
    permission = { ok: false, retryMs: 30_000 };
    expect((await client.call('x')).answer.error!.message).toContain('started again in 30 s');
    permission = { ok: false, retryMs: 5 };
    const next = opener.started('one');
    void client.call('x');
    permission = { ok: true };
    await (await next).next('tools/call');
    expect(opener.instances).toHaveLength(2);
  });

  test('a question of a server that is gone is taken back', async () => {
    const { opener, client } = start({ on: { 'tools/call': SILENT } });
    await client.hello({ elicitation: {} });
    void client.call('x');
    await opener.last('one').next('tools/call');
    opener.last('one').say({ jsonrpc: '2.0', id: 3, method: 'elicitation/create', params: { message: '?' } });
    const question = await client.next('elicitation/create');
    opener.last('one').crash();
    expect((await client.next('notifications/cancelled')).params).toMatchObject({ requestId: question.id });
  });

  test('calls made while it starts wait, and fail together when it cannot', async () => {
    const { opener, client } = start({ on: { initialize: SILENT } });
    void client.request('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
    await settled();
    const calls = [client.call('a'), client.call('b')];
    opener.last('one').crash('was killed by SIGKILL');
    for (const { answer } of await Promise.all(calls)) expect(answer.error!.message).toContain('SIGKILL');
  });
});

describe('restarts and changes by somebody', () => {
  test('restart ends the instances; the next call starts another', async () => {
    const { opener, client } = start({ on: { 'tools/call': { content: [] } } });
    await client.hello();
    await client.call('x');
    await mux.restart('one');
    expect(opener.last('one').isClosed).toBe(true);
    expect((await client.call('x')).answer.result).toEqual({ content: [] });
    expect(opener.instances).toHaveLength(2);
    await client.next('notifications/tools/list_changed');
  });

  test('a new definition: calls under way end where they are, the next go to the new one', async () => {
    const { opener, client } = start({ on: { 'tools/call': SILENT } });
    await client.hello();
    const old = opener.last('one');
    const call = client.call('a');
    const sent = await old.next('tools/call');
    opener.generation = 1;
    mux.serversChanged(['one']);
    await client.next('notifications/tools/list_changed');
    const second = opener.started('one');
    void client.call('b');
    await (await second).next('tools/call');
    expect(old.isClosed).toBe(false);
    old.say({ jsonrpc: '2.0', id: sent.id!, result: { from: 'old' } });
    expect((await call).answer.result).toEqual({ from: 'old' });
    expect(old.isClosed).toBe(true);
  });

  test('a change that is none for the launch costs no restart', async () => {
    const { opener, client } = start({ on: { 'tools/call': { content: [] } } });
    await client.hello();
    mux.serversChanged(['one']);
    await client.call('x');
    expect(opener.instances).toHaveLength(1);
  });

  test('servers come and go on a merged endpoint', async () => {
    const members = ['a'];
    const opener = new ScriptedOpener({
      a: { on: { 'tools/list': toolsNamed('x') } },
      b: { on: { 'tools/list': toolsNamed('y') } },
    });
    mux = muxOver(opener);
    const client = new ScriptedClient(mux, { endpoint: merged(members) });
    await client.hello();
    const names = async (): Promise<string[]> =>
      ((await client.request('tools/list')).answer.result as { tools: { name: string }[] }).tools.map(
        ({ name }) => name,
      );
    expect(await names()).toEqual(['a__x']);
    members.push('b');
    mux.serversChanged(['b']);
    await client.next('notifications/tools/list_changed');
    expect(await names()).toEqual(['a__x', 'b__y']);
    members.shift();
    mux.serversChanged(['a']);
    expect(await names()).toEqual(['b__y']);
    expect((await client.call('a__x')).answer.error).toMatchObject({ code: -32602 });
    expect(opener.last('a').isClosed).toBe(true);
  });
});

describe('a conversation that is carried over', () => {
  test('says what it takes, and goes on without a handshake', async () => {
    const { client } = start({ on: watchable });
    expect(client.conversation.record()).toBeNull();
    let changes = 0;
    client.conversation.onRecordChanged(() => (changes += 1));
    await client.hello({ sampling: {} });
    await client.request('resources/subscribe', { uri: 'demo://a' });
    await client.request('logging/setLevel', { level: 'error' });
    const record = client.conversation.record()!;
    expect(record).toMatchObject({ initialized: true, logLevel: 'error', subscriptions: ['demo://a'] });
    expect(changes).toBeGreaterThanOrEqual(4);
    await mux.close();

    const opener = new ScriptedOpener({ one: { on: { ...watchable, 'tools/call': { content: [] } } } });
    mux = muxOver(opener);
    const restored = new ScriptedClient(mux, {
      endpoint: single('one'),
      restored: JSON.parse(JSON.stringify(record)) as typeof record,
    });
    expect(restored.conversation.era).toBe('legacy');
    expect((await restored.call('x')).answer.result).toEqual({ content: [] });
    const next = opener.last('one');
    expect((await next.next('initialize')).params).toMatchObject({ capabilities: { sampling: {} } });
    expect((await next.next('resources/subscribe')).params).toEqual({ uri: 'demo://a' });
    expect((await next.next('logging/setLevel')).params).toEqual({ level: 'error' });
    await restored.next('notifications/tools/list_changed');
  });

  test('on a merged endpoint nothing is started before it is needed, and names still work', async () => {
    const opener = new ScriptedOpener({
      a: { on: { 'tools/list': toolsNamed('x'), 'tools/call': { content: [] } } },
    });
    mux = muxOver(opener);
    const record = {
      initialize:
        '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{}}}',
      initialized: true,
      logLevel: null,
      subscriptions: [],
    };
    const client = new ScriptedClient(mux, { endpoint: merged(['a']), restored: record });
    await client.next('notifications/tools/list_changed');
    expect(opener.instances).toEqual([]);
    expect((await client.call('a__x')).answer.result).toEqual({ content: [] });
  });
});
