/** A run of text as it may be shown; `isEscape` marks code points that would otherwise be invisible or misleading. */
export interface TextSegment {
  text: string;
  isEscape: boolean;
}

// Controls but tab and newline; soft hyphen; bidi marks, embeddings, overrides and isolates; zero-width characters;
// line separators; the tags block and variation selectors that can carry hidden text. A joiner between two emoji is
// part of one picture and stays.
const HIDDEN =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E01EF}]|(?<![\p{Extended_Pictographic}\uFE0F\p{Emoji_Modifier}])\u200D|\u200D(?!\p{Extended_Pictographic})|[\uD800-\uDFFF]/gu;

const codePointLabel = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/** Splits text from outside into runs, hidden code points as `U+202E`; nothing else is changed. */
export function segmentText(text: string): TextSegment[] {
  const segments: TextSegment[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) segments.push({ text: text.slice(from, match.index), isEscape: false });
    segments.push({ text: codePointLabel(match[0]), isEscape: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) segments.push({ text: text.slice(from), isEscape: false });
  return segments;
}

/** The same as one string, for places that hold no markup (titles, labels). */
export const visibleText = (text: string): string => text.replace(HIDDEN, codePointLabel);

/** The first line of a text, cut to `limit` UTF-16 units with an ellipsis: for cells and labels. */
export function oneLine(text: string, limit = 300): string {
  const line = text.slice(0, limit + 1).split(/[\r\n]/, 1)[0] ?? '';
  return line.length < text.length ? `${line.slice(0, limit)}…` : line;
}
