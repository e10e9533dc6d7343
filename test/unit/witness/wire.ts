import { PassThrough } from 'node:stream';
import { createLegacyClient, type LegacyClient } from '../../../electron/hub/witness/legacy-client.ts';

/** One JSON-RPC message, as far as these tests look into it. */
export interface Frame {
  id?: unknown;
  method?: string;
  params?: { cursor?: string };
  result?: unknown;
  error?: unknown;
}

/** A legacy client and the server end of its pipes. */
export interface Wire {
  client: LegacyClient;
  sent: Frame[];
  /** Written by the server as it is, plus a line end. */
  say(line: string): void;
  output: PassThrough;
}

/** The server is a function that is given each frame and writes what it likes. */
export function wire(answer: (frame: Frame, wire: Wire) => void = () => {}, cwd = '/work/a b'): Wire {
  const input = new PassThrough();
  const output = new PassThrough();
  const made: Wire = {
    client: createLegacyClient({ input, output }, cwd),
    sent: [],
    say: (line) => output.write(`${line}\n`),
    output,
  };
  input.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().trimEnd().split('\n')) {
      const frame = JSON.parse(line) as Frame;
      made.sent.push(frame);
      answer(frame, made);
    }
  });
  return made;
}

/** A server that answers every request, with what `respond` gives beside the id. */
export const answering = (respond: (frame: Frame) => object): Wire =>
  wire((frame, { say }) => {
    if (frame.method !== undefined) say(JSON.stringify({ jsonrpc: '2.0', id: frame.id, ...respond(frame) }));
  });
