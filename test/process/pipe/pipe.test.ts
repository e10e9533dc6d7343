import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pipe, type PipeEnd } from '../../../electron/hub/routes/pipe.ts';
import { superviseChild, type Instance, type InstanceEnd } from '../../../electron/hub/servers/instance.ts';
import { spawnServer } from '../../../electron/hub/supervisor/spawn-server.ts';
import type { SessionTap } from '../../../electron/hub/traffic/tap.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;

beforeEach(() => {
  home = temporaryHome();
});

afterEach(async () => {
  await expectNothingLeft(home);
  home.dispose();
});

interface Seen {
  frames: string[];
  oversized: number[];
  closed: boolean;
}

interface Piped {
  /** The client's end of the socket. */
  client: Socket;
  /** The hub's end. */
  downstream: Socket;
  instance: Instance;
  seen: Seen;
  first: Promise<PipeEnd>;
  end: Promise<InstanceEnd>;
}

/** A server made of one line of JavaScript, piped to a client on a real socket. */
async function startPiped(script: string): Promise<Piped> {
  const child = await spawnServer({
    command: process.execPath,
    args: ['-e', script],
    cwd: home.project,
    env: { ...home.env },
  });
  const instance = superviseChild(child, {
    id: randomUUID(),
    server: 's',
    launch: { command: process.execPath, args: [], cwd: home.project, env: {} },
    ladder: { eofMs: 2_000, termMs: 2_000 },
    onStderr() {},
    exited() {},
    gone() {},
  });
  const address = path.join(home.temp, 'pipe.sock');
  const listener = createServer({ pauseOnConnect: true }).listen(address);
  await once(listener, 'listening');
  const client = connect(address);
  const [downstream] = (await once(listener, 'connection')) as [Socket];
  listener.close();
  const seen: Seen = { frames: [], oversized: [], closed: false };
  const tap: SessionTap = {
    frame: (direction, bytes) => seen.frames.push(`${direction} ${bytes.toString()}`),
    oversized: (_direction, bytes) => seen.oversized.push(bytes),
    close: () => (seen.closed = true),
  };
  const first = pipe(downstream, Buffer.alloc(0), instance, tap);
  return { client, downstream, instance, seen, first, end: instance.ended };
}

it('B08, B09: megabytes of any bytes go through both ways untouched, in whatever pieces', async () => {
  const { client, first, seen } = await startPiped('process.stdin.pipe(process.stdout)');
  const parts = [1, 3, 70_000, 1, 2_000_000, 999].map((size) => randomBytes(size));
  const sent = Buffer.concat([
    ...parts,
    Buffer.alloc(17 * 1024 * 1024, 'x'),
    Buffer.from('\n{"é":1}\r\nlast'),
  ]);
  const received: Buffer[] = [];
  let length = 0;
  const all = new Promise<void>((resolve) => {
    client.on('data', (chunk: Buffer) => {
      received.push(chunk);
      length += chunk.length;
      if (length >= sent.length) resolve();
    });
  });
  for (const part of parts) client.write(part);
  client.write(sent.subarray(parts.reduce((sum, part) => sum + part.length, 0)));
  await all;
  client.end();
  expect(await first).toBe('client');
  expect(Buffer.concat(received).equals(sent)).toBe(true);
  expect(seen.oversized).toHaveLength(2);
  expect(seen.frames.slice(-2).toSorted()).toEqual(['client-to-server last', 'server-to-client last']);
  expect(seen.closed).toBe(true);
});

it('B17: a server that never reads holds up its client with a bounded amount, and goes when the client does', async () => {
  const { client, downstream, first, instance } = await startPiped('setInterval(() => {}, 1e6)');
  const { stdin } = instance.child;
  const flood = setInterval(
    () => client.writableLength === 0 && client.write(Buffer.alloc(256 * 1024, 'x')),
    1,
  );
  await expect.poll(() => downstream.isPaused()).toBe(true);
  await expect.poll(() => client.writableLength).toBeGreaterThan(0);
  clearInterval(flood);
  expect(stdin.writableLength).toBeLessThan(2 * 1024 * 1024);
  client.destroy();
  expect(await first).toBe('client');
});

it('B17: what a slow server could not take at first reaches it in the end', async () => {
  const script = `
    let length = 0;
    setTimeout(() => process.stdin.on('data', (chunk) => {
      length += chunk.length;
      if (length === 5e6) console.log(length);
    }), 300);`;
  const { client, first } = await startPiped(script);
  client.write(Buffer.alloc(5e6, 'x'));
  const [answer] = (await once(client, 'data')) as [Buffer];
  expect(answer.toString().trim()).toBe('5000000');
  client.end();
  await first;
});

it('a server that has closed its input ends as one that crashed', async () => {
  const { client, first, end } = await startPiped(
    'process.stdin.destroy(); require("fs").closeSync(0); console.log("deaf"); setInterval(() => {}, 1e6)',
  );
  await once(client, 'data');
  client.write('{}\n');
  expect(await first).toBe('server');
  expect((await end).asked).toBe(false);
  client.destroy();
});

it('C20: a client that never reads holds up its server, and both go when it does', async () => {
  const { client, downstream, first, instance } = await startPiped(
    'const go = () => { while (process.stdout.write("x".repeat(65536))); }; process.stdout.on("drain", go); go();',
  );
  client.pause();
  await expect.poll(() => instance.child.stdout.isPaused()).toBe(true);
  expect(downstream.writableLength).toBeLessThan(1024 * 1024);
  client.destroy();
  expect(await first).toBe('client');
});
