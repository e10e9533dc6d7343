import { editFrame } from '../../frames/edit-frame.ts';
import { readEnvelope } from '../../frames/read-envelope.ts';

const LF = 0x0a;
const CR = 0x0d;

/** A JSON-RPC error that came with an HTTP status of refusal. */
export interface Refusal {
  /** The error as the answer to the request: with its number, on one line. */
  frame: Buffer;
  isAboutSession: boolean;
}

/**
 * Reads the body of a refusal; null where it is no JSON-RPC error. Servers refuse before they have read the request,
 * so the error often has no id: the HTTP exchange tells which request it is about, and what it says (code, data) is
 * what an era is told by.
 */
export function readRefusal(body: Buffer, request: number | null): Refusal | null {
  const line = body.map((byte) => (byte === LF || byte === CR ? 0x20 : byte)) as Buffer;
  const envelope = readEnvelope(line);
  if (!envelope?.error) return null;
  const { id, idEnd, error } = envelope.ranges;
  const isAboutSession = /\bsession\b/i.test(envelope.error.message);
  if (request === null || envelope.id === String(request)) return { frame: line, isAboutSession };
  const number = String(request);
  const frame =
    idEnd > 0
      ? editFrame(line, [{ start: id, end: idEnd, with: number }])
      : Buffer.from(
          `{"jsonrpc":"2.0","id":${number},"error":${line.toString('utf8', error, envelope.ranges.errorEnd)}}`,
        );
  return { frame, isAboutSession };
}
