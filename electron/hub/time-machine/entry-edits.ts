import type { Node } from 'jsonc-parser';
import { parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { insertAfter, insertLast, removeItems } from '../files/json-edit.ts';
import { memberText } from '../files/json-literal.ts';
import { endOf, memberOf, membersOf, nodeAt } from '../files/json-node.ts';
import { indentationAt, styleAt, type JsonStyle } from '../files/json-style.ts';
import { applySplices, type Splice } from '../files/splice.ts';

/** The JSON text of an entry, cut out of a config with the indentation it had there. */
export interface EntryText {
  keys: readonly string[];
  name: string;
  /** The value alone. */
  text: string;
  /** White space at the start of the line it began on. */
  indentation: string;
}

/** Cuts out the entry of this name in the table at `keys`; null when there is none. */
export function entryText(document: JsonDocument, keys: readonly string[], name: string): EntryText | null {
  const member = memberOf(nodeAt(document.root, keys), name);
  if (!member) return null;
  const { value, property } = member;
  return {
    keys,
    name,
    text: document.text.slice(value.offset, endOf(value)),
    indentation: indentationAt(document.text, property.offset),
  };
}

/** Puts whole entries in, over those of the same name; tables that are missing are made. Everything else stays. */
export function putEntries(document: JsonDocument, entries: readonly EntryText[]): JsonDocument {
  let current = document.root ? document : parseJsonDocument(Buffer.from('{}\n'), document.path);
  const replaced: Splice[] = [];
  const missing = new Map<string, EntryText[]>();
  for (const entry of entries) {
    const member = memberOf(nodeAt(current.root, entry.keys), entry.name);
    if (member) {
      const indentation = indentationAt(current.text, member.property.offset);
      const text = fitted(entry, indentation, styleAt(current.text, current.root!, member.value));
      replaced.push({ offset: member.value.offset, length: member.value.length, text });
    } else {
      const key = JSON.stringify(entry.keys);
      missing.set(key, [...(missing.get(key) ?? []), entry]);
    }
  }
  current = spliced(current, replaced);
  for (const group of missing.values()) current = addToTable(current, group);
  return current;
}

/** Takes entries out, each with its comma; those that are not there are passed over. */
export function removeEntries(
  document: JsonDocument,
  entries: readonly { keys: readonly string[]; name: string }[],
): JsonDocument {
  const byTable = new Map<Node, Set<Node>>();
  for (const { keys, name } of entries) {
    const table = nodeAt(document.root, keys);
    const member = memberOf(table, name);
    if (table && member) byTable.set(table, (byTable.get(table) ?? new Set()).add(member.property));
  }
  const splices = [...byTable].flatMap(([table, doomed]) => removeItems(document.text, table, doomed));
  return spliced(document, splices);
}

/**
 * Gives an entry the fields of another one that say what is started, and leaves its other fields as they are by now,
 * such as a key that somebody renewed. Fields of `names` that the other one has not are taken out.
 */
export function putFields(document: JsonDocument, entry: EntryText, names: readonly string[]): JsonDocument {
  const source = parseJsonDocument(Buffer.from(`{"entry": ${entry.text}}`), document.path);
  const wanted = memberOf(source.root, 'entry')?.value;
  const cut = (node: Node, style: JsonStyle): Pick<EntryText, 'text' | 'indentation'> => ({
    text: source.text.slice(node.offset, endOf(node)),
    indentation: inner(entry.indentation, style),
  });
  let current = document;
  for (const name of names) {
    const target = memberOf(nodeAt(current.root, entry.keys), entry.name)?.value;
    if (!target) return current;
    const from = memberOf(wanted, name);
    const to = memberOf(target, name);
    const style = styleAt(current.text, current.root!, target);
    if (from && to) {
      const literal = fitted(cut(from.value, style), indentationAt(current.text, to.property.offset), style);
      if (literal === current.text.slice(to.value.offset, endOf(to.value))) continue;
      current = spliced(current, [{ offset: to.value.offset, length: to.value.length, text: literal }]);
    } else if (from) {
      const beside = memberOf(target, 'command')?.property ?? membersOf(target)[0]?.property;
      const lead = beside ? indentationAt(current.text, beside.offset) : '';
      const member = memberText(name, fitted(cut(from.value, style), lead, style), style);
      const splice = beside
        ? insertAfter(current.text, beside, [member], style)
        : insertLast(current.text, target, [member], style);
      current = spliced(current, [splice]);
    } else if (to) {
      current = spliced(current, removeItems(current.text, target, new Set([to.property])));
    }
  }
  return current;
}

/** Fields of an entry stand one step further in than the entry itself. */
const inner = (indentation: string, { indent }: JsonStyle): string => indentation + indent;

/** The text as it looks at another depth and with other line ends. */
function fitted(
  { text, indentation }: Pick<EntryText, 'text' | 'indentation'>,
  lead: string,
  style: JsonStyle,
): string {
  const [first, ...rest] = text.split(/\r\n|\n|\r/);
  const moved = rest.map((line) =>
    line.startsWith(indentation) ? lead + line.slice(indentation.length) : line,
  );
  return [first, ...moved].join(style.eol);
}

function addToTable(document: JsonDocument, entries: readonly EntryText[]): JsonDocument {
  const { text, root } = document;
  const keys = entries[0]!.keys;
  let depth = keys.length;
  while (depth > 0 && nodeAt(root, keys.slice(0, depth))?.type !== 'object') depth -= 1;
  const parent = nodeAt(root, keys.slice(0, depth))!;
  const style = styleAt(text, root!, parent.children?.length ? parent : root!);
  if (depth < keys.length) {
    // One level at a time: the next round finds it.
    const added = memberText(keys[depth]!, '{}', style);
    const other = memberOf(parent, keys[depth]!);
    const splices = other
      ? [{ offset: other.value.offset, length: other.value.length, text: '{}' }]
      : [insertLast(text, parent, [added], style)];
    return addToTable(spliced(document, splices), entries);
  }
  const [first] = membersOf(parent);
  const lead = first
    ? indentationAt(text, first.property.offset)
    : indentationAt(text, parent.offset) + style.indent;
  const members = entries.map((entry) => memberText(entry.name, fitted(entry, lead, style), style));
  return spliced(document, [insertLast(text, parent, members, style)]);
}

function spliced(document: JsonDocument, splices: readonly Splice[]): JsonDocument {
  return splices.length === 0 ? document : parseJsonDocument(applySplices(document, splices), document.path);
}
