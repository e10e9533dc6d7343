import type { JsonRows } from './json-rows.ts';
import type { StringWindow } from './string-window.ts';
import { wrapText } from './wrap-text.ts';

/** Lays a part of a plain text out as lines, in the same form as a tree, so that one list draws both. */
export function layOutText(text: string, window: StringWindow, columns: number): JsonRows {
  const lines = wrapText(text, columns - 2, window);
  const hasBefore = window.from > 0 ? 1 : 0;
  const lineCount = lines.length - 1;
  const hasAfter = window.to < text.length ? 1 : 0;
  return {
    count: hasBefore + lineCount + hasAfter,
    isLimited: false,
    at(row) {
      const line = row - hasBefore;
      if (line < 0) return { kind: 'before', node: 0, left: window.from };
      if (line >= lineCount) return { kind: 'after', node: 0, left: text.length - window.to };
      return { kind: 'line', node: 0, start: lines[line]!, end: lines[line + 1]! };
    },
    rowOf: () => 0,
    rowOfPosition: (_node, position) =>
      hasBefore +
      Math.max(
        0,
        lines.slice(0, -1).findLastIndex((start) => start <= position),
      ),
    string: () => text,
  };
}
