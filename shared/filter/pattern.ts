import type { Pattern } from './filter.ts';

/** A to Z only, like SQLite's NOCASE. */
export const foldCase = (text: string): string =>
  text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** `*` in bare text is a wildcard; quoted text is taken as it is. */
export function toPattern(text: string, isQuoted: boolean): Pattern {
  const folded = foldCase(text);
  return isQuoted ? [folded] : (folded.split(/\*+/) as [string, ...string[]]);
}

/** The same pattern found anywhere in a text. */
export const anywhere = (pattern: Pattern): Pattern => ['', ...pattern, ''];

/** Linear in the text for each piece: no backtracking, whatever the pattern. */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  const folded = foldCase(text);
  const first = pattern[0];
  if (pattern.length === 1) return folded === first;
  const last = pattern[pattern.length - 1]!;
  if (!folded.startsWith(first)) return false;
  const end = folded.length - last.length;
  let position = first.length;
  for (let index = 1; index < pattern.length - 1; index += 1) {
    const piece = pattern[index]!;
    const found = folded.indexOf(piece, position);
    if (found === -1) return false;
    position = found + piece.length;
  }
  return position <= end && folded.endsWith(last);
}
