import type { JsonIndex } from './json-index.ts';

/** Longer or deeper values are compared as they are written. */
const MAX_LENGTH = 20_000;
const MAX_DEPTH = 50;
/** Digits that a double keeps exactly. */
const EXACT_DIGITS = 15;

/** The values right inside of an object or array. */
export function jsonChildren(index: JsonIndex, node: number): number[] {
  const children: number[] = [];
  const end = index.next(node);
  for (let child = node + 1; child < end; child = index.next(child)) children.push(child);
  return children;
}

/** A text that is equal for equal values, however they are written: keys in order, no white space, plain escapes. */
export function normalText(index: JsonIndex, node: number, depth = 0): string {
  const kind = index.kind(node);
  if (index.end(node) - index.start(node) > MAX_LENGTH || depth > MAX_DEPTH) return index.raw(node);
  if (kind === 'string') return JSON.stringify(index.string(node));
  if (kind === 'literal') return normalNumber(index.raw(node));
  const children = jsonChildren(index, node);
  if (kind === 'array') return `[${children.map((child) => normalText(index, child, depth + 1)).join()}]`;
  const members = new Map(children.map((child) => [index.key(child)!, normalText(index, child, depth + 1)]));
  const sorted = [...members].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`;
}

/** `1.0`, `1e0` and `1` are one number; those with more digits than a double keeps stay as they are written. */
function normalNumber(raw: string): string {
  const digits = raw.replace(/[eE].*$/, '').replaceAll(/\D/g, '');
  const value = Number(raw);
  // What became zero or infinite without being it is another number.
  const isLost = !Number.isFinite(value) || (value === 0 && /[1-9]/.test(digits));
  return digits !== '' && digits.length <= EXACT_DIGITS && !isLost ? String(value) : raw;
}
