import { afterEach, describe, expect, it } from 'vitest';
import { connectTo, type TestConnection } from './support/recorded-connection.ts';
import { startEverything, type ReferenceHttp } from './support/reference-http.ts';

const open: (TestConnection | ReferenceHttp)[] = [];
const track = <T extends TestConnection | ReferenceHttp>(one: T): T => {
  open.unshift(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.dispose();
});

describe('the reference server over Streamable HTTP', () => {
  it('keeps a session, answers calls side by side and tells which call a message belongs to', async () => {
    const { port } = track(await startEverything('streamableHttp'));
    const client = track(await connectTo({ url: `http://127.0.0.1:${port}/mcp` }));
    expect((await client.handshake()).result).toMatchObject({ protocolVersion: '2025-11-25' });

    for (let id = 1; id <= 20; id += 1) {
      client.request(id, 'tools/call', { name: 'echo', arguments: { message: `n${id}` } });
    }
    client.request(50, 'tools/call', {
      name: 'trigger-long-running-operation',
      arguments: { duration: 0.3, steps: 3 },
      _meta: { progressToken: 'p' },
    });
    for (let id = 1; id <= 20; id += 1) {
      expect(JSON.stringify((await client.answer(id)).result)).toContain(`n${id}`);
    }
    await client.answer(50);
    const progress = client.told.filter(
      (event) => event.kind === 'frame' && event.message.method === 'notifications/progress',
    );
    expect(progress.map((event) => event.kind === 'frame' && event.request)).toEqual([50, 50, 50]);
    expect(client.connection.correlates).toBe(true);
    expect(client.connection.unsentBytes).toBe(0);
  });

  it('B29 tells that the session is gone when the server has been restarted', async () => {
    const first = track(await startEverything('streamableHttp'));
    const client = track(await connectTo({ url: `http://127.0.0.1:${first.port}/mcp` }));
    await client.handshake();
    await first.kill();
    track(await startEverything('streamableHttp', first.port));
    client.request(1, 'tools/list');
    expect(await client.closed()).toEqual({ asked: false, reason: 'ended the session' });
  });
});

describe('the reference server over HTTP+SSE', () => {
  it('answers on its one stream', async () => {
    const { port } = track(await startEverything('sse'));
    const client = track(await connectTo({ url: `http://127.0.0.1:${port}/sse`, transport: 'sse' }));
    await client.handshake();
    client.request(1, 'tools/call', { name: 'echo', arguments: { message: 'hello' } });
    expect(JSON.stringify((await client.answer(1)).result)).toContain('hello');
    expect(client.connection.correlates).toBe(false);
  });

  it('is found out by itself when the type is not told', async () => {
    const { port } = track(await startEverything('sse'));
    const client = track(await connectTo({ url: `http://127.0.0.1:${port}/sse`, transport: 'auto' }));
    await client.handshake();
    expect(client.connection.correlates).toBe(false);
    client.request(1, 'tools/call', { name: 'echo', arguments: { message: 'hello' } });
    expect(JSON.stringify((await client.answer(1)).result)).toContain('hello');
  });

  it('B29 is over when its stream is cut', async () => {
    const server = track(await startEverything('sse'));
    const client = track(await connectTo({ url: `http://127.0.0.1:${server.port}/sse`, transport: 'sse' }));
    await client.handshake();
    await server.kill();
    expect(await client.closed()).toEqual({ asked: false, reason: 'was cut off' });
  });
});
