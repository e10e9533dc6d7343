import { isSecretName } from './redaction-keys.ts';
import { REDACTED, type Redacted, redactText } from './redaction-patterns.ts';

/** JSON inside a string inside JSON …: read this deep by its keys, deeper by patterns only. */
const MAX_EMBEDDED = 3;

/** A cut secret may be too short for its pattern, so a cut text loses its last word, up to this length. */
const MAX_LOST_TAIL = 4_096;

/** Members of a JSON schema that describe a secret without holding it: `{"password": {"type": "string"}}`. */
const DESCRIBING: ReadonlySet<string> = new Set(['type', 'description', 'title', 'format', '$ref']);

/** Secrets that stand where a key should be: no pattern knows shorter ones. */
const SHORTEST_SECRET_KEY = 14;

const QUOTED_REDACTED = JSON.stringify(REDACTED);

/** Whatever begins a token; white space, commas and colons are passed over. */
const TOKEN = /["{}[\]]|[-+.0-9A-Za-z]+/g;

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
  let position = 0;
  for (;;) {
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(text);
    if (!token) {
      if (isTruncated) for (const level of levels) hideUnnamed(level, pieces);
      return assemble(text, pieces);
    }
    const start = token.index;
    const level = levels.at(-1);
    const first = token[0].charAt(0);
    if (first === '{' || first === '[') {
      levels.push(openLevel(first === '[', level));
      position = start + 1;
    } else if (first === '}' || first === ']') {
      levels.pop();
      position = start + 1;
    } else if (first === '"') {
      const close = stringEnd(text, start);
      position = close === -1 ? text.length : close;
      const colon = level && !level.isArray ? colonAfter(text, position) : -1;
      if (level && colon !== -1) {
        takeKey({ start, end: position }, { text, level, pieces });
        position = colon + 1;
        continue;
      }
      const isCut = close === -1 && isTruncated;
      takeString({ start, end: position, isCut }, { text, level, embedded, pieces });
    } else {
      position = start + token[0].length;
      if (level && takeSecret(level) && !/^(?:true|false|null)$/.test(token[0])) {
        pieces.push({ start, end: position, text: QUOTED_REDACTED, redactions: 1 });
      }
    }
  }
}

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
  const raw = text.slice(start, end);
  if (level && takeSecret(level) && raw !== '""') {
    pieces.push({ start, end, text: QUOTED_REDACTED, redactions: 1 });
    return;
  }
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

/** Position after the string that opens at `start`, -1 when it does not end. */
function stringEnd(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return -1;
    let escapes = quote;
    while (escapes > from && text[escapes - 1] === '\\') escapes -= 1;
    if ((quote - escapes) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

function colonAfter(text: string, from: number): number {
  let position = from;
  while (/\s/.test(text[position] ?? '')) position += 1;
  return text[position] === ':' ? position : -1;
}

/** The text of a JSON string; of a broken or cut one as much as can be read. */
function decode(raw: string, isWhole: boolean): string {
  const inner = raw.slice(1, isWhole ? -1 : undefined);
  if (!inner.includes('\\')) return inner;
  for (const candidate of [inner, inner.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '')]) {
    try {
      return JSON.parse(`"${candidate}"`) as string;
    } catch {
      // The next one, or the text as it stands.
    }
  }
  return inner;
}

function withoutLastWord(text: string): string {
  const limit = Math.max(0, text.length - MAX_LOST_TAIL);
  let end = text.length;
  while (end > limit && !/[\s"',;]/.test(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
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
