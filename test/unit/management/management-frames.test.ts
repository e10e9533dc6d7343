import { describe, expect, it } from 'vitest';
import {
  createManagementConnection,
  isManagementServer,
  withManagement,
} from '../../../electron/hub/management/management-connection.ts';
import type {
  CallerIdentity,
  ConnectionEnd,
  OutboundFrame,
  ServerOpener,
} from '../../../electron/hub/servers/server-connection.ts';
import { managedHub } from './management-fixture.ts';

const about = (request: number | null): OutboundFrame => ({
  request,
  method: null,
  target: null,
  protocolVersion: null,
  parameterHeaders: null,
});

/** The bare connection: frames in, frames out. */
function open(hub = managedHub()) {
  const frames: {
    id: unknown;
    result?: Record<string, unknown>;
    error?: { code: number; data?: unknown };
  }[] = [];
  const ends: ConnectionEnd[] = [];
  let wake = (): void => {};
  const connection = createManagementConnection(hub, {
    frame(bytes, request) {
      const frame = JSON.parse(bytes.toString('utf8')) as (typeof frames)[number];
      expect(request).toBe(typeof frame.id === 'number' ? frame.id : null);
      frames.push(frame);
      wake();
    },
    oversized: () => {},
    failed: () => {},
    closed: (end) => void ends.push(end),
  });
  const send = (message: unknown, request: number | null = null): void =>
    connection.send(
      Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)),
      about(request),
    );
  const ask = async (method: string, params: unknown = {}): Promise<(typeof frames)[number]> => {
    const before = frames.length;
    send({ jsonrpc: '2.0', id: 5, method, params }, 5);
    // An answer inside `send` would come before its caller knows the request.
    expect(frames.length).toBe(before);
    await new Promise<void>((resolve) => (wake = resolve));
    return frames[before]!;
  };
  return { connection, frames, ends, send, ask };
}

const modern = (version = '2026-07-28'): Record<string, unknown> => ({
  _meta: {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
  },
});

describe('frames of the management server', () => {
  it.each(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'])(
    'legacy: agrees to %s',
    async (version) => {
      const { result } = await open().ask('initialize', { protocolVersion: version });
      expect(result).toMatchObject({ protocolVersion: version, serverInfo: { name: 'patchbay' } });
    },
  );

  it('legacy: offers its newest version to a client with another, and answers a ping', async () => {
    const { ask } = open();
    expect((await ask('initialize', { protocolVersion: '1999-01-01' })).result).toMatchObject({
      protocolVersion: '2025-11-25',
    });
    expect((await ask('ping')).result).toEqual({});
    const { result } = await ask('tools/list');
    expect(Object.keys(result!)).toEqual(['tools']);
  });

  it('modern: every result says what it is, who says it, and how long a list is good', async () => {
    const { ask } = open();
    const meta = {
      'io.modelcontextprotocol/serverInfo': { name: 'patchbay', title: 'Patchbay', version: '1.2.3' },
    };
    const discovered = await ask('server/discover', modern());
    expect(discovered.result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      ttlMs: expect.any(Number),
      cacheScope: 'public',
      _meta: meta,
    });
    expect((await ask('tools/list', modern())).result).toMatchObject({
      resultType: 'complete',
      ttlMs: 300_000,
      _meta: meta,
    });
    const called = await ask('tools/call', { ...modern(), name: 'list_servers', arguments: {} });
    expect(called.result).toMatchObject({
      resultType: 'complete',
      structuredContent: { servers: [{}, {}] },
      _meta: meta,
    });
  });

  it('modern: tells what it speaks, and what a request lacks', async () => {
    const { ask } = open();
    expect((await ask('tools/list', modern('2030-01-01'))).error).toMatchObject({
      code: -32_022,
      data: { supported: ['2026-07-28'], requested: '2030-01-01' },
    });
    expect((await ask('server/discover')).error).toMatchObject({ code: -32_602 });
    const bare = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };
    expect((await ask('tools/list', bare)).error).toMatchObject({ code: -32_602 });
    for (const gone of ['initialize', 'ping']) {
      expect((await ask(gone, modern())).error).toMatchObject({ code: -32_601 });
    }
  });

  it('answers what it does not know, and what is no request, with an error', async () => {
    const { ask, send, frames } = open();
    for (const method of ['resources/list', 'prompts/list', 'logging/setLevel', 'toString']) {
      expect((await ask(method)).error).toMatchObject({ code: -32_601 });
    }
    expect((await ask('tools/list', { cursor: '' })).error).toMatchObject({ code: -32_602 });
    expect((await ask('tools/call', { name: 'constructor' })).error).toMatchObject({ code: -32_602 });
    for (const odd of ['{', '[]', '7', '{"jsonrpc":"2.0","id":1}', '{"id":{},"method":"ping"}']) {
      const before = frames.length;
      send(odd);
      await expect.poll(() => frames.length).toBe(before + 1);
      expect(frames.at(-1)).toMatchObject({ id: null, error: { code: -32_600 } });
    }
  });

  it('says nothing to notifications, to cancelled and abandoned calls, and after its end', async () => {
    const { connection, frames, ends, send, ask } = open();
    send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_clients' } }, 1);
    send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'list_clients' } }, 2);
    connection.abandon(2);
    await ask('tools/call', { name: 'list_clients' });
    expect(frames.map(({ id }) => id)).toEqual([5]);
    send({ jsonrpc: '2.0', id: 6, method: 'tools/call', params: { name: 'list_clients' } }, 6);
    await connection.close();
    await connection.close();
    send({ jsonrpc: '2.0', id: 7, method: 'ping' }, 7);
    await new Promise((resolve) => setImmediate(resolve));
    expect(frames).toHaveLength(1);
    expect(ends).toEqual([{ asked: true, reason: 'closed' }]);
  });
});

describe('an opener with the management server', () => {
  const caller = { sessionId: 's' } as CallerIdentity;
  const events = { frame: () => {}, oversized: () => {}, failed: () => {}, closed: () => {} };
  const opener: ServerOpener = {
    open: () => Promise.reject(new Error('the catalog')),
    launchKey: (server) => `catalog:${server}`,
    sharing: () => {
      throw new Error('the catalog');
    },
  };

  it('opens the built-in one by its name and leaves all others to the catalog', async () => {
    expect([isManagementServer('patchbay'), isManagementServer('github')]).toEqual([true, false]);
    const wrapped = withManagement(opener, managedHub(), () => false);
    const opened = await wrapped.open('patchbay', caller, events);
    expect(opened).toMatchObject({ instanceId: 'patchbay', pid: null });
    await opened.connection.close();
    expect(wrapped.sharing('patchbay').isolation).toBe('shared');
    expect(wrapped.launchKey('patchbay', caller)).toBe(
      wrapped.launchKey('patchbay', { ...caller, sessionId: 't' }),
    );
    expect(wrapped.launchKey('github', caller)).toBe('catalog:github');
    await expect(wrapped.open('github', caller, events)).rejects.toThrow('the catalog');
  });

  it('lets a server of the catalog with that name go first', async () => {
    const wrapped = withManagement(opener, managedHub(), (name) => name === 'patchbay');
    await expect(wrapped.open('patchbay', caller, events)).rejects.toThrow('the catalog');
    expect(wrapped.launchKey('patchbay', caller)).toBe('catalog:patchbay');
    expect(() => wrapped.sharing('patchbay')).toThrow('the catalog');
  });
});
