import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenLocally, type LocalSocketServer } from '../../../electron/hub/sessions/local-socket-server.ts';
import { PROTOCOL_VERSION, type ShimHello } from '../../../electron/hub/sessions/shim-protocol.ts';
import { NO_TAP } from '../../../electron/hub/traffic/no-tap.ts';
import { initialize, openFront, rpc, type Front } from './front.ts';

let folder: string;
let front: Front;
let local: LocalSocketServer;
const sockets: Socket[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-shim-'));
  front = await openFront();
  local = await listenLocally(path.join(folder, 'hub.sock'), {
    connection(socket, hello, rest) {
      if (hello.kind === 'shim') void front.transports.serveShim(socket, hello, rest);
    },
  });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await front.close();
  await local.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Shim {
  socket: Socket;
  send(message: object | string): void;
  /** The next line, parsed. */
  next(): Promise<Record<string, unknown>>;
  ended: Promise<void>;
}

function openShim(
  server: string,
  session = '00000000-0000-0000-0000-000000000001',
  more: Partial<ShimHello> = {},
): Shim {
  const hello: ShimHello = {
    patchbay: PROTOCOL_VERSION,
    kind: 'shim',
    client: 'claude-code',
    server,
    session,
    resumed: 0,
    pid: process.pid,
    ppid: process.ppid,
    cwd: folder,
    env: { A: 'b' },
    witness: false,
    command: 'node',
    args: [],
    ...more,
  };
  const socket = connect({ path: path.join(folder, 'hub.sock'), allowHalfOpen: true });
  sockets.push(socket);
  const send = (message: object | string): void =>
    void socket.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  send(hello);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    socket,
    send,
    async next() {
      const { value, done } = await lines.next();
      if (done) throw new Error('The connection ended.');
      return JSON.parse(value as string) as Record<string, unknown>;
    },
    ended: new Promise((resolve) => socket.once('end', resolve)),
  };
}

describe('a shim whose server is not its own', () => {
  it('speaks to all servers, or a profile, over its socket', async () => {
    for (const server of ['*', 'profiles/work']) {
      const session = `00000000-0000-0000-0000-00000000000${front.conversations.length}`;
      const shim = openShim(server, session);
      expect(await shim.next()).toEqual({ ok: true, instance: '', pid: 0, mark: null });
      shim.send(initialize());
      expect(await shim.next()).toMatchObject({ id: 0, result: {} });
      const conversation = front.conversations.at(-1)!;
      expect(conversation.options).toMatchObject({
        endpoint: { label: server },
        caller: {
          sessionId: session,
          client: 'claude-code',
          transport: 'shim',
          cwd: folder,
          env: { A: 'b' },
        },
      });
      conversation.channel.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/x"}'));
      expect(await shim.next()).toMatchObject({ method: 'notifications/x' });
      expect(front.sessions.view(session)).toMatchObject({ transport: 'shim', era: 'legacy', server });
      shim.socket.end();
      await shim.ended;
      await expect.poll(() => conversation.isClosed).toBe(true);
      expect(front.sessions.view(session)).toBeNull();
    }
  });

  it('is a client’s arrival once; a comparison of our own is none, and no traffic', async () => {
    const shims = [
      openShim('*', '00000000-0000-0000-0000-00000000000a'),
      openShim('*', '00000000-0000-0000-0000-00000000000b', { resumed: 1 }),
      openShim('*', '00000000-0000-0000-0000-00000000000c', { witness: true }),
    ];
    for (const shim of shims) await shim.next();
    expect(front.arrived).toEqual(['claude-code']);
    const taps = front.conversations.map(({ options }) => [options.caller.sessionId.at(-1), options.tap]);
    expect(Object.fromEntries(taps)).toEqual({ a: undefined, b: undefined, c: NO_TAP });
  });

  it('whoever writes and closes at once still gets its answers', async () => {
    const shim = openShim('*');
    shim.send(initialize());
    shim.send(rpc(1, 'hold'));
    shim.socket.end();
    const conversation = await front.conversation(0);
    const held = await conversation.heard('hold');
    expect(conversation.isClosed).toBe(false);
    await shim.next();
    await shim.next();
    held.answer('"late"');
    expect(await shim.next()).toMatchObject({ id: 1, result: 'late' });
    await shim.ended;
    await expect.poll(() => conversation.isClosed).toBe(true);
  });

  it('C09: answers a batch of the one revision that has them as a batch', async () => {
    const shim = openShim('*');
    await shim.next();
    shim.send(initialize('2025-03-26'));
    await shim.next();
    shim.send(JSON.stringify([rpc(1, 'echo'), rpc(2, 'echo')]));
    expect((await shim.next()) as unknown).toMatchObject([{ id: 1 }, { id: 2 }]);
    shim.send(JSON.stringify([rpc(3, 'hold'), rpc(4, 'echo')]));
    shim.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 3 } });
    expect((await shim.next()) as unknown).toMatchObject([{ id: 4 }]);
    shim.send('[]');
    expect(await shim.next()).toMatchObject({ id: null, error: { code: -32_600 } });
  });

  it('C20: a client that does not read its answers is not read either, and nobody else waits', async () => {
    const greedy = openShim('*');
    await greedy.next();
    greedy.socket.pause();
    const conversation = await front.conversation(0);
    for (let id = 0; id < 40; id += 1) greedy.send(rpc(id, 'hold'));
    await expect.poll(() => conversation.said.length).toBe(40);
    const big = JSON.stringify('x'.repeat(1024 * 1024));
    for (const said of conversation.said) said.answer(big);
    greedy.send(rpc(100, 'echo'));
    const other = openShim('profiles/work', '00000000-0000-0000-0000-000000000002');
    await other.next();
    other.send(rpc(1, 'echo'));
    expect(await other.next()).toMatchObject({ id: 1 });
    expect(conversation.said.some(({ envelope }) => envelope.id === '100')).toBe(false);
    greedy.socket.resume();
    await conversation.heard('echo');
  });

  it('C03: a client that never reads what it did not ask for is cut off at a bound', async () => {
    const shim = openShim('*');
    await shim.next();
    shim.socket.pause();
    const { channel } = await front.conversation(0);
    const line = Buffer.from(`{"jsonrpc":"2.0","method":"x","params":"${'x'.repeat(1024 * 1024)}"}`);
    for (let count = 0; count < 70; count += 1) channel.send(line);
    await expect.poll(() => front.conversations[0]!.isClosed).toBe(true);
  });

  it('a person who ends the session closes it', async () => {
    const shim = openShim('*');
    await shim.next();
    await front.sessions.end('00000000-0000-0000-0000-000000000001');
    await shim.ended;
    expect(front.conversations[0]!.isClosed).toBe(true);
  });

  it('hears of a profile that does not exist, and of too many sessions', async () => {
    const nobody = openShim('profiles/none');
    expect(await nobody.next()).toMatchObject({ ok: false, code: 'PROFILE_UNKNOWN', retryMs: null });
    await front.close();
    const limit = { perUser: 0, total: 0 };
    front = await openFront({ limits: { sessions: limit, streams: limit } });
    expect(await openShim('*').next()).toMatchObject({ ok: false, code: 'SERVER_BUSY', retryMs: 1_000 });
  });
});
