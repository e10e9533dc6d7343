import type { Node } from 'jsonc-parser';
import { insertLast, removeItems } from '../files/json-edit.ts';
import { endOf, memberOf, membersOf, nodeAt } from '../files/json-node.ts';
import { indentationAt, startsLine, styleAt } from '../files/json-style.ts';
import type { JsonDocument } from '../files/json-document.ts';
import type { Splice } from '../files/splice.ts';
import { findEntry } from './entry.ts';
import type { ManifestEntry } from './manifest.ts';
import { readRoutedEntry } from './routed-entry.ts';

/**
 * Takes out the entries that a migration had put into one table beside those of the person, and puts back those it had
 * taken out, word for word from the saved original. Entries that somebody has changed or added since stay.
 */
export function restoreTable(
  present: JsonDocument,
  recorded: readonly ManifestEntry[],
  original: JsonDocument | null,
): Splice[] {
  const [first] = recorded;
  const table = first && nodeAt(present.root, first.keys);
  if (table?.type !== 'object') return [];
  const ours = recorded.flatMap((entry) =>
    isStillOurs(present, entry) ? [memberOf(table, entry.name)!] : [],
  );
  const lost = recorded.filter((entry) => entry.way === 'merged' && !memberOf(table, entry.name));
  const [place, ...rest] = ours.map(({ property }) => property);
  const style = styleAt(present.text, present.root!, table);
  const gap = place ? gapBefore(present.text, place, style.eol) : '';
  const texts = original ? savedTexts(original, lost) : [];
  if (texts.length === 0) return place ? removeItems(present.text, table, new Set([place, ...rest])) : [];
  if (!place) return [insertLast(present.text, table, texts, style)];
  return [
    { offset: place.offset, length: place.length, text: texts.join(`,${gap}`) },
    ...removeItems(present.text, table, new Set(rest)),
  ];
}

/** Whether anything of a table would have to come from the saved original. */
export const needsOriginal = (present: JsonDocument, recorded: readonly ManifestEntry[]): boolean =>
  recorded.some((entry) => entry.way === 'merged' && !memberOf(nodeAt(present.root, entry.keys), entry.name));

function isStillOurs({ root }: JsonDocument, { name, keys, scope, server, way }: ManifestEntry): boolean {
  const entry = findEntry(root, { keys, scope }, name);
  if (way === 'gateway') return entry?.route?.way === 'gateway';
  if (way !== 'override' || !entry?.stdio) return false;
  return readRoutedEntry(entry.stdio)?.server === server;
}

/** The members as they were written; those that stood side by side as one text, with what stood between them. */
function savedTexts(original: JsonDocument, lost: readonly ManifestEntry[]): string[] {
  const names = new Set(lost.map(({ name }) => name));
  const [first] = lost;
  const texts: string[] = [];
  let end: number | null = null;
  for (const { name, property } of membersOf(nodeAt(original.root, first?.keys ?? []))) {
    if (!names.has(name)) {
      end = null;
      continue;
    }
    const text = original.text.slice(end ?? property.offset, endOf(property));
    // A comment between two of them was never taken out, so it is there already.
    if (end !== null && /^\s*,\s*"/.test(text)) texts.push(texts.pop()! + text);
    else texts.push(original.text.slice(property.offset, endOf(property)));
    end = endOf(property);
  }
  return texts;
}

const gapBefore = (text: string, node: Node, eol: string): string =>
  startsLine(text, node.offset) ? eol + indentationAt(text, node.offset) : ' ';
