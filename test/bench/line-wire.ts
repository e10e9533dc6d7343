import type { Readable, Writable } from 'node:stream';
import type { Wire } from './wire.ts';

/** Cuts a byte stream into lines. Not the hub's own splitter: what is measured must not be its own judge. */
export function lineReader(onLine: (line: Buffer) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  return (chunk) => {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, start);
      if (end === -1) break;
      const piece = chunk.subarray(start, end);
      start = end + 1;
      if (parts.length === 0) onLine(piece);
      else {
        parts.push(piece);
        const line = Buffer.concat(parts);
        parts = [];
        onLine(line);
      }
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  };
}

/** A session over stdio or a socket: frames are lines, any number of calls share the one stream. */
export function lineWire(input: Writable, output: Readable, close: () => void): Wire {
  let isClosed = false;
  const fail = (error: Error): void => {
    if (!isClosed) wire.onFailure(error);
  };
  const wire: Wire = {
    onFrame: () => {},
    onFailure: () => {},
    reserve: async () => {},
    send: (_lane, frame) => void input.write(`${frame}\n`, 'latin1'),
    notify: async (frame) => void input.write(`${frame}\n`, 'latin1'),
    close() {
      isClosed = true;
      close();
    },
  };
  output.on(
    'data',
    lineReader((line) => line.length > 0 && wire.onFrame(line)),
  );
  output.once('close', () => fail(new Error('The connection was closed.')));
  output.on('error', fail);
  input.on('error', fail);
  return wire;
}
