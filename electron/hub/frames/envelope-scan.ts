import { countMember, decodeString, skipSpace, skipString, skipValue, startFrame } from './scan-json.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COLON = 0x3a;
const COMMA = 0x2c;
const LETTER_A = 0x61;
const LETTER_Z = 0x7a;

/** A member the caller wants to know about. */
export interface WantedKey {
  name: string;
  bytes: Uint8Array;
  /** Index of its value's start in `found`; the end follows. */
  slot: number;
  /** What to look for inside, when the value is an object. */
  inside: WantedKeys | null;
}

export interface WantedKeys {
  keys: readonly WantedKey[];
  /** By the length of their bytes; the most frames have no other key of that length. */
  byLength: readonly (readonly WantedKey[] | undefined)[];
  /**
   * Keys that differ from a wanted one in case only, which some parsers take for the same (C14): `refused` with the
   * frame, `not-beside` the wanted one, or `plain` members.
   */
  variants: 'refused' | 'not-beside' | 'plain';
}

/** More slots than envelope-keys.ts gives away. */
const SLOTS = 40;

/**
 * Where the wanted values of the frame at hand are: `found[slot]` to `found[slot + 1]`, 0 when absent. One for all
 * frames: each is read to the end, and its ranges taken out, before the next.
 */
export const found = new Int32Array(SLOTS);

/** Keys with escapes cost a call each; no message has many where we look for ours (C06). */
const MOST_UNUSUAL_KEYS = 10_000;
let unusualKeys = 0;

/** One bit for each slot of which a case variant has been met. */
let variantsMet = 0;

/** Call it before each frame. */
export function startEnvelope(): void {
  found.fill(0);
  variantsMet = 0;
  unusualKeys = 0;
  startFrame();
}

/**
 * Walks the members of the object that opens at `at` and notes in `found` where the wanted values are. Returns the
 * position after the object, or -1 when it is broken, too deep, has too many members or a wanted key twice. Values
 * nobody wants are passed over by their quotes and brackets alone.
 */
export function walkObject(line: Buffer, at: number, wanted: WantedKeys, depth: number): number {
  let position = skipSpace(line, at + 1);
  if (line[position] === CLOSE_BRACE) return position + 1;
  for (;;) {
    if (line[position] !== QUOTE || !countMember()) return -1;
    const keyStart = position + 1;
    position = skipString(line, position);
    if (position === -1) return -1;
    const key = findKey(line, keyStart, position - 1, wanted);
    if (key === undefined) return -1;
    position = skipSpace(line, position);
    if (line[position] !== COLON) return -1;
    const valueStart = skipSpace(line, position + 1);
    if (key !== null && key.inside !== null && line[valueStart] === OPEN_BRACE) {
      position = walkObject(line, valueStart, key.inside, depth + 1);
    } else {
      position = skipValue(line, valueStart, depth);
    }
    if (position === -1) return -1;
    if (key !== null) {
      if (found[key.slot] !== 0) return -1;
      found[key.slot] = valueStart;
      found[key.slot + 1] = position;
    }
    position = skipSpace(line, position);
    const next = line[position];
    if (next === CLOSE_BRACE) return position + 1;
    if (next !== COMMA) return -1;
    position = skipSpace(line, position + 1);
  }
}

/** True when a wanted member stands beside one whose key differs from it in case only. */
export function hasAmbiguousKey(): boolean {
  for (let slot = 0; variantsMet !== 0; slot += 2, variantsMet >>>= 1) {
    if ((variantsMet & 1) !== 0 && found[slot] !== 0) return true;
  }
  return false;
}

/** The wanted key that stands there, null for any other, undefined when the frame must be refused. */
export function findKey(
  line: Buffer,
  start: number,
  end: number,
  wanted: WantedKeys,
): WantedKey | null | undefined {
  for (let index = start; index < end; index += 1) {
    const byte = line[index]!;
    if (byte === BACKSLASH || byte >= 0x80) return findUnusualKey(line, start, end, wanted);
  }
  const candidates = wanted.byLength[end - start];
  if (candidates === undefined) return null;
  for (const key of candidates) {
    const { bytes } = key;
    let isExact = true;
    let at = 0;
    for (; at < bytes.length; at += 1) {
      const difference = line[start + at]! ^ bytes[at]!;
      if (difference === 0) continue;
      isExact = false;
      if (difference !== 0x20 || !isLetter(bytes[at]!)) break;
    }
    if (isExact) return key;
    if (at === bytes.length) return variantOf(key, wanted);
  }
  return null;
}

/** Keys with escapes or letters beyond ASCII; ſ and the Kelvin sign are s and k to case-blind parsers. */
function findUnusualKey(
  line: Buffer,
  start: number,
  end: number,
  wanted: WantedKeys,
): WantedKey | null | undefined {
  unusualKeys += 1;
  const text = unusualKeys > MOST_UNUSUAL_KEYS ? null : decodeString(line, start - 1, end + 1);
  if (text === null) return undefined;
  const folded = text.toUpperCase().toLowerCase();
  for (const key of wanted.keys) {
    if (key.name === text) return key;
    if (key.name.toLowerCase() === folded) return variantOf(key, wanted);
  }
  return null;
}

function variantOf(key: WantedKey, { variants }: WantedKeys): null | undefined {
  if (variants === 'refused') return undefined;
  if (variants === 'not-beside') variantsMet |= 1 << (key.slot >> 1);
  return null;
}

const isLetter = (byte: number): boolean => (byte | 0x20) >= LETTER_A && (byte | 0x20) <= LETTER_Z;
