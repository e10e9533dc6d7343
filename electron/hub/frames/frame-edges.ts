import { MESSAGE, PARAMS, RESULT, SLOT } from './envelope-keys.ts';
import { findKey, found, hasAmbiguousKey, startEnvelope, type WantedKeys } from './envelope-scan.ts';
import { skipSpace, skipValue } from './scan-json.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const COLON = 0x3a;
const COMMA = 0x2c;

/** Longest key or value that counts as simple. */
const LONGEST_SIMPLE = 1_024;

/** Members looked at from each end of an object. */
const MOST_MEMBERS = 16;

/** What lies between the two edges of a large message. */
export type Middle = 'result' | 'params';

/**
 * Reads a large message from both ends up to the one value that makes it large, its `result` or `params`, and looks
 * into both ends of that one; the bytes between are not touched. Notes in `found` what it meets. Null where the
 * message is not made that way: then it has to be read in full.
 *
 * Reading backward is sound for every valid JSON text that has no member twice. The last byte is the brace that ends
 * the message, so it is outside any string. From a place outside of strings, a number or word reaches back to its
 * colon without crossing a quote, and a quote met on the way back ends a string; the nearest quote before it, with no
 * backslash between, begins that string. So `,"id":7}` at the end can only be a member of the message itself.
 *
 * What it cannot see is that other members stand in the middle: then `result` or `params` seems to reach over them.
 */
export function findEdges(line: Buffer): Middle | null {
  startEnvelope();
  const start = skipSpace(line, 0);
  if (line[start] !== OPEN_BRACE) return null;
  const slot = walkHead(line, start + 1, MESSAGE);
  if (slot !== SLOT.result && slot !== SLOT.params) return null;
  const end = beforeSpace(line, line.length);
  if (line[end - 1] !== CLOSE_BRACE) return null;
  const middleEnd = walkTail(line, end - 1, MESSAGE);
  const middleStart = found[slot]!;
  if (line[middleEnd - 1] !== CLOSE_BRACE || middleEnd <= middleStart) return null;
  found[slot + 1] = middleEnd;
  const inside = slot === SLOT.result ? RESULT : PARAMS;
  if (walkHead(line, middleStart + 1, inside) === -1 || walkTail(line, middleEnd - 1, inside) === -1)
    return null;
  if (hasAmbiguousKey()) return null;
  return slot === SLOT.result ? 'result' : 'params';
}

/**
 * Notes the members with simple values from `from` on. Returns the slot of the wanted object it stopped at, having
 * noted where that one starts; 0 when something else stopped it; -1 when it is not for this reader.
 */
function walkHead(line: Buffer, from: number, wanted: WantedKeys): number {
  let position = skipSpace(line, from);
  for (let count = 0; count < MOST_MEMBERS; count += 1) {
    // It ends before anything large was met: what makes the message large stands where nobody looks for it.
    if (line[position] === CLOSE_BRACE) return -1;
    const keyEnd = simpleEnd(line, position);
    if (line[position] !== QUOTE || keyEnd === -1) return 0;
    const key = findKey(line, position + 1, keyEnd - 1, wanted);
    if (key === undefined) return -1;
    position = skipSpace(line, keyEnd);
    if (line[position] !== COLON) return -1;
    const start = skipSpace(line, position + 1);
    const end = simpleEnd(line, start);
    if (key !== null && found[key.slot] !== 0) return -1;
    if (end === -1) {
      if (key === null || key.inside === null || line[start] !== OPEN_BRACE) return 0;
      found[key.slot] = start;
      return key.slot;
    }
    if (key !== null) {
      found[key.slot] = start;
      found[key.slot + 1] = end;
    }
    position = skipSpace(line, end);
    if (line[position] === COMMA) position = skipSpace(line, position + 1);
    else if (line[position] !== CLOSE_BRACE) return -1;
  }
  return 0;
}

/** The same from behind. Returns the end of the value that stopped it, -1 when it is not for this reader. */
function walkTail(line: Buffer, from: number, wanted: WantedKeys): number {
  let end = beforeSpace(line, from);
  for (let count = 0; count < MOST_MEMBERS; count += 1) {
    const start = simpleStart(line, end);
    const colon = beforeSpace(line, start) - 1;
    const keyEnd = beforeSpace(line, colon);
    const keyStart = simpleStart(line, keyEnd);
    const comma = beforeSpace(line, keyStart) - 1;
    const isMember =
      start !== -1 &&
      line[colon] === COLON &&
      keyStart !== -1 &&
      line[keyStart] === QUOTE &&
      line[comma] === COMMA;
    if (!isMember) return end;
    const key = findKey(line, keyStart + 1, keyEnd - 1, wanted);
    if (key === undefined || (key !== null && found[key.slot] !== 0)) return -1;
    if (key !== null) {
      found[key.slot] = start;
      found[key.slot + 1] = end;
    }
    end = beforeSpace(line, comma);
  }
  return end;
}

/** End of the short string without escapes, the number or the word at `at`; -1 when it is anything else. */
function simpleEnd(line: Buffer, at: number): number {
  const first = line[at];
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return -1;
  if (first !== QUOTE) return skipValue(line, at, 0);
  const limit = Math.min(line.length, at + LONGEST_SIMPLE);
  for (let position = at + 1; position < limit; position += 1) {
    if (line[position] === QUOTE) return position + 1;
    if (line[position] === BACKSLASH) return -1;
  }
  return -1;
}

/** Start of the one that ends at `end`, which is outside of strings; -1 when it is anything else. */
function simpleStart(line: Buffer, end: number): number {
  const limit = Math.max(0, end - LONGEST_SIMPLE);
  let position = end - 1;
  if (line[position] === QUOTE) {
    for (position -= 1; position >= limit; position -= 1) {
      if (line[position] === QUOTE) return position;
      if (line[position] === BACKSLASH) return -1;
    }
    return -1;
  }
  while (position >= limit && isScalarByte(line[position]!)) position -= 1;
  position += 1;
  return position < end && skipValue(line, position, 0) === end ? position : -1;
}

/** Bytes of numbers, `true`, `false` and `null`. */
const isScalarByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x2d ||
  byte === 0x2b ||
  byte === 0x2e ||
  byte === 0x45;

/** The end of what stands before `end` when the white space between is left out. */
function beforeSpace(line: Buffer, end: number): number {
  let at = end;
  while (at > 0) {
    const byte = line[at - 1];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at -= 1;
  }
  return at;
}
