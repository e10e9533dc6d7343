import { indentationAt, type JsonStyle } from './json-style.ts';

/** `"key": value` in the style of the file. */
export const memberText = (key: string, value: string, style: JsonStyle): string =>
  `${JSON.stringify(key)}${style.colon}${value}`;

/**
 * A value as JSON text in the style of the file, to stand on the line that holds `offset`, `depth` steps further in.
 */
export function literal(
  value: unknown,
  style: JsonStyle,
  at: { text: string; offset: number; depth: number },
): string {
  if (!style.spreadsObjects) return JSON.stringify(value);
  const lead = indentationAt(at.text, at.offset) + style.indent.repeat(at.depth);
  return JSON.stringify(value, null, style.indent).replaceAll('\n', style.eol + lead);
}

/** A list of strings on one line or one per line, as the file's other lists are; see `literal`. */
export function listLiteral(
  items: readonly string[],
  style: JsonStyle,
  at: { text: string; offset: number; depth: number },
): string {
  const space = /\s$/.test(style.colon) ? ' ' : '';
  if (!style.spreadsLists || items.length === 0) return `[${items.join(`,${space}`)}]`;
  const lead = style.eol + indentationAt(at.text, at.offset) + style.indent.repeat(at.depth);
  return `[${items.map((item) => lead + style.indent + item).join(',')}${lead}]`;
}
