import type { JsonIndex } from './json-index.ts';
import { firstWindow, type StringWindow } from './string-window.ts';
import { wrapText } from './wrap-text.ts';

/** What of a tree is open. */
export interface JsonOpenness {
  /** What holds for values nobody touched. `usual` opens what fits a first look. */
  base: 'usual' | 'all' | 'none';
  /** Values that a person opened or closed. */
  touched: ReadonlyMap<number, boolean>;
  windows: ReadonlyMap<number, StringWindow>;
}

export const USUAL_OPENNESS: JsonOpenness = { base: 'usual', touched: new Map(), windows: new Map() };

/** One line of the tree as it is drawn. */
export type JsonRow =
  | { kind: 'value'; node: number; isOpen: boolean; canOpen: boolean }
  /** A line of an open string: positions in its decoded text. */
  | { kind: 'line'; node: number; start: number; end: number }
  /** The rest of a string, on request. */
  | { kind: 'before' | 'after'; node: number; left: number };

/** The lines of a tree; made whole for a million values, read a screen at a time. */
export interface JsonRows {
  readonly count: number;
  /** Values that found no place: the browser draws no page that is higher. */
  readonly isLimited: boolean;
  at(row: number): JsonRow;
  /** The first line of a value that can be seen; -1 when something around it is closed. */
  rowOf(node: number): number;
  /** The line of an open string in which a position of its text stands; its first line when there is none. */
  rowOfPosition(node: number, position: number): number;
  /** The decoded text of a string. */
  string(node: number): string;
}

/** At 20 px a line just below the height at which browsers give up. */
export const MAX_ROWS = 1_500_000;
/** Characters broken into lines at one go. */
const WRAP_BUDGET = 2_000_000;
const OPEN_DEPTH = 6;
const OPEN_CHILDREN = 100;
const OPEN_STRING_SIBLINGS = 20;
/** Deeper levels move no further to the right. */
export const MAX_INDENT = 16;
export const INDENT_COLUMNS = 2;

const VALUE = -1;
const BEFORE = -2;
const AFTER = -3;

/** Columns that are left for the value of a node after indentation and key. */
const roomOf = (index: JsonIndex, node: number, columns: number): number => {
  const keyColumns = index.keyStart(node) === -1 ? 0 : Math.min(index.start(node) - index.keyStart(node), 60);
  return columns - Math.min(index.depth(node), MAX_INDENT) * INDENT_COLUMNS - keyColumns - 4;
};

/** Whether there is something to open: children, or text that takes more than the line. */
function canOpen(index: JsonIndex, node: number, columns: number): boolean {
  const kind = index.kind(node);
  if (kind === 'literal') return false;
  if (kind !== 'string') return index.childCount(node) > 0;
  return index.end(node) - index.start(node) - 2 > roomOf(index, node, columns);
}

function isUsuallyOpen(index: JsonIndex, node: number): boolean {
  if (node === 0) return true;
  if (index.depth(node) >= OPEN_DEPTH) return false;
  if (index.kind(node) === 'string') return index.childCount(index.parent(node)) <= OPEN_STRING_SIBLINGS;
  return index.childCount(node) <= OPEN_CHILDREN;
}

/** Lays a tree out in lines of `columns` characters. */
export function layOutJson(index: JsonIndex, openness: JsonOpenness, columns: number): JsonRows {
  const rows = new RowTable();
  const strings = new Map<number, string>();
  const wrapped = new Map<number, number[]>();
  let budget = WRAP_BUDGET;
  const string = (node: number): string => {
    let text = strings.get(node);
    if (text === undefined) strings.set(node, (text = index.string(node)));
    return text;
  };
  const isOpen = (node: number): boolean => {
    const touched = openness.touched.get(node);
    if (touched !== undefined) return touched;
    if (openness.base === 'usual' || index.kind(node) === 'string') return isUsuallyOpen(index, node);
    return openness.base === 'all' || node === 0;
  };
  const addLines = (node: number): void => {
    const text = string(node);
    const window = openness.windows.get(node) ?? firstWindow(text.length);
    const indent = (Math.min(index.depth(node), MAX_INDENT) + 1) * INDENT_COLUMNS;
    const lines = wrapText(text, columns - indent - 2, window);
    budget -= window.to - window.from;
    wrapped.set(node, lines);
    if (window.from > 0) rows.add(node, BEFORE);
    for (let line = 0; line < lines.length - 1; line += 1) rows.add(node, line);
    if (window.to < text.length) rows.add(node, AFTER);
  };

  let node = 0;
  while (node < index.nodeCount && rows.count < MAX_ROWS) {
    rows.add(node, VALUE);
    const opens = canOpen(index, node, columns) && isOpen(node);
    const isString = index.kind(node) === 'string';
    if (opens && isString && budget > 0) addLines(node);
    node = opens && !isString ? node + 1 : index.next(node);
  }

  return {
    count: rows.count,
    isLimited: node < index.nodeCount,
    at(row) {
      const [at, line] = rows.at(row);
      if (line === VALUE) {
        const opens = canOpen(index, at, columns);
        return { kind: 'value', node: at, canOpen: opens, isOpen: opens && isOpen(at) };
      }
      if (line >= 0) {
        const lines = wrapped.get(at)!;
        return { kind: 'line', node: at, start: lines[line]!, end: lines[line + 1]! };
      }
      const window = openness.windows.get(at) ?? firstWindow(string(at).length);
      return line === BEFORE
        ? { kind: 'before', node: at, left: window.from }
        : { kind: 'after', node: at, left: string(at).length - window.to };
    },
    rowOf: (wanted) => rows.firstOf(wanted),
    rowOfPosition(wanted, position) {
      const first = rows.firstOf(wanted);
      const lines = wrapped.get(wanted);
      if (first === -1 || !lines || position < lines[0]! || position >= lines.at(-1)!) return first;
      const line = lines.findLastIndex((start) => start <= position);
      return first + 1 + (rows.at(first + 1)[1] === BEFORE ? 1 : 0) + line;
    },
    string,
  };
}

/** Pairs of numbers that grow by doubling. */
class RowTable {
  count = 0;
  #cells = new Int32Array(256);

  add(node: number, line: number): void {
    if (this.count * 2 === this.#cells.length) {
      const cells = new Int32Array(this.#cells.length * 2);
      cells.set(this.#cells);
      this.#cells = cells;
    }
    this.#cells[this.count * 2] = node;
    this.#cells[this.count * 2 + 1] = line;
    this.count += 1;
  }

  at(row: number): [node: number, line: number] {
    return [this.#cells[row * 2]!, this.#cells[row * 2 + 1]!];
  }

  /** Nodes stand in order: the first row of one, or -1. */
  firstOf(node: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#cells[middle * 2]! < node) low = middle + 1;
      else high = middle;
    }
    return low < this.count && this.#cells[low * 2] === node ? low : -1;
  }
}
