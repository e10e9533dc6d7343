import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InstancePool } from '../../../electron/hub/servers/instance-pool.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { launchOf, openPool, send, wireTo, type Wire } from './children-harness.ts';

let home: TemporaryHome;
let pool: InstancePool;
let stderr: string;

beforeEach(() => {
  home = temporaryHome();
  ({ pool } = openPool(home));
  stderr = '';
});
afterEach(async () => {
  vi.restoreAllMocks();
  await pool.stopAll();
  await expectNothingLeft(home);
  home.dispose();
});

async function open(fixture: string): Promise<Wire> {
  return wireTo(await start(fixture));
}
const start = (fixture: string) =>
  pool.start({
    server: fixture,
    client: 'test',
    sessionId: 's',
    launch: launchOf(home, fixture),
    onStderr: (chunk) => (stderr += chunk.toString()),
  });

describe('a child as a connection', () => {
  it('carries many frames of one turn in order, whatever happens to their memory', async () => {
    const wire = await open('raw-frames');
    send(wire, 1, { jsonrpc: '2.0', id: 1, method: 'initialize' });
    await wire.frame((text) => text.includes('"id":1'));
    const scratch = Buffer.alloc(100);
    for (let index = 0; index < 200; index += 1) {
      const length = scratch.write(`{"jsonrpc":"2.0","method":"n/${index}"}`);
      wire.connection.send(scratch.subarray(0, length), {
        request: null,
        method: null,
        target: null,
        protocolVersion: null,
        parameterHeaders: null,
      });
    }
    await wire.frame((text) => text.includes('"n/199"'));
    expect(wire.frames.slice(1).map((text) => Number(/\d+(?="})/.exec(text)![0]))).toEqual(
      Array.from({ length: 200 }, (_, index) => index),
    );
    await wire.connection.close();
    expect(await wire.closed).toMatchObject({ asked: true });
  });

  it('B08: one byte at a time, CRLF and several messages at once come out as the same frames', async () => {
    const wire = await open('odd-bytes');
    for (const shape of ['drip', 'crlf', 'together', 'together']) {
      const { length } = wire.frames;
      send(wire, 1, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: shape } });
      await vi.waitUntil(() => wire.frames.length >= length + 2);
    }
    await vi.waitUntil(() => wire.frames.length === 12);
    expect(new Set(wire.frames)).toEqual(
      new Set([
        '{"jsonrpc":"2.0","method":"n/1","params":{"text":"grün 日本 😀"}}',
        '{"jsonrpc":"2.0","method":"n/2"}',
      ]),
    );
  });

  it('B10: bytes that are no UTF-8 arrive as they are, and what follows is in step', async () => {
    const wire = await open('odd-bytes');
    for (const name of ['invalid', 'crlf']) {
      send(wire, 1, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } });
    }
    await wire.frame((text) => text.includes('n/2'));
    expect(wire.raw[0]!.toString('hex')).toBe('7b2274223a22ff00c3227d');
    expect(wire.frames).toHaveLength(3);
  });

  it('B07: text between the frames is a line like any other', async () => {
    const wire = await open('noisy');
    send(wire, 1, { jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(JSON.parse(await wire.frame((text) => text.includes('"id":1')))).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: {},
    });
    expect(wire.frames[0]).toBe('Noisy server starting…');
  });

  it('B09: a line of 100 MiB is passed over without being kept', async () => {
    const wire = await open('long-line');
    const before = process.memoryUsage().rss;
    let peak = before;
    const answer = wire.call('x');
    const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
    expect(await answer).toBe('after the long line');
    clearInterval(look);
    expect(wire.oversized).toEqual([100 * 1024 * 1024]);
    // The line limit, and what the collector has not got to yet.
    expect(peak - before).toBeLessThan(96 * 1024 * 1024);
  });

  it('B11: 64 MiB on stderr block neither the server nor its answer', async () => {
    const wire = await open('floods');
    expect(await wire.call('x')).toBe('written');
    await vi.waitUntil(() => stderr.length > 60 * 1024 * 1024);
    expect(pool.ring('floods').lines()).toHaveLength(500);
    expect(pool.ring('floods').dropped).toBeGreaterThan(60_000);
  });

  it('B17: what a server does not read is counted, and every frame ends with it', async () => {
    const wire = await open('deaf');
    const params = { text: 'x'.repeat(64 * 1024) };
    for (let id = 1; id <= 32; id += 1) send(wire, id, { jsonrpc: '2.0', id, method: 'x', params });
    await vi.waitUntil(() => wire.connection.unsentBytes > 1024 * 1024);
    await wire.connection.close();
    expect(await wire.closed).toEqual({ asked: true, reason: 'was ended by SIGTERM' });
    send(wire, 33, { jsonrpc: '2.0', id: 33, method: 'x' });
    expect(wire.failures).toEqual([]);
  });

  it('C20: a server that closes its input is ended, and what cannot reach it fails at once', async () => {
    const wire = await open('closes-input');
    expect(await wire.call('x')).toBe('closed');
    await vi.waitUntil(() => {
      send(wire, 9, { jsonrpc: '2.0', id: 9, method: 'x' });
      return wire.failures.length > 0;
    });
    expect(wire.failures[0]).toEqual({
      request: 9,
      code: -32_000,
      message: 'The server takes no more input.',
    });
    expect(await wire.closed).toEqual({ asked: false, reason: 'closed its input' });
  });

  it('B03, B15: all that a server wrote before it ended arrives, though a grandchild holds its pipes', async () => {
    const wire = await open('last-words');
    expect(await wire.call('x')).toHaveLength(1024 * 1024);
    expect(await wire.closed).toEqual({ asked: false, reason: 'exited with code 3' });
    expect(pool.lastError('last-words')).toContain('The server exited with code 3.');
    await expect
      .poll(() => pool.lastError('last-words'))
      .toBe('The server exited with code 3. It last wrote:\nlast-words: out of luck');
    expect(pool.isFailed('last-words')).toBe(true);
  });

  it('B28: a stop after the end sends no signal: the pid may be a stranger’s by then', async () => {
    const instance = await start('last-words');
    const wire = wireTo(instance);
    await wire.call('x');
    await wire.closed;
    await vi.waitUntil(() => pool.size === 0);
    const kill = vi.spyOn(process, 'kill');
    await instance.stop();
    await wire.connection.close();
    expect(kill).not.toHaveBeenCalled();
    const next = await start('last-words');
    expect(next.child.pid).not.toBe(instance.child.pid);
    expect(pool.isFailed('last-words')).toBe(false);
  });
});
