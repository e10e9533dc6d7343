/**
 * A JSON text as a tree for display. Numbers keep their text (9007199254740993 stays itself), and a text that was
 * cut at the capture limit gives the tree up to the cut.
 */
export type JsonNode =
  | { kind: 'object'; entries: { key: string; value: JsonNode }[]; isCut: boolean }
  | { kind: 'array'; items: JsonNode[]; isCut: boolean }
  | { kind: 'string'; value: string; isCut: boolean }
  | { kind: 'literal'; text: string };

const MAX_DEPTH = 200;
const LITERAL = /(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const BLANK = /[ \t\r\n]*/y;

class NotJson extends Error {}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    const node = this.#value(0);
    this.#skipBlank();
    if (this.#at < this.#text.length) throw new NotJson();
    return node;
  }

  get #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #skipBlank(): void {
    BLANK.lastIndex = this.#at;
    BLANK.exec(this.#text);
    this.#at = BLANK.lastIndex;
  }

  #take(character: string): boolean {
    this.#skipBlank();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) throw new NotJson();
    this.#skipBlank();
    if (this.#text[this.#at] === '"') return this.#string();
    if (this.#take('{')) return this.#object(depth);
    if (this.#take('[')) return this.#array(depth);
    LITERAL.lastIndex = this.#at;
    const literal = LITERAL.exec(this.#text)?.[0];
    if (literal === undefined) throw new NotJson();
    this.#at += literal.length;
    return { kind: 'literal', text: literal };
  }

  #string(): { kind: 'string'; value: string; isCut: boolean } {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    const isCut = end >= this.#text.length;
    this.#at = Math.min(end + 1, this.#text.length);
    const raw = this.#text.slice(start, this.#at);
    if (isCut) return { kind: 'string', value: raw.slice(1), isCut };
    try {
      return { kind: 'string', value: String(JSON.parse(raw)), isCut };
    } catch {
      throw new NotJson();
    }
  }

  #object(depth: number): JsonNode {
    const node: JsonNode = { kind: 'object', entries: [], isCut: false };
    if (this.#take('}')) return node;
    for (;;) {
      this.#skipBlank();
      if (this.#isAtEnd) break;
      if (this.#text[this.#at] !== '"') throw new NotJson();
      const key = this.#string();
      if (key.isCut) break;
      if (!this.#take(':')) {
        if (this.#isAtEnd) break;
        throw new NotJson();
      }
      this.#skipBlank();
      if (this.#isAtEnd || this.#skipCutLiteral()) break;
      node.entries.push({ key: key.value, value: this.#value(depth + 1) });
      if (this.#take('}')) return node;
      if (!this.#take(',') && !this.#isAtEnd) throw new NotJson();
    }
    node.isCut = true;
    return node;
  }

  #array(depth: number): JsonNode {
    const node: JsonNode = { kind: 'array', items: [], isCut: false };
    if (this.#take(']')) return node;
    for (;;) {
      this.#skipBlank();
      if (this.#isAtEnd || this.#skipCutLiteral()) break;
      node.items.push(this.#value(depth + 1));
      if (this.#take(']')) return node;
      if (!this.#take(',') && !this.#isAtEnd) throw new NotJson();
    }
    node.isCut = true;
    return node;
  }

  /** A cut inside `tru` or `12`: the rest is unknown, so the value is left out rather than shown wrong. */
  #skipCutLiteral(): boolean {
    const isCut = this.#text.length - this.#at < 32 && /^[-+.\w]+$/.test(this.#text.slice(this.#at));
    if (isCut) this.#at = this.#text.length;
    return isCut;
  }
}

/** Reads a JSON text; null when it is not JSON even up to a cut, or nested too deep to be shown as a tree. */
export function parseJsonTree(text: string): JsonNode | null {
  try {
    return new Reader(text).document();
  } catch (error) {
    if (error instanceof NotJson) return null;
    throw error;
  }
}
