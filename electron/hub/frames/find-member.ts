import { countMember, decodeString, skipSpace, skipString, skipValue, startFrame } from './scan-json.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

/** Where one value stands in a frame, `[start, end)`, quotes and brackets included. */
export interface ValueRange {
  start: number;
  end: number;
}

/** One member of an object: its key with quotes from `keyStart` to `keyEnd`, then its value. */
export interface Member extends ValueRange {
  keyStart: number;
  keyEnd: number;
}

/**
 * The members of the object that opens at `objectStart`, in their order, keys that stand twice included. Null where
 * no object stands or it is broken or past the limits; never after `readEnvelope` and JSON.parse both accept the frame.
 */
export function listMembers(frame: Buffer, objectStart: number): Member[] | null {
  if (frame[objectStart] !== OPEN_BRACE) return null;
  startFrame();
  const members: Member[] = [];
  let position = skipSpace(frame, objectStart + 1);
  if (frame[position] === CLOSE_BRACE) return members;
  for (;;) {
    if (frame[position] !== QUOTE || !countMember()) return null;
    const keyStart = position;
    const keyEnd = skipString(frame, position);
    if (keyEnd === -1) return null;
    position = skipSpace(frame, keyEnd);
    if (frame[position] !== COLON) return null;
    const start = skipSpace(frame, position + 1);
    const end = skipValue(frame, start, 0);
    if (end === -1) return null;
    members.push({ keyStart, keyEnd, start, end });
    position = skipSpace(frame, end);
    if (frame[position] === CLOSE_BRACE) return members;
    if (frame[position] !== COMMA) return null;
    position = skipSpace(frame, position + 1);
  }
}

/** The elements of the array that opens at `arrayStart`; null as `listMembers` does. */
export function listElements(frame: Buffer, arrayStart: number): ValueRange[] | null {
  if (frame[arrayStart] !== OPEN_BRACKET) return null;
  startFrame();
  const elements: ValueRange[] = [];
  let position = skipSpace(frame, arrayStart + 1);
  if (frame[position] === CLOSE_BRACKET) return elements;
  for (;;) {
    const end = countMember() ? skipValue(frame, position, 0) : -1;
    if (end === -1) return null;
    elements.push({ start: position, end });
    position = skipSpace(frame, end);
    if (frame[position] === CLOSE_BRACKET) return elements;
    if (frame[position] !== COMMA) return null;
    position = skipSpace(frame, position + 1);
  }
}

/**
 * The member of this key in the object that opens at `objectStart`, null when there is none. Where the key stands
 * twice it is the last, which is what every JSON parser in use goes by.
 */
export function findMember(frame: Buffer, objectStart: number, key: string): Member | null {
  const members = listMembers(frame, objectStart);
  return members?.findLast((member) => isKey(frame, member, key)) ?? null;
}

/** `findMember` from object to object: `['_meta', 'progressToken']`. */
export function findPath(frame: Buffer, objectStart: number, path: readonly string[]): Member | null {
  let member: Member | null = null;
  for (const key of path) {
    member = findMember(frame, member ? member.start : objectStart, key);
    if (!member) return null;
  }
  return member;
}

/** The key's text, escapes undone; null when it holds what JSON does not allow. */
export const keyOf = (frame: Buffer, { keyStart, keyEnd }: Member): string | null =>
  decodeString(frame, keyStart, keyEnd);

/** The text of a string value; null when the value is none. */
export const stringAt = (frame: Buffer, { start, end }: ValueRange): string | null =>
  frame[start] === QUOTE ? decodeString(frame, start, end) : null;

function isKey(frame: Buffer, member: Member, key: string): boolean {
  const start = member.keyStart + 1;
  const length = member.keyEnd - 1 - start;
  for (let index = 0; index < length; index += 1) {
    const byte = frame[start + index]!;
    if (byte === BACKSLASH || byte >= 0x80) return keyOf(frame, member) === key;
    if (byte !== key.charCodeAt(index)) return false;
  }
  return length === key.length;
}
