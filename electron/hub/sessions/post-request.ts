import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY_BYTES, type BodyReader } from './request-body.ts';
import { RPC, rpcFailure, rpcOverloaded } from './rpc-failure.ts';

/** What the client can read. A client that does not say reads everything. */
export interface Accepted {
  json: boolean;
  events: boolean;
}

const EVERYTHING: Accepted = { json: true, events: true };
const MAX_KNOWN = 64;

/** Every client says the same with every call: each wording is read once. */
const known = new Map<string, Accepted>();

export function readAccept(header: string | undefined): Accepted {
  if (header === undefined) return EVERYTHING;
  let accepted = known.get(header);
  if (accepted) return accepted;
  accepted = {
    json: /application\/json|application\/\*|\*\/\*/i.test(header),
    events: /text\/event-stream|text\/\*|\*\/\*/i.test(header),
  };
  if (known.size < MAX_KNOWN) known.set(header, accepted);
  return accepted;
}

/** Checks what every POST of a message must be, and answers what is not (C22, E06); false then. */
export function isPostOfJson({ headers }: IncomingMessage, response: ServerResponse): boolean {
  const type = headers['content-type'];
  if (type !== 'application/json' && !/^application\/json\s*(;|$)/i.test(type ?? '')) {
    rpcFailure(response, 415, {
      code: RPC.invalidRequest,
      message: 'Content-Type must be application/json.',
    });
    return false;
  }
  const encoding = headers['content-encoding'];
  // Nothing is unpacked: a few bytes could become gigabytes.
  if (encoding !== undefined && encoding !== 'identity') {
    rpcFailure(response, 415, { code: RPC.invalidRequest, message: 'Content-Encoding is not supported.' }, [
      'Accept-Encoding',
      'identity',
    ]);
    return false;
  }
  return true;
}

/** Reads the body; a body that cannot be taken is answered here and `done` is not called. */
export function takeBody(
  { request, response, bodies }: { request: IncomingMessage; response: ServerResponse; bodies: BodyReader },
  done: (body: Buffer) => void,
): void {
  bodies.read(request, (body) => {
    if (body === 'too-large') {
      const message = `The body is larger than ${MAX_BODY_BYTES} bytes.`;
      return rpcFailure(response, 413, { code: RPC.invalidRequest, message });
    }
    if (body === 'busy') return rpcOverloaded(response, 'Too many large requests at once.');
    try {
      done(oneLine(body));
    } catch {
      // A mistake of ours in one request must not end the hub, and with it everybody else's.
      rpcFailure(response, 500, { code: RPC.internal, message: 'The hub failed at this request.' });
    }
  });
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/**
 * The same JSON text on one line, which is what a frame is. In valid JSON a raw line end can only be white space
 * between tokens; a space means the same.
 */
export function oneLine(text: Buffer): Buffer {
  if (!text.includes(NEWLINE) && !text.includes(CARRIAGE_RETURN)) return text;
  const copy = Buffer.from(text);
  for (let index = 0; index < copy.length; index += 1) {
    if (copy[index] === NEWLINE || copy[index] === CARRIAGE_RETURN) copy[index] = SPACE;
  }
  return copy;
}
