import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { installShimFor, startThroughShim } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import {
  expectHealthy,
  head,
  modernCall,
  openRaw,
  openSession,
  post,
  rpc,
  startClientsHub,
  startPost,
  textOf,
  toolCall,
  type RawConnection,
} from './clients-harness.ts';

let home: TemporaryHome;
let hub: RunningHub;

beforeAll(async () => {
  home = temporaryHome();
  hub = await startClientsHub(home);
});
afterAll(async () => {
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

describe('C01: a client that goes away in the middle of a call', () => {
  it('of the modern era has cancelled it: its place at the server is free within a second', async () => {
    const gone = new AbortController();
    // It counts for minutes, and says so.
    const counting = modernCall(1, 'count', { to: 60_000 }, { progressToken: 1 });
    const lost = startPost(hub, { ...counting, path: '/servers/narrow/mcp', signal: gone.signal });
    await (await lost).until((text) => text.includes('"progress":1'));
    const waiting = post(hub, { ...modernCall(2, 'echo', { message: 'next' }), path: '/servers/narrow/mcp' });
    const first = await Promise.race([
      (await lost).until((text) => text.includes('"progress":20')).then(() => 'still counting'),
      waiting.then(textOf),
    ]);
    expect(first).toBe('still counting');
    gone.abort();
    const begun = performance.now();
    expect(textOf(await waiting)).toBe('next');
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('of the older one has not: the call goes on, and the session too', async () => {
    const session = await openSession(hub);
    const gone = new AbortController();
    const body = rpc(1, 'tools/call', {
      name: 'count',
      arguments: { to: 60_000 },
      _meta: { progressToken: 1 },
    });
    const lost = await startPost(hub, { ...session, body, signal: gone.signal });
    await lost.until((text) => text.includes('"progress":1'));
    gone.abort();
    await lost.ended;
    // Its id is still taken.
    const again = await post(hub, { ...session, body: toolCall(1, 'echo', { message: 'x' }) });
    expect(again.json().error?.code).toBe(-32_600);
    await post(hub, { ...session, method: 'DELETE' });
  });
});

it.runIf(process.platform === 'linux')(
  'C02: the kernel asks silent clients whether they are there',
  async () => {
    const session = await openSession(hub);
    const lines = Object.entries(session.headers).map(([name, value]) => `${name}: ${value}`);
    const stream = await openRaw(hub);
    stream.socket.write(
      `${head(hub, `GET ${session.path} HTTP/1.1`, [...lines, 'Accept: text/event-stream'])}\r\n\r\n`,
    );
    await stream.until((text) => text.includes('text/event-stream'));
    const port = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');
    const own = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .find((line) => line.includes(`:${port(hub.port)} 0100007F:${port(stream.socket.localPort!)} 01`));
    // Fields: sl local remote st tx:rx tr:when; timer 02 is keep-alive, `when` in hundredths of a second.
    const [timer, when] = own!.trim().split(/\s+/)[5]!.split(':');
    expect(timer).toBe('02');
    expect(Number.parseInt(when!, 16)).toBeLessThanOrEqual(500);
    stream.socket.destroy();
  },
);

describe('C03, C21: clients that are slow on purpose', () => {
  it('heads end after 10 s, bodies after 30 s, however steadily they drip', async () => {
    const begun = performance.now();
    const drip = async (start: string): Promise<{ seconds: number; said: string }> => {
      const { socket, closed } = await openRaw(hub);
      socket.write(start);
      const timer = setInterval(() => socket.writable && socket.write(' '), 1_000);
      const said = await closed;
      clearInterval(timer);
      return { seconds: (performance.now() - begun) / 1_000, said };
    };
    const [slowHead, slowBody] = await Promise.all([
      drip(`POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${hub.port}\r\nX-Slow: `),
      drip(
        `${head(hub, 'POST /mcp HTTP/1.1', ['Content-Type: application/json', 'Content-Length: 999'])}\r\n\r\n{`,
      ),
    ]);
    expect(slowHead.said).toContain('408');
    expect(slowHead.seconds).toBeGreaterThan(9);
    expect(slowHead.seconds).toBeLessThan(16);
    expect(slowBody.said).toContain('408');
    expect(slowBody.seconds).toBeGreaterThan(29);
    expect(slowBody.seconds).toBeLessThan(36);
    await expectHealthy(hub);
  });

  it('readers of large answers cost their own answer and nobody’s time', async () => {
    const message = 'x'.repeat(4 * 1024 * 1024);
    const readers = await Promise.all(
      Array.from({ length: 4 }, async (_, id) => {
        const session = await openSession(hub, '/servers/own/mcp');
        const lines = Object.entries(session.headers).map(([name, value]) => `${name}: ${value}`);
        const raw = await openRaw(hub);
        raw.socket.pause();
        const body = JSON.stringify(toolCall(id, 'echo', { message }));
        const length = `Content-Length: ${Buffer.byteLength(body)}`;
        const more = [...lines, 'Content-Type: application/json', length];
        raw.socket.write(`${head(hub, `POST ${session.path} HTTP/1.1`, more)}\r\n\r\n${body}`);
        return { raw, session };
      }),
    );
    await expectHealthy(hub);
    const [first] = readers;
    first!.raw.socket.resume();
    await first!.raw.until((text) => text.length > message.length);
    for (const { raw, session } of readers) {
      raw.socket.destroy();
      await post(hub, { ...session, method: 'DELETE' });
    }
    await expectHealthy(hub);
  });
});

describe('C15: requests that another parser might read differently', () => {
  const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
  const lengths = (...more: string[]): string =>
    `${head(hub, 'POST /jsonrpc HTTP/1.1', ['Content-Type: application/json', ...more])}\r\n\r\n`;

  it('are refused with 400 and their connection is closed', async () => {
    const smuggled = `POST /jsonrpc HTTP/1.1\r\nHost: x\r\n\r\n`;
    const shapes = [
      `${lengths('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
      `${lengths('Content-Length: 40', 'Content-Length: 5')}${body}`,
      `${lengths('Content-Length: 40, 40')}${body}`,
      `${lengths('Content-Length: +40')}${body}`,
      `${lengths('Content-Length: 0x28')}${body}`,
      `${lengths('Transfer-Encoding: xchunked')}0\r\n\r\n`,
      `${lengths('Transfer-Encoding: chunked, identity')}0\r\n\r\n`,
      `${lengths('Transfer-Encoding: chunked')}0x28\r\n${body}\r\n0\r\n\r\n`,
      `${lengths('Transfer-Encoding: chunked')}-1\r\n${body}\r\n0\r\n\r\n`,
      `${lengths('Transfer-Encoding : chunked')}0\r\n\r\n`,
      `${lengths('X: a\r\n folded', 'Content-Length : 40')}${body}`,
      lengths('Content-Length: 40').replaceAll('\r\n', '\n') + body,
      `POST /jsonrpc HTTP/1.1\r\nHost: 127.0.0.1:${hub.port}\r\n\u0000: x\r\n\r\n`,
    ];
    for (const shape of shapes) {
      const raw = await openRaw(hub);
      raw.socket.write(shape, 'latin1');
      expect([shape, await raw.closed]).toEqual([shape, expect.stringMatching(/^HTTP\/1\.1 400 /)]);
    }
    await expectHealthy(hub);
  });

  it('HTTP/1.0 is refused, pipelined requests are answered in order', async () => {
    const old = await openRaw(hub);
    old.socket.write(`${head(hub, 'GET /health HTTP/1.0')}\r\n\r\n`);
    expect(await old.closed).toMatch(/^HTTP\/1\.1 400 /);
    const raw = await openRaw(hub);
    const call = (id: number): string => {
      const text = JSON.stringify(rpc(id, 'ping'));
      return `${lengths(`Content-Length: ${text.length}`)}${text}`;
    };
    raw.socket.write([1, 2, 3].map(call).join(''));
    const text = await raw.until((so) => so.includes('"id":3'));
    expect([...text.matchAll(/"id":(\d)/g)].map(([, id]) => id)).toEqual(['1', '2', '3']);
    raw.socket.destroy();
  });

  it('an upgrade to something else than our WebSockets is refused', async () => {
    for (const [target, protocol] of [
      ['/mcp', 'h2c'],
      ['/mcp', 'websocket'],
      ['/', 'websocket'],
    ]) {
      const raw = await openRaw(hub);
      raw.socket.write(
        `${head(hub, `GET ${target} HTTP/1.1`, ['Connection: Upgrade', `Upgrade: ${protocol}`])}\r\n\r\n`,
      );
      expect(await raw.closed).toMatch(/^HTTP\/1\.1 404 /);
    }
  });
});

it('C16: idle streams are small, and there is an end to them', async () => {
  const status = (): number => {
    const text = readFileSync(`/proc/${hub.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(text)![1]) * 1_024;
  };
  const streams: RawConnection[] = [];
  const open = async (count: number): Promise<string[]> => {
    const sessions = await Promise.all(Array.from({ length: count / 4 }, () => openSession(hub)));
    return Promise.all(
      sessions.flatMap((session) =>
        Array.from({ length: 4 }, async () => {
          const lines = Object.entries(session.headers).map(([name, value]) => `${name}: ${value}`);
          const raw = await openRaw(hub);
          streams.push(raw);
          const accept = 'Accept: text/event-stream';
          raw.socket.write(`${head(hub, `GET ${session.path} HTTP/1.1`, [...lines, accept])}\r\n\r\n`);
          return raw.until((text) => text.includes('\r\n\r\n'));
        }),
      ),
    );
  };
  await open(400);
  const before = status();
  const more = await open(1_200);
  expect(more.every((text) => text.startsWith('HTTP/1.1 200'))).toBe(true);
  // What a session costs is in it, too: four streams share one.
  expect((status() - before) / 1_200).toBeLessThan(30 * 1_024);
  const last = await open(800);
  const refused = last.filter((text) => text.startsWith('HTTP/1.1 503'));
  expect(refused).toHaveLength(400);
  expect(refused[0]).toMatch(/Retry-After: \d+/i);
  for (const { socket } of streams) socket.destroy();
  await expectHealthy(hub);
});

it('C17: a thousand requests at once after a kill find their sessions, and one server', async () => {
  const sessions = await Promise.all(Array.from({ length: 250 }, () => openSession(hub)));
  const { port } = hub;
  await hub.kill();
  hub = await startClientsHub(home, ['--port', String(port)]);
  const pids = new Set<string>();
  await Promise.all(
    sessions.flatMap((session) => [
      ...[1, 2, 3].map(async (id) => {
        expect((await post(hub, { ...session, body: rpc(id, 'ping') })).json()).toMatchObject({
          id,
          result: {},
        });
      }),
      post(hub, { ...session, body: toolCall(4, 'pid') }).then((answer) => pids.add(textOf(answer))),
    ]),
  );
  expect(pids.size).toBe(1);
});

describe('C20: clients over stdio', () => {
  it('one that is killed while the hub writes to it takes nobody along', async () => {
    installShimFor(home);
    const start = (name: string): ReturnType<typeof startThroughShim> =>
      startThroughShim(home, {
        name,
        command: process.execPath,
        args: [path.join(home.root, 'not-used.mjs')],
      });
    for (const name of ['own', 'shared']) {
      const client = start(name);
      await client.initialize();
      const message = 'x'.repeat(4 * 1024 * 1024);
      for (let id = 0; id < 8; id += 1) client.send(JSON.stringify(toolCall(id, 'echo', { message })));
      client.child.stdout!.pause();
      await expect.poll(() => client.child.stdin!.writableLength).toBe(0);
      client.child.kill('SIGKILL');
      await client.exited;
      await expectHealthy(hub);
    }
  });

  it('one that closes the socket half way through a line is gone, and nothing else', async () => {
    const socket = connect(hub.socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('{"patchbay":1,"kind":"shim","client":"c');
    socket.destroy();
    await expectHealthy(hub);
  });
});

it('D18: both addresses of loopback answer', async () => {
  const raw = await openRaw(hub, '::1');
  raw.socket.write(`GET /health HTTP/1.1\r\nHost: [::1]:${hub.port}\r\n\r\n`);
  expect(await raw.until((text) => text.includes('ok'))).toMatch(/^HTTP\/1\.1 200 /);
  raw.socket.destroy();
});
