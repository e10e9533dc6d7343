import type { JsonIndex } from './json-index.ts';

/** Where the text that was looked for stands. */
export interface BodyMatch {
  /** The value it is in; 0 where there is no tree. */
  node: number;
  /** Position in the body's text, as it is written. */
  position: number;
}

/** More would be no help. */
export const MAX_MATCHES = 5_000;
const CHUNK = 262_144;

const unicodeEscape = (unit: string): string => unit.charCodeAt(0).toString(16).padStart(4, '0');

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\n': 'n',
  '\t': 't',
  '\r': 'r',
  '\b': 'b',
  '\f': 'f',
  '"': '"',
  '\\': '\\\\',
};

/** The escapes of both cases: the pattern's flag does not reach into them. */
const escapesOf = (unit: string): string =>
  [...new Set([unit, unit.toLowerCase(), unit.toUpperCase()])]
    .filter((variant) => variant.length === 1)
    .map((variant) => `\\\\u${unicodeEscape(variant)}`)
    .join('|');

/** How one unit may be written inside of a JSON string. */
function writtenInJson(unit: string): string {
  if (/[a-z0-9 ]/i.test(unit)) return unit;
  const escaped = escapesOf(unit);
  const short = SHORT_ESCAPES[unit];
  if (short !== undefined) return `(?:\\\\${short}|${escaped})`;
  const plain = `\\u${unicodeEscape(unit)}`;
  return unit === '/' ? `(?:\\\\?${plain}|${escaped})` : `(?:${plain}|${escaped})`;
}

const written = (unit: string): string => (/[a-z0-9 ]/i.test(unit) ? unit : `\\u${unicodeEscape(unit)}`);

/**
 * Looks for a text in a body whatever the case, step by step. In a tree only keys and values count, and it does not
 * matter how they are escaped; without one the text is taken as it came. Stops at MAX_MATCHES.
 */
export class BodySearch {
  readonly matches: BodyMatch[] = [];
  readonly #text: string;
  readonly #index: JsonIndex | null;
  readonly #pattern: RegExp;
  readonly #overlap: number;
  #at = 0;
  #isDone = false;

  constructor(text: string, index: JsonIndex | null, query: string) {
    this.#text = text;
    this.#index = index;
    const unit = index ? writtenInJson : written;
    this.#pattern = new RegExp(
      Array.from({ length: query.length }, (_, at) => unit(query[at]!)).join(''),
      'gi',
    );
    // Escaped, a unit takes up to six.
    this.#overlap = query.length * 6;
    this.#isDone = query === '';
  }

  /** There are more matches than are kept. */
  get isLimited(): boolean {
    return this.matches.length >= MAX_MATCHES;
  }

  /** Goes on until `isDue` says stop; true when there is nothing more to do. */
  run(isDue: () => boolean = () => false): boolean {
    while (!this.#isDone) {
      this.#chunk();
      if (!this.#isDone && isDue()) return false;
    }
    return true;
  }

  #chunk(): void {
    const from = this.#at;
    const end = Math.min(this.#text.length, from + CHUNK);
    const part = this.#text.slice(from, Math.min(this.#text.length, end + this.#overlap));
    this.#pattern.lastIndex = 0;
    let next = end;
    for (
      let match = this.#pattern.exec(part);
      match && match.index < end - from;
      match = this.#pattern.exec(part)
    ) {
      const position = from + match.index;
      next = Math.max(next, position + match[0].length);
      const node = this.#index ? this.#index.nodeAt(position) : 0;
      if (node !== -1) this.matches.push({ node, position });
      if (this.isLimited) break;
    }
    this.#at = next;
    this.#isDone = next >= this.#text.length || this.isLimited;
  }
}

/** The position of a match in the decoded text of its string; null in keys, numbers and words. */
export function positionInString(index: JsonIndex, { node, position }: BodyMatch): number | null {
  const start = index.start(node);
  if (index.kind(node) !== 'string' || position <= start) return null;
  const before = index.text.slice(start, position);
  if (!before.includes('\\')) return before.length - 1;
  try {
    return String(JSON.parse(`${before}"`)).length;
  } catch {
    return before.length - 1;
  }
}
