import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { splitLines } from '../frames/split-lines.ts';

/** The part of a message port that the API needs; MessagePortMain of Electron fits as it is. */
export interface ApiPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  /** Resolves when the reader has taken most of what was sent, or is gone. Absent where the carrier does not tell. */
  drained?(): Promise<void>;
}

const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
/** A reader that lets this much pile up is gone or stuck; it connects anew. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;
/** From here on a stream waits for its reader. */
const PACED_FROM_BYTES = 1024 * 1024;

/** A message port over a stream socket: one JSON text per line, so messages must not be binary. */
export function portOverSocket(socket: Socket, rest: Buffer): ApiPort {
  const messages = new Set<(event: { data: unknown }) => void>();
  const closes = new Set<() => void>();
  const lines = splitLines(
    {
      line: (line) => {
        const data = line.toString('utf8');
        for (const listener of messages) listener({ data });
      },
      oversized: () => socket.destroy(),
    },
    MAX_MESSAGE_BYTES,
  );
  socket.on('data', (chunk: Buffer) => lines.push(chunk));
  socket.once('end', () => socket.end());
  socket.once('close', () => {
    for (const listener of closes) listener();
  });
  queueMicrotask(() => {
    if (rest.length > 0) lines.push(rest);
    socket.resume();
  });
  const waiting = createWaiting(() => socket.destroyed || socket.writableLength < PACED_FROM_BYTES);
  socket.on('drain', waiting.look);
  socket.once('close', waiting.look);
  return {
    drained: waiting.wait,
    postMessage(message) {
      if (!socket.writable) return;
      if (socket.writableLength > MAX_UNSENT_BYTES) return void socket.destroy();
      socket.write(`${textOf(message)}\n`);
    },
    on(event: 'message' | 'close', listener: ((event: { data: unknown }) => void) | (() => void)) {
      if (event === 'message') messages.add(listener as (event: { data: unknown }) => void);
      else closes.add(listener as () => void);
    },
  };
}

/** A message port over a WebSocket. */
export function portOverWebSocket(socket: WebSocket): ApiPort {
  const waiting = createWaiting(
    () => socket.readyState !== socket.OPEN || socket.bufferedAmount < PACED_FROM_BYTES,
  );
  socket.on('close', waiting.look);
  return {
    drained: waiting.wait,
    postMessage(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_UNSENT_BYTES) return socket.terminate();
      socket.send(textOf(message), waiting.look);
    },
    on(event: 'message' | 'close', listener: ((event: { data: unknown }) => void) | (() => void)) {
      if (event === 'close') socket.on('close', listener as () => void);
      else {
        socket.on('message', (data: Buffer) => {
          (listener as (event: { data: unknown }) => void)({ data: data.toString('utf8') });
        });
      }
    },
  };
}

/** Those who wait until `isReady`; `look` when that may have changed. */
function createWaiting(isReady: () => boolean): { wait(): Promise<void>; look(): void } {
  let waiting: (() => void)[] = [];
  return {
    wait: () => (isReady() ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
    look() {
      if (waiting.length === 0 || !isReady()) return;
      const ready = waiting;
      waiting = [];
      for (const resolve of ready) resolve();
    },
  };
}

function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  throw new TypeError('The API sends text only.');
}
