import type { Node } from 'jsonc-parser';

/** A key with its value, both with their place in the text. */
export interface Member {
  name: string;
  /** The whole `"key": value`. */
  property: Node;
  key: Node;
  value: Node;
}

/** The members of an object in file order; none for any other node. */
export function membersOf(node: Node | null | undefined): Member[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    return key && value ? [{ name: key.value as string, property, key, value }] : [];
  });
}

/** Compares keys as they are: a `/`, `~` or `__proto__` in one means nothing (A09). */
export function memberOf(node: Node | null | undefined, name: string): Member | undefined {
  return membersOf(node).find((member) => member.name === name);
}

/** The node below a path of keys, or undefined. */
export function nodeAt(root: Node | null, keys: readonly string[]): Node | undefined {
  let node: Node | null | undefined = root;
  for (const key of keys) node = memberOf(node, key)?.value;
  return node ?? undefined;
}

export const endOf = (node: Node): number => node.offset + node.length;

/** The value of a node as plain data. Objects have no prototype, so every key is an own one. */
export function valueOf(node: Node | null): unknown {
  if (node === null) return Object.create(null);
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value as unknown;
  const object = Object.create(null) as Record<string, unknown>;
  for (const { name, value } of membersOf(node)) object[name] = valueOf(value);
  return object;
}

/** The first key that an object anywhere in the tree has twice, with the places of both. */
export function duplicateKey(root: Node): { key: string; offsets: [number, number] } | null {
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type === 'array') for (const child of (node.children ?? []).toReversed()) waiting.push(child);
    const seen = new Map<string, number>();
    const members = membersOf(node);
    for (const { name, key } of members) {
      const earlier = seen.get(name);
      if (earlier !== undefined) return { key: name, offsets: [earlier, key.offset] };
      seen.set(name, key.offset);
    }
    for (const { value } of members.toReversed()) waiting.push(value);
  }
  return null;
}
