import {
  beginsLikeJson,
  colonAfter,
  decode,
  lastWordStart,
  stringEnd,
  withoutLastWord,
} from './json-text.ts';
import { hintsIn, isHarmless } from './redaction-hints.ts';
import { isSecretName } from './redaction-keys.ts';
import { REDACTED, type Redacted, redactText } from './redaction-patterns.ts';

/** JSON inside a string inside JSON …: read this deep by its keys, deeper by patterns only. */
const MAX_EMBEDDED = 3;

/** Members of a JSON schema that describe a secret without holding it: `{"password": {"type": "string"}}`. */
const DESCRIBING: ReadonlySet<string> = new Set(['type', 'description', 'title', 'format', '$ref']);

/** Secrets that stand where a key should be: no pattern knows shorter ones. */
const SHORTEST_SECRET_KEY = 14;

const QUOTED_REDACTED = JSON.stringify(REDACTED);

/** Keys whose values say something about each other. */
const NEIGHBOURS: ReadonlySet<string> = new Set(['name', 'key', 'value']);

const QUOTE = 0x22;
const DASH = 0x2d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** One open object or array. */
interface Level {
  isArray: boolean;
  /** Everything inside belongs to a secret name. */
  isSecret: boolean;
  key: string;
  /** The next value belongs to a secret name. */
  nextIsSecret: boolean;
  /** `{"name": "API_KEY", "value": …}`, in either order; null while there is no name. */
  nameIsSecret: boolean | null;
  valueIndex: number;
}

interface Piece {
  start: number;
  end: number;
  /** What stands there instead; null when it stays. */
  text: string | null;
  redactions: number;
}

/**
 * Takes secrets out of JSON text: by the key above a value, by `name`/`value` pairs, by options in an argument list,
 * by patterns in every string, also in JSON inside a string. Text that is cut off is read up to its end. Whole JSON
 * stays JSON.
 */
export function redactJson(text: string, isTruncated: boolean): Redacted {
  return redactLevels(text, isTruncated, 0);
}

function redactLevels(text: string, isTruncated: boolean, embedded: number): Redacted {
  const pieces: Piece[] = [];
  const levels: Level[] = [];
  const { length } = text;
  let position = 0;
  while (position < length) {
    const start = position;
    const code = text.charCodeAt(start);
    const level = levels[levels.length - 1];
    position = start + 1;
    if (code === QUOTE) {
      const close = stringEnd(text, start);
      position = close === -1 ? length : close;
      const colon = level && !level.isArray ? colonAfter(text, position) : -1;
      if (level && colon !== -1) {
        takeKey({ start, end: position }, { text, level, pieces });
        position = colon + 1;
        continue;
      }
      const isCut = close === -1 && isTruncated;
      takeString({ start, end: position, isCut }, { text, level, embedded, pieces });
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      levels.push(openLevel(code === OPEN_BRACKET, level));
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      levels.pop();
    } else if (isScalarPart(code)) {
      while (position < length && isScalarPart(text.charCodeAt(position))) position += 1;
      if (level && takeSecret(level) && !/^(?:true|false|null)$/.test(text.slice(start, position))) {
        pieces.push({ start, end: position, text: QUOTED_REDACTED, redactions: 1 });
      }
    }
    // White space, commas and colons are passed over.
  }
  if (isTruncated) for (const level of levels) hideUnnamed(level, pieces);
  return assemble(text, pieces);
}

/** What numbers, `true`, `false` and `null` are made of. */
const isScalarPart = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  code === DASH ||
  code === 0x2b ||
  code === 0x2e;

function takeKey(
  { start, end }: { start: number; end: number },
  { text, level, pieces }: { text: string; level: Level; pieces: Piece[] },
): void {
  level.key = decode(text.slice(start, end), true);
  level.nextIsSecret = isSecretName(level.key);
  if (level.key.length < SHORTEST_SECRET_KEY) return;
  const clean = redactText(level.key);
  if (clean.redactions === 0) return;
  pieces.push({ start, end, text: JSON.stringify(clean.text), redactions: clean.redactions });
}

function openLevel(isArray: boolean, above: Level | undefined): Level {
  const isSecret = above !== undefined && (above.isSecret || above.nextIsSecret);
  if (above) above.nextIsSecret = false;
  return { isArray, isSecret, key: '', nextIsSecret: false, nameIsSecret: null, valueIndex: -1 };
}

/** Whether the value that comes now belongs to a secret name; the next one starts anew. */
function takeSecret(level: Level): boolean {
  const isSecret =
    level.nextIsSecret ||
    (level.nameIsSecret === true && level.key.toLowerCase() === 'value') ||
    (level.isSecret && !DESCRIBING.has(level.key));
  level.nextIsSecret = false;
  return isSecret;
}

interface StringContext {
  text: string;
  level: Level | undefined;
  embedded: number;
  pieces: Piece[];
}

function takeString(
  { start, end, isCut }: { start: number; end: number; isCut: boolean },
  { text, level, embedded, pieces }: StringContext,
): void {
  if (level && takeSecret(level) && end - start > 2) {
    pieces.push({ start, end, text: QUOTED_REDACTED, redactions: 1 });
    return;
  }
  if (passHarmless({ start, end, isCut }, { text, level, embedded, pieces })) return;
  const raw = text.slice(start, end);
  const decoded = decode(raw, !isCut);
  const clean = redactString(isCut ? withoutLastWord(decoded) : decoded, isCut, embedded);
  const isChanged = isCut || clean.redactions > 0;
  pieces.push({
    start,
    end,
    text: isChanged ? JSON.stringify(clean.text).slice(0, isCut ? -1 : undefined) : null,
    redactions: clean.redactions,
  });
  if (level) noteNeighbours(level, { text: decoded, isCut }, pieces);
}

/**
 * The usual string: no secret in it, and nothing it says about its neighbours. It is not decoded then. False when it
 * must be looked at closely.
 */
function passHarmless(
  { start, end, isCut }: { start: number; end: number; isCut: boolean },
  { text, level, pieces }: StringContext,
): boolean {
  const inner = start + 1;
  const innerEnd = isCut ? lastWordStart(text, inner, end) : end - 1;
  if (innerEnd === -1 || beginsLikeJson(text, inner, innerEnd)) return false;
  if (!isHarmless(hintsIn(text, inner, innerEnd))) return false;
  if (level?.isArray === true && text.charCodeAt(inner) === DASH) return false;
  const isNeighbour =
    level?.isArray === false &&
    level.key.length >= 3 &&
    level.key.length <= 5 &&
    NEIGHBOURS.has(level.key.toLowerCase());
  if (isCut || isNeighbour)
    pieces.push({ start, end, text: isCut ? text.slice(start, innerEnd) : null, redactions: 0 });
  if (isNeighbour) noteNeighbours(level, { text: decode(text.slice(start, end), !isCut), isCut }, pieces);
  else if (level) level.key = '';
  return true;
}

/** What a string says about the values beside it; it is the last piece. */
function noteNeighbours(
  level: Level,
  { text, isCut }: { text: string; isCut: boolean },
  pieces: readonly Piece[],
): void {
  if (level.isArray) {
    // ["--token", "…"]
    level.nextIsSecret = /^--?[A-Za-z][\w-]{1,60}$/.test(text) && isSecretName(text.replace(/^-+/, ''));
    return;
  }
  const key = level.key.toLowerCase();
  // A string that the cut leaves without its colon would otherwise pass for this key's value.
  level.key = '';
  if (key === 'value') level.valueIndex = pieces.length - 1;
  if (key !== 'name' && key !== 'key') return;
  level.nameIsSecret = isCut || isSecretName(text);
  if (level.nameIsSecret) hideValue(level, pieces);
}

/** The cut may have taken the name that would tell what the value is. */
function hideUnnamed(level: Level, pieces: readonly Piece[]): void {
  if (level.nameIsSecret === null) hideValue(level, pieces);
}

function hideValue(level: Level, pieces: readonly Piece[]): void {
  const value = pieces[level.valueIndex];
  if (!value) return;
  value.text = QUOTED_REDACTED;
  value.redactions = Math.max(1, value.redactions);
}

function redactString(text: string, isCut: boolean, embedded: number): Redacted {
  if (embedded >= MAX_EMBEDDED || !/^\s{0,100}[{[]/.test(text)) return redactText(text);
  const inner = redactLevels(text, isCut, embedded + 1);
  const outer = redactText(inner.text);
  return { text: outer.text, redactions: inner.redactions + outer.redactions };
}

function assemble(text: string, pieces: readonly Piece[]): Redacted {
  let result = '';
  let position = 0;
  let redactions = 0;
  for (const piece of pieces) {
    if (piece.text === null) continue;
    result += text.slice(position, piece.start) + piece.text;
    position = piece.end;
    redactions += piece.redactions;
  }
  return { text: result + text.slice(position), redactions };
}
