import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { splitLines } from '../frames/split-lines.ts';

/** The part of a message port that the API needs; MessagePortMain of Electron fits as it is. */
export interface ApiPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
/** A reader that lets this much pile up is gone or stuck; it connects anew. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

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
  return {
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
  return {
    postMessage(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_UNSENT_BYTES) return socket.terminate();
      socket.send(textOf(message));
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

function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  throw new TypeError('The API sends text only.');
}
