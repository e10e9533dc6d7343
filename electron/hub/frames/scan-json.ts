/** Deepest nesting that is read; deeper frames are refused (C07). */
export const MAX_DEPTH = 128;

/** Most members and elements of one frame, all levels together; frames with more are refused (C06). */
export const MAX_MEMBERS = 1_000_000;

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_E = 0x65;

/** What a value that nobody wants is passed over by: all other bytes are one table look-up each. */
const IS_STRUCTURE = new Uint8Array(256);
for (const byte of [QUOTE, COMMA, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET])
  IS_STRUCTURE[byte] = 1;

/** Longer strings are searched for their end natively; up to here a loop is faster than the call. */
const NEAR = 64;

/** Each skip of a container works to its end before the next begins, so this needs no copy per frame. */
const closers = new Uint8Array(MAX_DEPTH);

/** What may still be passed over of `MAX_MEMBERS` in the frame at hand. */
let membersLeft = MAX_MEMBERS;

/** Call it before the first skip in a frame. */
export function startFrame(): void {
  membersLeft = MAX_MEMBERS;
}

/** Counts one member or element; false when the frame has too many. */
export function countMember(): boolean {
  membersLeft -= 1;
  return membersLeft >= 0;
}

export function skipSpace(line: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = line[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
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

/**
 * Position after the value at `at`, which is `depth` levels down; -1 when there is none, or it is too deep or has too
 * many members. Containers are passed over by their quotes and brackets alone: this is no validator.
 */
export function skipValue(line: Buffer, at: number, depth: number): number {
  const first = line[at];
  if (first === QUOTE) return skipString(line, at);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipContainer(line, at, depth);
  return skipScalar(line, at);
}

/** Position after the string whose quote is at `at`, -1 when it does not end. */
export function skipString(line: Buffer, at: number): number {
  const near = Math.min(line.length, at + NEAR);
  let position = at + 1;
  while (position < near) {
    const byte = line[position];
    if (byte === QUOTE) return position + 1;
    position += byte === BACKSLASH ? 2 : 1;
  }
  const quote = position < line.length ? line.indexOf(QUOTE, position) : -1;
  if (quote === -1) return -1;
  let escapes = quote;
  while (escapes > position && line[escapes - 1] === BACKSLASH) escapes -= 1;
  return (quote - escapes) % 2 === 0 ? quote + 1 : skipEscapedText(line, quote + 1);
}

/**
 * The rest of a long string in which quotes are escaped: logs, code, JSON in JSON. There a native search stops at
 * every quote, so four bytes at a time are tested for a quote or backslash by their differences.
 */
function skipEscapedText(line: Buffer, from: number): number {
  const { length } = line;
  const view = new DataView(line.buffer, line.byteOffset, length);
  let position = from;
  while (position + 4 <= length) {
    const four = view.getInt32(position, true);
    const quotes = four ^ 0x22_22_22_22;
    const backslashes = four ^ 0x5c_5c_5c_5c;
    // The lowest bit set is the top bit of the first byte that was zero, so of the first match.
    const hits =
      (((quotes - 0x01_01_01_01) & ~quotes) | ((backslashes - 0x01_01_01_01) & ~backslashes)) & 0x80_80_80_80;
    if (hits === 0) {
      position += 4;
      continue;
    }
    position += (31 - Math.clz32(hits & -hits)) >> 3;
    if (line[position] === QUOTE) return position + 1;
    position += 2;
  }
  while (position < length) {
    const byte = line[position];
    if (byte === QUOTE) return position + 1;
    position += byte === BACKSLASH ? 2 : 1;
  }
  return -1;
}

function skipContainer(line: Buffer, at: number, depth: number): number {
  const limit = MAX_DEPTH - depth;
  const { length } = line;
  let level = 0;
  let position = at;
  while (position < length) {
    const byte = line[position]!;
    if (IS_STRUCTURE[byte] === 0) {
      position += 1;
      continue;
    }
    if (byte === QUOTE) {
      position = skipString(line, position);
      if (position === -1) return -1;
      continue;
    }
    if (byte === COMMA) {
      if (!countMember()) return -1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (level >= limit || !countMember()) return -1;
      closers[level] = byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      level += 1;
    } else {
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
