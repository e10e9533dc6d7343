import { isUtf8 } from 'node:buffer';
import type { Envelope, FrameRanges } from '../../../../shared/json-rpc/envelope.ts';
import { plainAnswer } from './plain-answer.ts';

/** From here on walking an answer costs more than handing it on: a MiB with quotes in it takes 3 ms. */
export const LARGE_BYTES = 64 * 1024;

const MAX_DIGITS = 15;
const EDGE = 200;
const ZERO = 0x30;
const CLOSE_BRACE = 0x7d;

const HEADS_WITH_ID = ['{"jsonrpc":"2.0","id":', '{"id":'].map((text) => Buffer.from(text));
const AFTER_ID = [',"result":', ',"jsonrpc":"2.0","result":'].map((text) => Buffer.from(text));
const HEADS_WITHOUT_ID = ['{"result":', '{"jsonrpc":"2.0","result":'].map((text) => Buffer.from(text));
const VERSION_MEMBER = Buffer.from(',"jsonrpc":"2.0"');
const TAIL_ID = Buffer.from(',"id":');
const TOOL_ERROR = '"isError":true';

/**
 * The envelope of a large result whose id stands right at its head or tail, as every known SDK writes it; null for
 * anything else, which takes `readEnvelope`. The inside is not looked at. Sound for valid JSON: in `,"id":7}` at the
 * end the quote after a comma opens a key, and the brace closes the message. Behind an id at the head a second one
 * could hide: `withAnswerId` sees to it that ours comes last, which is the one that parsers go by.
 */
export function readLargeAnswer(line: Buffer): Envelope | null {
  if (line[line.length - 1] !== CLOSE_BRACE || !isUtf8(line)) return null;
  const tail = tailId(line);
  const head = headId(line);
  const found = tail ?? head;
  if (!found) return null;
  const { id, idEnd, result, resultEnd } = found;
  const plain = plainAnswer(line.toString('latin1', id, idEnd), null);
  const isToolError = saysToolError(line, result, resultEnd);
  return { ...plain, isToolError, ranges: { ...plain.ranges, ...found } };
}

type Found = Pick<FrameRanges, 'id' | 'idEnd' | 'result' | 'resultEnd'>;

function headId(line: Buffer): Found | null {
  for (const head of HEADS_WITH_ID) {
    if (!stands(line, 0, head)) continue;
    const idEnd = digitsEnd(line, head.length);
    const after = AFTER_ID.find((text) => stands(line, idEnd, text));
    if (idEnd === head.length || !after) return null;
    const close = line.length - 1;
    const version = close - VERSION_MEMBER.length;
    const resultEnd = stands(line, version, VERSION_MEMBER) ? version : close;
    return { id: head.length, idEnd, result: idEnd + after.length, resultEnd };
  }
  return null;
}

function tailId(line: Buffer): Found | null {
  const head = HEADS_WITHOUT_ID.find((text) => stands(line, 0, text));
  if (!head) return null;
  const version = VERSION_MEMBER;
  let end = line.length - 1;
  const isVersionLast = stands(line, end - version.length, version);
  if (isVersionLast) end -= version.length;
  let id = end;
  while (end - id <= MAX_DIGITS && isDigit(line[id - 1])) id -= 1;
  if (id === end || !stands(line, id - TAIL_ID.length, TAIL_ID)) return null;
  let resultEnd = id - TAIL_ID.length;
  if (!isVersionLast && stands(line, resultEnd - version.length, version)) resultEnd -= version.length;
  return { id, idEnd: end, result: head.length, resultEnd };
}

function digitsEnd(line: Buffer, from: number): number {
  let at = from;
  while (at - from <= MAX_DIGITS && isDigit(line[at])) at += 1;
  return at;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= ZERO + 9;

const stands = (line: Buffer, at: number, text: Buffer): boolean =>
  at >= 0 && line.compare(text, 0, text.length, at, Math.min(line.length, at + text.length)) === 0;

/** For the log only: servers write it first or last. */
function saysToolError(line: Buffer, start: number, end: number): boolean {
  return (
    line.toString('latin1', start, Math.min(end, start + EDGE)).startsWith(`{${TOOL_ERROR}`) ||
    line.toString('latin1', Math.max(start, end - EDGE), end).endsWith(`${TOOL_ERROR}}`)
  );
}
