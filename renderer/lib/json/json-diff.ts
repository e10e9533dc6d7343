import type { JsonIndex } from './json-index.ts';
import { jsonChildren, normalText } from './normal-json.ts';
import { alignLists } from './longest-common.ts';

/** A value in one of two trees. */
export interface JsonPlace {
  index: JsonIndex;
  node: number;
}

/** One line of a comparison, in the order in which it is read. */
export type DiffRow = { depth: number } & (
  | { kind: 'same'; count: number }
  | { kind: 'open'; label: string; shape: 'object' | 'array' }
  | { kind: 'removed' | 'added'; label: string; at: JsonPlace }
  | { kind: 'changed'; label: string; a: JsonPlace; b: JsonPlace }
);

export interface JsonDiff {
  rows: DiffRow[];
  changes: number;
  /** Bounds were hit: there may be more than is shown. */
  isLimited: boolean;
}

const MAX_ROWS = 1_000;
const MAX_DEPTH = 200;
/** Values looked at. */
const MAX_STEPS = 200_000;
/** Characters compared. */
const MAX_CHARACTERS = 50_000_000;
/** Longer arrays are compared place by place. */
const MAX_ALIGNED = 5_000;
/** Objects with more members are compared as a whole. */
const MAX_MEMBERS = 20_000;
/** Lists with more text are matched by how their items are written. */
const MAX_NORMALISED = 1_000_000;

/** Members by which a person recognises an item of a list. */
const IDENTITY = ['id', 'name', 'uri', 'key', 'path'] as const;

/**
 * What differs between two JSON values. The order of keys and white space mean nothing; items of a list are matched
 * with what they resemble. Always ends soon: bounds on values, characters and lines, which are told.
 */
export function diffJson(a: JsonPlace, b: JsonPlace): JsonDiff {
  const diff = new Differ(a.index, b.index);
  diff.values(a.node, b.node, '', 0);
  return { rows: diff.rows, changes: diff.changes, isLimited: diff.isLimited };
}

class Differ {
  readonly rows: DiffRow[] = [];
  changes = 0;
  isLimited = false;
  readonly #a: JsonIndex;
  readonly #b: JsonIndex;
  #steps = 0;
  #characters = 0;

  constructor(a: JsonIndex, b: JsonIndex) {
    this.#a = a;
    this.#b = b;
  }

  /** Adds what differs; says whether anything does. */
  values(a: number, b: number, label: string, depth: number): boolean {
    if (this.#isSame(a, b)) return false;
    const shape = this.#a.kind(a);
    if (shape !== this.#b.kind(b) || (shape !== 'object' && shape !== 'array') || depth >= MAX_DEPTH) {
      return this.#whole(a, b, label, depth);
    }
    if (shape === 'object' && Math.max(this.#a.childCount(a), this.#b.childCount(b)) > MAX_MEMBERS) {
      this.isLimited = true;
      return this.#whole(a, b, label, depth);
    }
    const before = { rows: this.rows.length, changes: this.changes };
    this.#add({ kind: 'open', depth, label, shape });
    if (shape === 'object') this.#objects(a, b, depth + 1);
    else this.#arrays(a, b, depth + 1);
    if (this.changes > before.changes) return true;
    // Different texts of the same value: white space, the order of keys, escapes.
    this.rows.length = before.rows;
    return false;
  }

  #whole(a: number, b: number, label: string, depth: number): true {
    this.#change({
      kind: 'changed',
      depth,
      label,
      a: { index: this.#a, node: a },
      b: { index: this.#b, node: b },
    });
    return true;
  }

  #isSame(a: number, b: number): boolean {
    this.#steps += 1;
    const lengthA = this.#a.end(a) - this.#a.start(a);
    const lengthB = this.#b.end(b) - this.#b.start(b);
    this.#characters += Math.min(lengthA, lengthB);
    if (this.#isSpent()) return true;
    if (lengthA === lengthB && this.#a.raw(a) === this.#b.raw(b)) return true;
    const kind = this.#a.kind(a);
    if (kind !== this.#b.kind(b)) return false;
    if (kind === 'string') return this.#a.string(a) === this.#b.string(b);
    return kind === 'literal' && normalText(this.#a, a) === normalText(this.#b, b);
  }

  #isSpent(): boolean {
    if (this.#steps > MAX_STEPS || this.#characters > MAX_CHARACTERS || this.rows.length >= MAX_ROWS)
      this.isLimited = true;
    return this.isLimited;
  }

  #objects(a: number, b: number, depth: number): void {
    // The last of equal keys is the one that counts, as for JSON.parse.
    const inA = new Map(jsonChildren(this.#a, a).map((child) => [this.#a.key(child)!, child]));
    const inB = new Map(jsonChildren(this.#b, b).map((child) => [this.#b.key(child)!, child]));
    let same = 0;
    for (const [key, child] of inA) {
      if (this.#isSpent()) return;
      const other = inB.get(key);
      if (other === undefined) same = this.#alone('removed', child, { label: key, depth, same });
      else same = this.#both(child, other, { label: key, depth, same });
    }
    for (const [key, child] of inB) {
      if (this.#isSpent()) return;
      if (!inA.has(key)) same = this.#alone('added', child, { label: key, depth, same });
    }
    this.#flushSame(same, depth);
  }

  #arrays(a: number, b: number, depth: number): void {
    const left = jsonChildren(this.#a, a);
    const right = jsonChildren(this.#b, b);
    const characters = this.#a.end(a) - this.#a.start(a) + this.#b.end(b) - this.#b.start(b);
    this.#characters += characters;
    let same = 0;
    for (const pair of this.#align(left, right, characters > MAX_NORMALISED)) {
      if (this.#isSpent()) return;
      const label =
        pair.a === -1
          ? `[${pair.b}]`
          : pair.b === -1 || pair.a === pair.b
            ? `[${pair.a}]`
            : `[${pair.a}→${pair.b}]`;
      if (pair.b === -1) same = this.#alone('removed', left[pair.a]!, { label, depth, same });
      else if (pair.a === -1) same = this.#alone('added', right[pair.b]!, { label, depth, same });
      else same = this.#both(left[pair.a]!, right[pair.b]!, { label, depth, same });
    }
    this.#flushSame(same, depth);
  }

  #align(left: readonly number[], right: readonly number[], isLong: boolean): { a: number; b: number }[] {
    if (left.length > MAX_ALIGNED || right.length > MAX_ALIGNED) {
      const length = Math.min(MAX_STEPS + 1, Math.max(left.length, right.length));
      return Array.from({ length }, (_, at) => ({
        a: at < left.length ? at : -1,
        b: at < right.length ? at : -1,
      }));
    }
    const textOf = isLong ? (index: JsonIndex, node: number): string => index.raw(node) : normalText;
    const aligned = alignLists(
      left.map((node) => textOf(this.#a, node)),
      right.map((node) => textOf(this.#b, node)),
    );
    return this.#pairUp(aligned, left, right);
  }

  /** Between two equal items: those with the same name belong together, then those in the same place. */
  #pairUp(
    aligned: readonly { a: number; b: number }[],
    left: readonly number[],
    right: readonly number[],
  ): { a: number; b: number }[] {
    const result: { a: number; b: number }[] = [];
    for (let at = 0; at < aligned.length;) {
      if (aligned[at]!.a !== -1 && aligned[at]!.b !== -1) {
        result.push(aligned[at]!);
        at += 1;
        continue;
      }
      const removed: number[] = [];
      const added: number[] = [];
      for (; at < aligned.length && (aligned[at]!.a === -1 || aligned[at]!.b === -1); at += 1) {
        if (aligned[at]!.a === -1) added.push(aligned[at]!.b);
        else removed.push(aligned[at]!.a);
      }
      result.push(...this.#pairGap(removed, added, left, right));
    }
    return result;
  }

  #pairGap(
    removed: readonly number[],
    added: readonly number[],
    left: readonly number[],
    right: readonly number[],
  ): { a: number; b: number }[] {
    const free = new Set(added);
    const byName = new Map<string, number>();
    for (const at of added) {
      const name = identityOf(this.#b, right[at]!);
      if (name !== null && !byName.has(name)) byName.set(name, at);
    }
    const pairs = removed.map((at) => {
      const name = identityOf(this.#a, left[at]!);
      const named = name === null ? undefined : byName.get(name);
      if (named === undefined || !free.delete(named)) return { a: at, b: -1, isNamed: name !== null };
      return { a: at, b: named, isNamed: true };
    });
    for (const pair of pairs) {
      if (pair.b !== -1 || pair.isNamed) continue;
      const kind = this.#a.kind(left[pair.a]!);
      const [partner] = free;
      if (partner === undefined) break;
      if (this.#b.kind(right[partner]!) !== kind || identityOf(this.#b, right[partner]!) !== null) continue;
      free.delete(partner);
      pair.b = partner;
    }
    return [...pairs.map(({ a, b }) => ({ a, b })), ...[...free].map((b) => ({ a: -1, b }))];
  }

  #both(a: number, b: number, at: { label: string; depth: number; same: number }): number {
    // What comes before it stands above it, should there be a difference.
    const mark = this.rows.length;
    this.#flushSame(at.same, at.depth);
    if (this.values(a, b, at.label, at.depth)) return 0;
    this.rows.length = mark;
    return at.same + 1;
  }

  #alone(
    kind: 'removed' | 'added',
    node: number,
    at: { label: string; depth: number; same: number },
  ): number {
    this.#flushSame(at.same, at.depth);
    const index = kind === 'removed' ? this.#a : this.#b;
    this.#change({ kind, depth: at.depth, label: at.label, at: { index, node } });
    return 0;
  }

  #flushSame(count: number, depth: number): void {
    if (count > 0) this.#add({ kind: 'same', depth, count });
  }

  #change(row: DiffRow): void {
    this.changes += 1;
    this.#add(row);
  }

  #add(row: DiffRow): void {
    this.rows.push(row);
  }
}

function identityOf(index: JsonIndex, node: number): string | null {
  if (index.kind(node) !== 'object') return null;
  const children = jsonChildren(index, node);
  for (const name of IDENTITY) {
    const child = children.find((one) => index.key(one) === name);
    if (child !== undefined && index.childCount(child) === 0) return `${name} ${index.raw(child)}`;
  }
  return null;
}
