import type { JsonIndex } from './json-index.ts';
import type { JsonOpenness } from './json-rows.ts';
import { firstWindow, type StringWindow, widenWindow, windowAround } from './string-window.ts';

/** The same with one value opened or closed. */
export const withOpen = (openness: JsonOpenness, node: number, isOpen: boolean): JsonOpenness => ({
  ...openness,
  touched: new Map(openness.touched).set(node, isOpen),
});

const withWindow = (openness: JsonOpenness, node: number, window: StringWindow): JsonOpenness => ({
  ...openness,
  windows: new Map(openness.windows).set(node, window),
});

/** The same with more of a long string. */
export function withMore(
  openness: JsonOpenness,
  node: number,
  { length, where }: { length: number; where: 'before' | 'after' },
): JsonOpenness {
  return withWindow(
    openness,
    node,
    widenWindow(openness.windows.get(node) ?? firstWindow(length), length, where),
  );
}

/** The same with everything open around a value, and in a string the part around a position of its text. */
export function withVisible(
  openness: JsonOpenness,
  index: JsonIndex,
  { node, position }: { node: number; position: number | null },
): JsonOpenness {
  const touched = new Map(openness.touched);
  for (let above = index.parent(node); above !== -1; above = index.parent(above)) touched.set(above, true);
  if (position === null || index.kind(node) !== 'string') return { ...openness, touched };
  touched.set(node, true);
  const { length } = index.string(node);
  const window = windowAround(openness.windows.get(node) ?? firstWindow(length), length, position);
  return withWindow({ ...openness, touched }, node, window);
}
