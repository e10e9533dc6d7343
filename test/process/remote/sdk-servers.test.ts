import { afterEach, describe, expect, it } from 'vitest';
import { connectTo, MODERN, type TestConnection } from './support/recorded-connection.ts';
import { startFixture, type ReferenceHttp } from './support/reference-http.ts';

const open: (TestConnection | ReferenceHttp)[] = [];
const track = <T extends TestConnection | ReferenceHttp>(one: T): T => {
  open.unshift(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.dispose();
});

const textOf = (message: { result?: Record<string, unknown> }): unknown =>
  (message.result?.content as { text: string }[] | undefined)?.[0]?.text;

describe.each(['legacy', 'dual'] as const)('the %s SDK as a legacy server', (fixture) => {
  it('goes on with an answer whose stream the server ends on purpose', async () => {
    const { url } = track(await startFixture(fixture));
    const client = track(await connectTo({ url }));
    await client.handshake();
    client.request(1, 'tools/call', { name: 'test_reconnection' });
    const answer = await client.answer(1);
    expect(answer.error).toBeUndefined();
    const told = client.told.find((event) => event.kind === 'frame' && event.message.id === 1);
    expect(told).toMatchObject({ request: 1 });
  });

  it('hears what belongs to no call on the GET stream', async () => {
    const { url } = track(await startFixture(fixture));
    const client = track(await connectTo({ url }));
    await client.handshake();
    const changed = (): (typeof client.told)[number] | undefined =>
      client.told.find(
        (event) => event.kind === 'frame' && event.message.method === 'notifications/tools/list_changed',
      );
    // What a server says before the stream is open is lost; only it knows when that is, so it is asked again.
    for (let id = 1; !changed(); id += 1) {
      client.request(id, 'tools/call', { name: 'test_trigger_tool_change' });
      await client.answer(id);
    }
    expect(changed()).toMatchObject({ request: null });
  });

  it('tells which call a message on its stream belongs to', async () => {
    const { url } = track(await startFixture(fixture));
    const client = track(await connectTo({ url }));
    await client.handshake();
    client.connection.send(
      Buffer.from(
        '{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"probe_hold","arguments":{"key":"k"},"_meta":{"progressToken":1}}}',
      ),
      {
        request: 9,
        method: 'tools/call',
        target: 'probe_hold',
        protocolVersion: '2025-11-25',
        parameterHeaders: null,
      },
    );
    await client.next((event) => event.kind === 'frame' && event.request === 9);
    client.request(10, 'tools/call', { name: 'probe_release', arguments: { key: 'k' } });
    expect(textOf(await client.answer(9))).toBe('k');
  });
});

describe('the SDK as a modern server', () => {
  const modern = async (): Promise<TestConnection> => {
    const { url } = track(await startFixture('dual', '--modern-only'));
    return track(await connectTo({ url, version: MODERN }));
  };

  it('takes the headers that mirror the message, whatever the name is made of', async () => {
    const client = await modern();
    client.request(1, 'server/discover');
    expect((await client.answer(1)).result).toMatchObject({ supportedVersions: [MODERN] });
    client.request(2, 'tools/call', { name: 'probe_echo', arguments: { message: 'hi' } });
    expect(textOf(await client.answer(2))).toBe('hi');
    // The SDK compares header and body before it looks for the tool: an unknown one is not found, not mismatched.
    for (const [index, name] of [
      'ünïcödé',
      ' lead',
      'a\nb',
      '=?base64?eA==?=',
      'x'.repeat(3_000),
    ].entries()) {
      client.request(10 + index, 'tools/call', { name, arguments: {} });
      const { error } = await client.answer(10 + index);
      expect(error, name).toMatchObject({ code: -32602 });
    }
  });

  it('takes the parameters that a tool wants as headers', async () => {
    const client = await modern();
    const call = { name: 'test_x_mcp_header', arguments: { region: 'süd' } };
    client.request(1, 'tools/call', call, { parameterHeaders: { 'Mcp-Param-Region': 'süd' } });
    expect((await client.answer(1)).error).toBeUndefined();
    client.request(2, 'tools/call', call, { parameterHeaders: { 'Mcp-Param-Region': 'nord' } });
    expect((await client.answer(2)).error).toMatchObject({ code: -32020 });
  });

  it('cancels a call by closing its stream', async () => {
    const client = await modern();
    client.request(1, 'tools/call', {
      name: 'probe_hold',
      arguments: { key: 'gone' },
      _meta: { progressToken: 1 },
    });
    await client.next((event) => event.kind === 'frame' && event.message.method === 'notifications/progress');
    client.connection.abandon(1);
    let cancelled: unknown = '[]';
    // The server notices in its own time; each question is a round trip to it.
    for (let id = 2; cancelled === '[]'; id += 1) {
      client.request(id, 'tools/call', { name: 'probe_cancelled', arguments: {} });
      cancelled = textOf(await client.answer(id));
    }
    expect(cancelled).toBe('["gone"]');
    expect(client.told.some((event) => event.kind === 'failed')).toBe(false);
  });

  it('keeps the stream of a subscription open beside calls', async () => {
    const client = await modern();
    client.request(1, 'subscriptions/listen', { notifications: { toolsListChanged: true } });
    await client.next(
      (event) =>
        event.kind === 'frame' && event.message.method === 'notifications/subscriptions/acknowledged',
    );
    client.request(2, 'tools/call', { name: 'test_trigger_tool_change', arguments: {} });
    const changed = await client.next(
      (event) => event.kind === 'frame' && event.message.method === 'notifications/tools/list_changed',
    );
    expect(changed).toMatchObject({ request: 1 });
    await client.answer(2);
  });

  it('says with its own error that a legacy handshake is not for it', async () => {
    const { url } = track(await startFixture('dual', '--modern-only'));
    const client = track(await connectTo({ url }));
    client.request(7, 'initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    });
    const answer = await client.answer(7);
    expect(answer.id).toBe(7);
    expect(answer.error?.data).toBeDefined();
  });

  it('loses the call, not the connection, when the server dies in the middle of it', async () => {
    const client = await modern();
    client.request(1, 'tools/call', { name: 'probe_crash', arguments: {} });
    expect(await client.failure(1)).toMatchObject({ code: -32000 });
    expect(client.told.some((event) => event.kind === 'closed')).toBe(false);
  });
});
