import type { JsonIndex } from './json-index.ts';

const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;

/** Where a value stands, as code would say it: `$.content[0]["odd key"]`. */
export function jsonPath(index: JsonIndex, node: number): string {
  const steps: string[] = [];
  for (let at = node; at > 0; at = index.parent(at)) {
    const key = index.key(at);
    if (key === null) steps.push(`[${positionOf(index, at)}]`);
    else steps.push(PLAIN_NAME.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
  }
  return `$${steps.toReversed().join('')}`;
}

/** The 0-based place of an item in its array. */
export function positionOf(index: JsonIndex, node: number): number {
  let position = 0;
  for (let sibling = index.parent(node) + 1; sibling < node; sibling = index.next(sibling)) position += 1;
  return position;
}

/** What copying a value gives: a string's own text, everything else as JSON. */
export const copiedValue = (index: JsonIndex, node: number): string =>
  index.kind(node) === 'string' ? index.string(node) : index.raw(node);

/** A member of an object by its name; the last one of several, which is the one JSON.parse keeps. -1 without one. */
export function memberOf(index: JsonIndex, object: number, name: string): number {
  let found = -1;
  if (index.kind(object) !== 'object') return found;
  for (let child = object + 1; child < index.next(object); child = index.next(child)) {
    if (index.key(child) === name) found = child;
  }
  return found;
}

/** The value at the end of a path of names; -1 where it ends early. */
export const memberAt = (index: JsonIndex, path: readonly string[]): number =>
  path.reduce((node, name) => (node === -1 ? -1 : memberOf(index, node, name)), 0);
