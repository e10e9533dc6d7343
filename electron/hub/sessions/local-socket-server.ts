import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { parseHello } from './shim-hello.ts';
import { MAX_HELLO_BYTES, type ApiHello, type NotesHello, type ShimHello } from './shim-protocol.ts';

/** A caller that says nothing for this long is not one of ours. */
const HELLO_TIMEOUT_MS = 10_000;

export interface LocalSocketHandlers {
  /** `rest` are bytes that came with the hello. The handler owns the socket from here on. */
  connection(socket: Socket, hello: ShimHello | NotesHello | ApiHello, rest: Buffer): void;
}

export interface LocalSocketServer {
  close(): Promise<void>;
}

/**
 * Listens on the local socket, which only its owner may open (0600), and reads each caller's hello. The caller has
 * made sure that no live hub owns the address.
 */
export async function listenLocally(
  address: string,
  handlers: LocalSocketHandlers,
): Promise<LocalSocketServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    readHello(socket, handlers);
  });

  const isPipe = process.platform === 'win32';
  if (!isPipe) rmSync(address, { force: true });
  // The file is made by bind(): without this mask it would be open to others for the moment until chmod.
  const mask = isPipe ? 0 : process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } finally {
    if (!isPipe) process.umask(mask);
  }
  if (!isPipe) chmodSync(address, 0o600);

  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      if (!isPipe) rmSync(address, { force: true });
    },
  };
}

function readHello(socket: Socket, handlers: LocalSocketHandlers): void {
  const parts: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => socket.destroy(), HELLO_TIMEOUT_MS);
  socket.once('close', () => clearTimeout(timer));
  const onData = (chunk: Buffer): void => {
    const end = chunk.indexOf(0x0a);
    parts.push(chunk);
    size += chunk.length;
    if (end === -1) {
      if (size > MAX_HELLO_BYTES) socket.destroy();
      return;
    }
    clearTimeout(timer);
    socket.off('data', onData);
    socket.pause();
    const all = Buffer.concat(parts, size);
    const cut = size - chunk.length + end;
    const parsed = parseHello(all.toString('utf8', 0, cut));
    if (parsed.ok) handlers.connection(socket, parsed.hello, all.subarray(cut + 1));
    else
      socket.end(`${JSON.stringify({ ok: false, code: 'USAGE', message: parsed.message, retryMs: null })}\n`);
  };
  socket.on('data', onData);
}
