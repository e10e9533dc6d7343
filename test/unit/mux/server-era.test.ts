import { afterEach, describe, expect, test } from 'vitest';
import type { Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { muxOver, ScriptedClient, single } from './scripted-client.ts';
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

function start(servers: Record<string, ServerScript>) {
  const opener = new ScriptedOpener(servers);
  mux = muxOver(opener);
  return { opener, client: new ScriptedClient(mux, { endpoint: single('one') }) };
}

describe('which era a server is spoken to in', () => {
  test('a legacy client’s server is never probed; a modern client’s is, as the client itself would', async () => {
    const { opener, client } = start({ one: { on: { 'tools/list': toolsNamed('x') } } });
    const legacy = new ScriptedClient(mux, { endpoint: single('one') });
    await legacy.hello();
    expect(opener.last('one').methods()).toEqual(['initialize', 'notifications/initialized']);
    await client.modern('tools/list');
    expect(opener.last('one').methods()).toEqual([
      'server/discover',
      'initialize',
      'notifications/initialized',
      'tools/list',
    ]);
    const again = new ScriptedClient(mux, { endpoint: single('one') });
    await again.modern('tools/list');
    expect(opener.last('one').methods()[0]).toBe('initialize');
  });

  test('one that ends itself at a probe is started again for the handshake, which is no crash', async () => {
    const dies = (_message: Message, instance: { crash(): void }): typeof SILENT => {
      instance.crash();
      return SILENT;
    };
    const opener = new ScriptedOpener({
      one: { on: { 'server/discover': dies, 'tools/list': toolsNamed('x') } },
    });
    const crashes: string[] = [];
    mux = muxOver(opener, {
      gate: { mayStart: () => ({ ok: true }), crashed: (_key, server) => crashes.push(server) },
    });
    const client = new ScriptedClient(mux, { endpoint: single('one') });
    expect((await client.modern('tools/list')).answer.result).toMatchObject({ resultType: 'complete' });
    expect(opener.instances.map((instance) => instance.methods()[0])).toEqual([
      'server/discover',
      'initialize',
    ]);
    expect(crashes).toEqual([]);
  });

  test('one that never answers a probe is spoken to in the older way', async () => {
    const { opener, client } = start({
      one: {
        sharing: { startTimeoutMs: 60 },
        on: { 'server/discover': SILENT, 'tools/list': toolsNamed('x') },
      },
    });
    expect((await client.modern('tools/list')).answer.result).toMatchObject({ resultType: 'complete' });
    expect(opener.last('one').methods()).toEqual([
      'server/discover',
      'initialize',
      'notifications/initialized',
      'tools/list',
    ]);
  });

  test('what was learned is not asked again', async () => {
    const { opener, client } = start({ one: { sharing: { isolation: 'session' }, on: modernServer() } });
    await client.modern('server/discover');
    const second = new ScriptedClient(mux, { endpoint: single('one') });
    await second.modern('server/discover');
    const legacy = new ScriptedClient(mux, { endpoint: single('one') });
    await legacy.hello();
    const third = new ScriptedClient(mux, { endpoint: single('one') });
    await third.hello();
    const firsts = opener.instances.map((instance) => instance.methods().slice(0, 2));
    expect(firsts[0]![0]).toBe('server/discover');
    expect(firsts[1]![0]).toBe('server/discover');
    expect(firsts[2]).toEqual(['initialize', 'server/discover']);
    expect(firsts[3]![0]).toBe('server/discover');
  });

  test('one that is slow to start is not taken for a legacy one, whichever question it answers', async () => {
    const unsupported = { error: { code: -32_022, message: 'Unsupported protocol version' } };
    const discovered = modernServer()['server/discover'] as Record<string, unknown>;
    const { opener, client } = start({
      one: {
        sharing: { startTimeoutMs: 200 },
        on: {
          ...modernServer(),
          'server/discover': SILENT,
          initialize(_message, instance) {
            // Both are read when it is there at last.
            const { id } = instance.received.find(({ method }) => method === 'server/discover')!;
            setImmediate(() => instance.say({ jsonrpc: '2.0', id: id!, result: discovered }));
            return unsupported;
          },
          'tools/list': { ...toolsNamed('x'), resultType: 'complete', ttlMs: 0, cacheScope: 'private' },
        },
      },
    });
    expect((await client.modern('tools/list')).answer.result).toMatchObject(toolsNamed('x'));
    expect(opener.instances).toHaveLength(1);
  });

  test('a refusal that says nothing of the era is not remembered as one', async () => {
    let isOverloaded = true;
    const discovered = modernServer()['server/discover'] as Record<string, unknown>;
    const { opener, client } = start({
      one: {
        correlates: true,
        sharing: { isolation: 'session' },
        on: {
          initialize: INITIALIZED,
          'server/discover': () =>
            isOverloaded ? { error: { code: -32_000, message: 'HTTP 503' } } : discovered,
        },
      },
    });
    await client.modern('tools/list');
    expect(opener.last('one').methods().slice(0, 2)).toEqual(['server/discover', 'initialize']);
    isOverloaded = false;
    const second = new ScriptedClient(mux, { endpoint: single('one') });
    await second.modern('tools/list');
    expect(opener.last('one').methods()).not.toContain('initialize');
  });

  test('a remote server that has turned to a transport of the older era is met once for all', async () => {
    const { opener, client } = start({
      one: {
        correlates: true,
        sharing: { isolation: 'shared' },
        on: {
          initialize(_message, instance) {
            instance.correlates = false;
            return INITIALIZED;
          },
          'tools/list': toolsNamed('x'),
        },
      },
    });
    await client.hello();
    const modern = new ScriptedClient(mux, { endpoint: single('one') });
    await modern.modern('tools/list');
    expect(opener.instances).toHaveLength(1);
  });

  test('a remote server with both eras is spoken to as each client speaks', async () => {
    const script: ServerScript = {
      correlates: true,
      sharing: { isolation: 'shared' },
      on: { ...modernServer(), initialize: INITIALIZED, 'tools/list': toolsNamed('x') },
    };
    const { opener, client } = start({ one: script });
    await client.modern('tools/list');
    const legacy = new ScriptedClient(mux, { endpoint: single('one') });
    await legacy.hello();
    const firsts = opener.instances.map((instance) => instance.methods()[0]);
    expect(firsts).toEqual(['server/discover', 'initialize']);
    const third = new ScriptedClient(mux, { endpoint: single('one') });
    await third.hello();
    expect(opener.instances).toHaveLength(2);
  });
});
