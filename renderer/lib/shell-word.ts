// Controls, and what is invisible or turns the reading direction: it must not reach a terminal unseen.
const HIDDEN =
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]|[\u{E0000}-\u{E01EF}]/gu;

const unicodeEscapes = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** JSON in one line without a hidden character: white space between values becomes a blank, the rest is escaped. */
export const escapeHidden = (json: string): string =>
  json.replace(HIDDEN, (character) => (/[\t\n\r]/.test(character) ? ' ' : unicodeEscapes(character)));

/** A word as a POSIX shell takes it literally; plain ones stay plain. */
export function asShellWord(word: string): string {
  // No escape exists inside of single quotes: a raw control character would act in the terminal as it is pasted.
  const visible = word.replace(HIDDEN, '');
  return /^[\w@%+=:,./-]+$/.test(visible) ? visible : `'${visible.replaceAll("'", `'\\''`)}'`;
}
