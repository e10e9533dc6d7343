/*
 * Control characters, ANSI escapes, bidi overrides and characters of no width: what could move a cursor, forge a
 * line, turn words round or carry instructions that a person does not see (E26, E28).
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Other people's text with such characters written as code points; tabs and line ends stay. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const point = character.codePointAt(0)!.toString(16);
    return point.length > 4 ? `\\u{${point}}` : `\\u${point.padStart(4, '0')}`;
  });
}
