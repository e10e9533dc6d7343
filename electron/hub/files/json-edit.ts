import { createScanner, type Node } from 'jsonc-parser';
import { endOf } from './json-node.ts';
import { indentationAt, startsLine, type JsonStyle } from './json-style.ts';
import type { Splice } from './splice.ts';

// `const enum` members of jsonc-parser, which isolated modules cannot name.
const COMMA_TOKEN = 5;
const LAST_TRIVIA = { first: 12, last: 15 };

/**
 * Puts items before the first one of an object or list that is not empty, spaced as its own are. `items` are
 * finished JSON: values for a list, `"key": value` for an object.
 */
export function insertFirst(
  text: string,
  container: Node,
  items: readonly string[],
  style: JsonStyle,
): Splice {
  const [first, second] = container.children ?? [];
  if (!first) return fillEmpty(text, container, items, style);
  const lead = /(\r\n|\n|\r)?[ \t]*$/.exec(text.slice(container.offset + 1, first.offset))![0];
  const between = second ? text.slice(endOf(first), second.offset) : null;
  const gap =
    between !== null && /^,\s*$/.test(between)
      ? between
      : `,${startsLine(text, first.offset) ? lead : spaceOf(style)}`;
  return { offset: first.offset, length: 0, text: items.map((item) => item + gap).join('') };
}

/** Puts items after the last one of an object or list, or into an empty one. */
export function insertLast(
  text: string,
  container: Node,
  items: readonly string[],
  style: JsonStyle,
): Splice {
  const last = container.children?.at(-1);
  if (!last) return fillEmpty(text, container, items, style);
  const comma = commaAfter(text, endOf(last), endOf(container) - 1);
  const gap = startsLine(text, last.offset) ? style.eol + indentationAt(text, last.offset) : spaceOf(style);
  const joined = items.join(`,${gap}`);
  return comma === null
    ? { offset: endOf(last), length: 0, text: `,${gap}${joined}` }
    : { offset: comma, length: 0, text: `${gap}${joined},` };
}

/** Puts members right after another one of the same object. */
export function insertAfter(
  text: string,
  property: Node,
  members: readonly string[],
  style: JsonStyle,
): Splice {
  const gap = startsLine(text, property.offset)
    ? style.eol + indentationAt(text, property.offset)
    : spaceOf(style);
  return { offset: endOf(property), length: 0, text: members.map((member) => `,${gap}${member}`).join('') };
}

/**
 * Takes items out of an object or list, each with the comma that goes with it. Comments beside what stays are kept;
 * an object or list left without anything closes up.
 */
export function removeItems(text: string, container: Node, doomed: ReadonlySet<Node>): Splice[] {
  const items = container.children ?? [];
  const inner = { start: container.offset + 1, end: endOf(container) - 1 };
  if (items.every((item) => doomed.has(item)) && items.length > 0) return emptyOut(text, items, inner);

  const splices: Splice[] = [];
  for (let index = 0; index < items.length; index += 1) {
    if (!doomed.has(items[index]!)) continue;
    const from = index;
    while (index + 1 < items.length && doomed.has(items[index + 1]!)) index += 1;
    const start = items[from]!.offset;
    const end = endOf(items[index]!);
    const previous = items[from - 1];
    const next = items[index + 1];
    const before = previous && text.slice(endOf(previous), start);
    const behind = commaAfter(text, end, next?.offset ?? inner.end);
    if (before !== undefined && /^\s*,\s*$/.test(before)) splices.push(span(endOf(previous!), end));
    else if (behind !== null) {
      const blank = next && text.slice(behind, next.offset).trim() === '';
      splices.push(span(start, blank ? next.offset : behind));
    } else {
      // The last one behind a comment: its comma stands before that.
      const comma = commaAfter(text, endOf(previous!), start)!;
      splices.push(span(comma - 1, comma), span(start, end));
    }
  }
  return splices;
}

function emptyOut(text: string, items: readonly Node[], inner: { start: number; end: number }): Splice[] {
  const first = items[0]!.offset;
  const last = endOf(items.at(-1)!);
  const end = commaAfter(text, last, inner.end) ?? last;
  const blank = (text.slice(inner.start, first) + text.slice(end, inner.end)).trim() === '';
  return [blank ? span(inner.start, inner.end) : span(first, end)];
}

const span = (start: number, end: number): Splice => ({ offset: start, length: end - start, text: '' });

function fillEmpty(text: string, container: Node, items: readonly string[], style: JsonStyle): Splice {
  const start = container.offset + 1;
  const inside = text.slice(start, endOf(container) - 1);
  const spread = container.type === 'array' ? style.spreadsLists : style.spreadsObjects;
  if (inside.trim() !== '' || !spread) {
    // Before a comment the space that is there does; another one would stay when the items are taken out again.
    const gap = inside.trim() === '' && inside.startsWith(' ') ? ' ' : '';
    return { offset: start, length: 0, text: gap + items.join(`,${spaceOf(style)}`) };
  }
  const outer = style.eol + indentationAt(text, container.offset);
  const lines = items.map((item) => outer + style.indent + item).join(',');
  return { offset: start, length: 0, text: lines + (inside === '' ? outer : '') };
}

/** Files without a space behind their colons have none behind their commas either. */
const spaceOf = ({ colon }: JsonStyle): string => (/\s$/.test(colon) ? ' ' : '');

/** Offset right behind the comma that follows `start`, or null when none comes before `end`. Knows comments. */
function commaAfter(text: string, start: number, end: number): number | null {
  const scanner = createScanner(text, false);
  scanner.setPosition(start);
  for (;;) {
    const token: number = scanner.scan();
    if (scanner.getTokenOffset() >= end) return null;
    if (token === COMMA_TOKEN) return scanner.getTokenOffset() + 1;
    if (token < LAST_TRIVIA.first || token > LAST_TRIVIA.last) return null;
  }
}
