import { decodeString } from './scan-json.ts';

/** Ids and progress tokens are kept as long as they are open; nobody needs longer ones. */
const MAX_ID_BYTES = 1_024;

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;

/**
 * Method and tool names come again and again: the string of an earlier frame is found faster than a new one is made.
 * A place per hash, the newest stays, so this never grows beyond 32 KiB of text.
 */
const PLACES = 512;
const LONGEST_KNOWN = 64;
const known: string[] = Array.from({ length: PLACES }, () => '');

/** The text of the string value in [start, end); null when it is absent (start 0), no string or holds what JSON forbids. */
export function textAt(line: Buffer, start: number, end: number): string | null {
  if (start === 0 || line[start] !== QUOTE) return null;
  const length = end - start - 2;
  if (length > LONGEST_KNOWN) return decodeString(line, start, end);
  let hash = length;
  for (let at = start + 1; at < end - 1; at += 1) {
    const byte = line[at]!;
    if (byte === BACKSLASH || byte < SPACE || byte >= 0x80) return decodeString(line, start, end);
    hash = Math.imul(hash ^ byte, 0x01_00_01_93);
  }
  const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
  const candidate = known[place]!;
  if (isSame(candidate, line, start + 1, length)) return candidate;
  const text = line.toString('latin1', start + 1, end - 1);
  known[place] = text;
  return text;
}

function isSame(text: string, line: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (text.charCodeAt(index) !== line[start + index]) return false;
  }
  return true;
}

/** The JSON text of the string or integer in [start, end); null when it is absent, too long or anything else (C05). */
export function idAt(line: Buffer, start: number, end: number): string | null {
  const length = end - start;
  if (start === 0 || length > MAX_ID_BYTES) return null;
  if (line[start] === QUOTE) {
    return decodeString(line, start, end) === null ? null : line.toString('utf8', start, end);
  }
  // The scan has seen to it that this is a JSON value: without point and exponent a number is an integer.
  const firstDigit = line[start] === MINUS ? start + 1 : start;
  let value = 0;
  for (let at = firstDigit; at < end; at += 1) {
    const digit = line[at]!;
    if (digit < ZERO || digit > NINE) return null;
    value = value * 10 + (digit - ZERO);
  }
  // A small number is a string sooner than its bytes are.
  return length < 10 && firstDigit === start ? String(value) : line.toString('latin1', start, end);
}

/** True when exactly this ASCII text stands in [start, end). */
export const isText = (line: Buffer, start: number, end: number, text: string): boolean =>
  end - start === text.length && isSame(text, line, start, text.length);
