import { connect, type Socket } from 'node:net';
import type { HubStart } from './start-hub.ts';
import type { NotesHello, ShimHello, Welcome } from '../hub/sessions/shim-protocol.ts';

/** How long a client may be kept waiting for a hub before it gets its server directly. */
export const REACH_HUB_MS = 2_000;

const RETRY_MS = 25;
const MAX_WELCOME_BYTES = 64 * 1024;

export type Reached = { socket: Socket; welcome: Welcome; rest: Buffer };

/** Monotonic milliseconds. `performance` would be loaded for it, at every start. */
const now = (): number => process.uptime() * 1_000;

/**
 * Reaches the hub within `REACH_HUB_MS`, hello and welcome included; null when it cannot be reached. `startHub` is
 * called once, when nobody listens, and gives a way to ask whether that can still lead to a hub. A new session that
 * can go without goes on at once when it cannot; one that had a hub waits, since a hub that was killed may be started
 * again, and so does one that can do nothing without.
 */
export async function reachHub(
  address: string,
  hello: ShimHello,
  startHub: () => HubStart,
): Promise<Reached | null> {
  const deadline = now() + REACH_HUB_MS;
  const waits = hello.resumed > 0 || hello.command === '';
  let start: HubStart | null = null;
  for (;;) {
    const left = deadline - now();
    if (left <= 0) return null;
    const result = await attempt(address, hello, left);
    if (result !== 'nobody') return result;
    start ??= startHub();
    if (start.isHopeless() && !waits) return null;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** 'nobody': the socket is absent or refused, so trying again may help; null: somebody is there and does not answer. */
function attempt(address: string, hello: ShimHello, timeoutMs: number): Promise<Reached | null | 'nobody'> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let received: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => finish(null), timeoutMs);
    const finish = (result: Reached | null | 'nobody'): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => {});
      if (result === null || result === 'nobody') socket.destroy();
      else socket.pause();
      resolve(result);
    };
    socket.once('error', () => finish('nobody'));
    socket.once('close', () => finish('nobody'));
    // Kept until the connection is there.
    socket.write(`${JSON.stringify(hello)}\n`);
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = received.indexOf(0x0a);
      if (end === -1) {
        if (received.length > MAX_WELCOME_BYTES) finish(null);
        return;
      }
      try {
        const welcome = JSON.parse(received.toString('utf8', 0, end)) as Welcome;
        finish({ socket, welcome, rest: received.subarray(end + 1) });
      } catch {
        finish(null);
      }
    });
  });
}

/** Opens the side connection; stderr of the server arrives here. Losing it costs log lines, nothing else. */
export function followNotes(address: string, session: string, version: number): Socket {
  const hello: NotesHello = { patchbay: version, kind: 'notes', session };
  const socket = connect(address);
  socket.on('error', () => {});
  socket.once('connect', () => socket.write(`${JSON.stringify(hello)}\n`));
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      try {
        const note = JSON.parse(line) as { type?: unknown; text?: unknown };
        if (note.type === 'stderr' && typeof note.text === 'string') process.stderr.write(note.text);
      } catch {
        // A broken note is not worth a broken session.
      }
    }
  });
  return socket;
}
