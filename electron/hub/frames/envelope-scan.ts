/** Deepest nesting that is read; deeper frames are refused (C07). */
export const MAX_DEPTH = 128;

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_E = 0x65;

/** Longer strings are searched for their end natively; up to here a loop is faster than the call. */
const NEAR = 128;

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
  /** Refuse a key that differs from a wanted one in case only: some parsers take it for the same (C14). */
  refusesCaseVariants: boolean;
}

/** Each call of walkObject works through one frame to the end, so this needs no copy per frame. */
const closers = new Uint8Array(MAX_DEPTH);

export function skipSpace(line: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = line[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}

/**
 * Walks the members of the object that opens at `at` and notes where the wanted values are: `found[slot]` and
 * `found[slot + 1]`, 0 when absent. Returns the position after the object, or -1 when it is broken, too deep, or has
 * a wanted key twice. Values nobody wants are passed over by their quotes and brackets alone.
 */
export function walkObject(
  line: Buffer,
  at: number,
  wanted: WantedKeys,
  { found, depth }: { found: Int32Array; depth: number },
): number {
  let position = skipSpace(line, at + 1);
  if (line[position] === CLOSE_BRACE) return position + 1;
  for (;;) {
    if (line[position] !== QUOTE) return -1;
    const keyStart = position + 1;
    position = skipString(line, position);
    if (position === -1) return -1;
    const key = findKey(line, keyStart, position - 1, wanted);
    if (key === undefined) return -1;
    position = skipSpace(line, position);
    if (line[position] !== COLON) return -1;
    const valueStart = skipSpace(line, position + 1);
    if (key?.inside && line[valueStart] === OPEN_BRACE) {
      position = walkObject(line, valueStart, key.inside, { found, depth: depth + 1 });
    } else {
      position = skipValue(line, valueStart, depth);
    }
    if (position === -1) return -1;
    if (key) {
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

/** The wanted key that stands there, null for any other, undefined when the frame must be refused. */
function findKey(
  line: Buffer,
  start: number,
  end: number,
  { keys, refusesCaseVariants }: WantedKeys,
): WantedKey | null | undefined {
  const length = end - start;
  for (let index = start; index < end; index += 1) {
    const byte = line[index]!;
    if (byte === BACKSLASH || byte >= 0x80)
      return findUnusualKey(line, start, end, { keys, refusesCaseVariants });
  }
  for (const key of keys) {
    if (key.bytes.length !== length) continue;
    let isExact = true;
    let isAlike = true;
    for (let index = 0; index < length; index += 1) {
      const difference = line[start + index]! ^ key.bytes[index]!;
      if (difference === 0) continue;
      isExact = false;
      if ((line[start + index]! | 0x20) === (key.bytes[index]! | 0x20)) continue;
      isAlike = false;
      break;
    }
    if (isExact) return key;
    if (isAlike && refusesCaseVariants) return undefined;
  }
  return null;
}

/** Keys with escapes or letters beyond ASCII; ſ and the Kelvin sign are s and k to case-blind parsers. */
function findUnusualKey(
  line: Buffer,
  start: number,
  end: number,
  { keys, refusesCaseVariants }: WantedKeys,
): WantedKey | null | undefined {
  const text = decodeString(line, start - 1, end + 1);
  if (text === null) return undefined;
  const folded = text.toUpperCase().toLowerCase();
  for (const key of keys) {
    if (key.name === text) return key;
    if (refusesCaseVariants && key.name.toLowerCase() === folded) return undefined;
  }
  return null;
}

/** The text of the JSON string in [start, end), quotes included; null when it holds what JSON does not allow. */
export function decodeString(line: Buffer, start: number, end: number): string | null {
  let position = start + 1;
  while (position < end && line[position] !== BACKSLASH && line[position]! >= SPACE) position += 1;
  if (position === end) return line.toString('utf8', start + 1, end - 1);
  try {
    return JSON.parse(line.toString('utf8', start, end)) as string;
  } catch {
    return null;
  }
}

/** Position after the value at `at`, -1 when there is none. */
function skipValue(line: Buffer, at: number, depth: number): number {
  const first = line[at];
  if (first === QUOTE) return skipString(line, at);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipContainer(line, at, depth);
  return skipScalar(line, at);
}

/** Position after the string whose quote is at `at`, -1 when it does not end. */
function skipString(line: Buffer, at: number): number {
  let position = at + 1;
  for (;;) {
    const near = Math.min(line.length, position + NEAR);
    while (position < near) {
      const byte = line[position];
      if (byte === QUOTE) return position + 1;
      position += byte === BACKSLASH ? 2 : 1;
    }
    if (position >= line.length) return -1;
    const quote = line.indexOf(QUOTE, position);
    if (quote === -1) return -1;
    let escapes = quote;
    while (escapes > position && line[escapes - 1] === BACKSLASH) escapes -= 1;
    position = quote + 1;
    if ((quote - escapes) % 2 === 0) return position;
  }
}

function skipContainer(line: Buffer, at: number, depth: number): number {
  const limit = MAX_DEPTH - depth;
  const { length } = line;
  let level = 0;
  let position = at;
  while (position < length) {
    const byte = line[position]!;
    if (byte === QUOTE) {
      position = skipString(line, position);
      if (position === -1) return -1;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (level >= limit) return -1;
      closers[level] = byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      level += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      level -= 1;
      if (closers[level] !== byte) return -1;
      if (level === 0) return position + 1;
    }
    position += 1;
  }
  return -1;
}

const LITERALS = ['true', 'false', 'null'].map((text) => Buffer.from(text));

function skipScalar(line: Buffer, at: number): number {
  const first = line[at];
  if (first === undefined) return -1;
  if (first === MINUS || isDigit(first)) return skipNumber(line, at);
  const literal = LITERALS.find((bytes) => bytes[0] === first);
  if (!literal) return -1;
  for (let index = 1; index < literal.length; index += 1) {
    if (line[at + index] !== literal[index]) return -1;
  }
  return at + literal.length;
}

/** A number as RFC 8259 writes it: no leading zeros, digits on both sides of the point. */
function skipNumber(line: Buffer, at: number): number {
  let position = line[at] === MINUS ? at + 1 : at;
  const digits = skipDigits(line, position);
  if (digits === position || (line[position] === ZERO && digits > position + 1)) return -1;
  position = digits;
  if (line[position] === POINT) {
    const end = skipDigits(line, position + 1);
    if (end === position + 1) return -1;
    position = end;
  }
  if ((line[position]! | 0x20) !== LETTER_E) return position;
  position += line[position + 1] === PLUS || line[position + 1] === MINUS ? 2 : 1;
  const end = skipDigits(line, position);
  return end === position ? -1 : end;
}

function skipDigits(line: Buffer, at: number): number {
  let position = at;
  while (isDigit(line[position] ?? 0)) position += 1;
  return position;
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;
