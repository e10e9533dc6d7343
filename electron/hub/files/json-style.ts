import type { Node } from 'jsonc-parser';
import { endOf, membersOf } from './json-node.ts';

/** How a file writes JSON, read off its own text, so that what we add looks like what is there. */
export interface JsonStyle {
  eol: string;
  /** One step of indentation. */
  indent: string;
  /** What stands between a key and its value. */
  colon: string;
  /** Lists with something in them have one element per line. */
  spreadsLists: boolean;
  /** Objects have one member per line. */
  spreadsObjects: boolean;
}

/** The style of the object at `node`, or of the whole file where that object says nothing. */
export function styleAt(text: string, root: Node, node: Node): JsonStyle {
  const [member] = [...membersOf(node), ...membersOf(root)];
  const gap = member ? text.slice(endOf(member.key), member.value.offset) : ': ';
  const spreadsObjects = member === undefined || startsLine(text, member.property.offset);
  return {
    eol: eolOf(text),
    indent: indentOf(text, root),
    colon: /^\s*:\s*$/.test(gap) && !/[\r\n]/.test(gap) ? gap : ': ',
    spreadsLists: spreadsObjects && (firstList(text, node) ?? firstList(text, root) ?? false),
    spreadsObjects,
  };
}

/** The white space at the start of the line that holds `offset`. */
export function indentationAt(text: string, offset: number): string {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))![0];
}

/** Whether only white space stands before `offset` on its line. */
export function startsLine(text: string, offset: number): boolean {
  return /(^|[\r\n])[ \t]*$/.test(text.slice(Math.max(0, offset - 1_000), offset));
}

function eolOf(text: string): string {
  const crlf = text.split('\r\n').length - 1;
  const lf = text.split('\n').length - 1 - crlf;
  return crlf > lf ? '\r\n' : '\n';
}

function indentOf(text: string, root: Node): string {
  for (const { property, value } of membersOf(root)) {
    if (!startsLine(text, property.offset)) continue;
    const outer = indentationAt(text, property.offset);
    if (outer !== '') return outer;
    const [inner] = membersOf(value);
    if (inner && startsLine(text, inner.property.offset))
      return indentationAt(text, inner.property.offset) || '  ';
  }
  return '  ';
}

/** Whether the first list below a node that has elements starts them on a line of their own. */
function firstList(text: string, root: Node): boolean | null {
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const [first] = node.children ?? [];
    if (node.type === 'array' && first) return startsLine(text, first.offset);
    for (const child of (node.children ?? []).toReversed()) waiting.push(child);
  }
  return null;
}
