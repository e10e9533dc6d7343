import type { ValueRange } from './find-member.ts';
import { skipSpace, skipValue, startFrame } from './scan-json.ts';

/** Most messages in one batch; a longer one is refused whole (C09). */
export const MAX_BATCH = 100;

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** Why a batch is refused whole. */
export type BatchFault = 'empty' | 'too-many' | 'nested' | 'malformed';

/** True for a JSON-RPC batch, which revision 2025-03-26 allows: an array where a message is expected. */
export const isBatch = (line: Buffer): boolean => line[skipSpace(line, 0)] === OPEN_BRACKET;

/**
 * The elements of a batch in their order, each to be read by `readEnvelope` on its own: one that is no message is
 * answered with an error of its own. Reads no further than the first fault.
 */
export function splitBatch(line: Buffer): ValueRange[] | BatchFault {
  startFrame();
  let position = skipSpace(line, 0);
  if (line[position] !== OPEN_BRACKET) return 'malformed';
  position = skipSpace(line, position + 1);
  if (line[position] === CLOSE_BRACKET)
    return skipSpace(line, position + 1) === line.length ? 'empty' : 'malformed';
  const messages: ValueRange[] = [];
  for (;;) {
    if (line[position] === OPEN_BRACKET) return 'nested';
    if (messages.length === MAX_BATCH) return 'too-many';
    const end = skipValue(line, position, 1);
    if (end === -1) return 'malformed';
    messages.push({ start: position, end });
    position = skipSpace(line, end);
    if (line[position] === CLOSE_BRACKET) break;
    if (line[position] !== COMMA) return 'malformed';
    position = skipSpace(line, position + 1);
  }
  return skipSpace(line, position + 1) === line.length ? messages : 'malformed';
}
