import { createIndexTables, type IndexTables } from './index-tables.ts';

/** What a value is. */
export type JsonKind = 'object' | 'array' | 'string' | 'literal';
const KINDS: readonly JsonKind[] = ['object', 'array', 'string', 'literal'];
const OBJECT = 0;
const ARRAY = 1;
const STRING = 2;
const LITERAL = 3;
const CUT = 4;

/** More values than this are not indexed: 24 bytes each, and nobody scrolls through them. */
const MAX_NODES = 2_000_000;

/**
 * Where the values of a JSON text stand. Nodes are numbers in the order of the text, the root is 0. Nothing is
 * decoded until it is asked for: numbers keep their text (9007199254740993 stays itself), duplicate keys stay apart,
 * and a text that was cut at the capture limit gives the tree up to the cut.
 */
export interface JsonIndex {
  readonly text: string;
  readonly nodeCount: number;
  /** The text holds more values than are indexed. */
  readonly isLimited: boolean;
  kind(node: number): JsonKind;
  /** Where the text ends inside of this value. */
  isCut(node: number): boolean;
  depth(node: number): number;
  parent(node: number): number;
  /** The node that follows this one and everything in it. */
  next(node: number): number;
  childCount(node: number): number;
  start(node: number): number;
  end(node: number): number;
  /** Where the key's quote opens; -1 for items and the root. */
  keyStart(node: number): number;
  /** The key, decoded; null for items and the root. */
  key(node: number): string | null;
  /** The value's own text. */
  raw(node: number): string;
  /** The decoded string of a string node; its raw text where the escapes are broken. */
  string(node: number): string;
  /** The beginning of a key or a string, decoded, for a label: neither may be ten megabytes there. */
  keyStartText(node: number): string;
  stringStartText(node: number): string;
  /** The node in whose key or plain value this position lies; -1 in brackets and between values. */
  nodeAt(position: number): number;
}

type Expects = 'value' | 'first-value' | 'first-key' | 'key' | 'colon' | 'comma' | 'nothing';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LITERAL_TEXT = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
/** How often the clock is looked at, in tokens. */
const STEPS_PER_LOOK = 1_024;

/** Reads a JSON text step by step, without recursion, so that neither its size nor its depth stops the page. */
export class JsonIndexer {
  readonly #text: string;
  readonly #maxNodes: number;
  readonly #tables: IndexTables = createIndexTables();
  readonly #open: number[] = [];
  #at = 0;
  #expects: Expects = 'value';
  #keyStart = -1;
  /** Position from which the end of an open string is looked for; -1 outside of one. */
  #stringFrom = -1;
  #state: 'reading' | 'read' | 'not-json' = 'reading';
  #isLimited = false;

  constructor(text: string, { maxNodes = MAX_NODES } = {}) {
    this.#text = text;
    this.#maxNodes = maxNodes;
  }

  /** Goes on until `isDue` says stop; true when there is nothing more to do. */
  run(isDue: () => boolean = () => false): boolean {
    for (let step = 1; this.#state === 'reading'; step += 1) {
      if (step % STEPS_PER_LOOK === 0 && isDue()) return false;
      this.#step();
    }
    return true;
  }

  /** The index once `run` is through; null for what is not JSON even up to a cut. */
  get index(): JsonIndex | null {
    return this.#state === 'read' ? indexOver(this.#text, this.#tables, this.#isLimited) : null;
  }

  #step(): void {
    const text = this.#text;
    if (this.#stringFrom !== -1) return this.#seekStringEnd();
    let at = this.#at;
    for (let code = text.charCodeAt(at); code === 32 || (code >= 9 && code <= 13);)
      code = text.charCodeAt((at += 1));
    this.#at = at;
    if (at >= text.length) return this.#endOfText();
    const character = text[at]!;
    switch (this.#expects) {
      case 'first-key':
      case 'key':
        if (character === '}' && this.#expects === 'first-key') return this.#close();
        if (character !== '"') return this.#fail();
        this.#keyStart = at;
        this.#stringFrom = at + 1;
        return;
      case 'colon':
        if (character !== ':') return this.#fail();
        this.#at += 1;
        this.#expects = 'value';
        return;
      case 'comma':
        if (character === ',') {
          this.#at += 1;
          this.#expects = this.#isInObject ? 'key' : 'value';
        } else if (character === (this.#isInObject ? '}' : ']')) this.#close();
        else this.#fail();
        return;
      case 'nothing':
        return this.#fail();
      case 'first-value':
        if (character === ']') return this.#close();
    }
    this.#value(character);
  }

  get #isInObject(): boolean {
    return this.#tables.flags[this.#open.at(-1)!] === OBJECT;
  }

  #value(character: string): void {
    if (this.#tables.count >= this.#maxNodes) {
      this.#isLimited = true;
      return this.#cutOpen();
    }
    if (character === '{' || character === '[') {
      this.#open.push(this.#add(character === '{' ? OBJECT : ARRAY));
      this.#at += 1;
      this.#expects = character === '{' ? 'first-key' : 'first-value';
      return;
    }
    if (character === '"') {
      this.#add(STRING);
      this.#stringFrom = this.#at + 1;
      return;
    }
    LITERAL_TEXT.lastIndex = this.#at;
    const literal = LITERAL_TEXT.exec(this.#text)?.[0];
    // The rest of a cut literal is unknown, so the value is left out rather than shown wrong.
    if (this.#isCutLiteral())
      return this.#open.length === 0 && literal === undefined ? this.#fail() : this.#cutLiteral(literal);
    if (literal === undefined) return this.#fail();
    const node = this.#add(LITERAL);
    this.#finish(node, this.#at + literal.length);
  }

  #isCutLiteral(): boolean {
    return this.#text.length - this.#at < 32 && /^[-+.\w]+$/.test(this.#text.slice(this.#at));
  }

  #cutLiteral(literal: string | undefined): void {
    // Alone it is the whole text: `12` is a number then, not the beginning of one.
    if (this.#open.length > 0) return this.#cutOpen();
    if (this.#at + literal!.length < this.#text.length) return this.#fail();
    this.#finish(this.#add(LITERAL), this.#text.length);
  }

  #add(flags: number): number {
    const depth = this.#open.length;
    const parent = depth === 0 ? -1 : this.#open[depth - 1]!;
    const node = this.#tables.add({ flags, parent, depth, start: this.#at, keyStart: this.#keyStart });
    this.#keyStart = -1;
    return node;
  }

  #seekStringEnd(): void {
    const text = this.#text;
    const quote = text.indexOf('"', this.#stringFrom);
    const isKey = this.#keyStart !== -1 && this.#expects !== 'value' && this.#expects !== 'first-value';
    if (quote === -1) {
      this.#stringFrom = -1;
      this.#at = text.length;
      if (isKey) return this.#cutOpen();
      const node = this.#tables.count - 1;
      this.#tables.flags[node] = STRING | CUT;
      this.#tables.end[node] = text.length;
      return this.#cutOpen();
    }
    let escapes = quote;
    while (escapes > this.#stringFrom && text.charCodeAt(escapes - 1) === BACKSLASH) escapes -= 1;
    this.#stringFrom = quote + 1;
    if ((quote - escapes) % 2 === 1) return;
    this.#stringFrom = -1;
    if (!isKey) return this.#finish(this.#tables.count - 1, quote + 1);
    this.#at = quote + 1;
    this.#expects = 'colon';
  }

  #finish(node: number, end: number): void {
    this.#tables.end[node] = end;
    this.#tables.next[node] = this.#tables.count;
    this.#at = end;
    this.#expects = this.#open.length === 0 ? 'nothing' : 'comma';
  }

  #close(): void {
    this.#finish(this.#open.pop()!, this.#at + 1);
  }

  #endOfText(): void {
    if (this.#tables.count === 0) return this.#fail();
    if (this.#open.length > 0) return this.#cutOpen();
    this.#state = 'read';
  }

  /** The text ends here, or we do: everything that is still open ends with it. */
  #cutOpen(): void {
    const { flags, end, next, count } = this.#tables;
    next[count - 1] ||= count;
    for (const node of this.#open) {
      flags[node] = flags[node]! | CUT;
      end[node] = this.#text.length;
      next[node] = count;
    }
    this.#open.length = 0;
    this.#state = 'read';
  }

  #fail(): void {
    this.#state = 'not-json';
  }
}

function indexOver(text: string, tables: IndexTables, isLimited: boolean): JsonIndex {
  const { flags, parent, depth, start, end, next, children, keyStart, count } = tables;
  const begin = (node: number): number => (keyStart[node] === -1 ? start[node]! : keyStart[node]!);
  return {
    text,
    nodeCount: count,
    isLimited,
    kind: (node) => KINDS[flags[node]! & 3]!,
    isCut: (node) => (flags[node]! & CUT) !== 0,
    depth: (node) => depth[node]!,
    parent: (node) => parent[node]!,
    next: (node) => next[node]!,
    childCount: (node) => children[node]!,
    start: (node) => start[node]!,
    end: (node) => end[node]!,
    keyStart: (node) => keyStart[node]!,
    key: (node) =>
      keyStart[node] === -1
        ? null
        : decodeString(text.slice(keyStart[node], stringEnd(text, keyStart[node]!))),
    raw: (node) => text.slice(start[node], end[node]),
    string: (node) => decodeString(text.slice(start[node], end[node])),
    keyStartText: (node) => startText(text, keyStart[node]!, start[node]!),
    stringStartText: (node) => startText(text, start[node]!, end[node]!),
    nodeAt(position) {
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (begin(middle) <= position) low = middle + 1;
        else high = middle;
      }
      const node = low - 1;
      if (node < 0) return -1;
      const isLeaf = (flags[node]! & 3) >= STRING;
      // What is left of the value is its key, give or take a colon: looking for the key's end could take long.
      return position < start[node]! || (isLeaf && position < end[node]!) ? node : -1;
    },
  };
}

/** Position after the string that opens at `start`; the end of the text when it does not close. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return text.length;
}

/** Units of a string that are enough for one line. */
const LABEL_UNITS = 400;

function startText(text: string, start: number, end: number): string {
  const part = text.slice(start, Math.min(end, start + LABEL_UNITS));
  const closing = stringEnd(part, 0);
  if (closing < part.length || (closing === part.length && part.endsWith('"')))
    return decodeString(part.slice(0, closing));
  // Not cut inside of an escape.
  return `${decodeString(part.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, ''))}…`;
}

/** The string a raw one stands for; of a cut or broken one what can be read. */
export function decodeString(raw: string): string {
  const isWhole = raw.length > 1 && raw.endsWith('"');
  const inner = raw.slice(1, isWhole ? -1 : undefined);
  if (!inner.includes('\\') && isWhole) return inner;
  try {
    return String(JSON.parse(isWhole ? raw : `${raw}"`));
  } catch {
    return inner;
  }
}

/** Indexes a text at one go; null when it is not JSON. For texts whose size is known to be small. */
export function indexJson(text: string): JsonIndex | null {
  const indexer = new JsonIndexer(text);
  indexer.run();
  return indexer.index;
}
