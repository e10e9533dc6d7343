const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
/** A code point that is shown by its number: `U+202E`. */
const ESCAPE_COLUMNS = 7;
/** How far back from the edge a space is looked for. */
const MAX_WORD = 24;

/** Columns of a fixed-width face that a UTF-16 unit takes, near enough to break lines by. */
function columnsOf(code: number): number {
  if (code >= SPACE && code < 0x7f) return 1;
  if (code === TAB) return 4;
  if (code < 0xa0 || code === 0xad) return ESCAPE_COLUMNS;
  const isHidden =
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f);
  if (isHidden || code === 0xfeff) return ESCAPE_COLUMNS;
  if (code >= 0xd800 && code <= 0xdfff) return 1;
  return code >= 0x1100 ? 2 : 1;
}

/**
 * Breaks a part of a text into lines of a number of columns: positions of their starts, and the end of the last one.
 * Lines break at line ends, after spaces where one is near, and never inside of a surrogate pair.
 */
export function wrapText(text: string, columns: number, { from = 0, to = text.length } = {}): number[] {
  const width = Math.max(8, columns);
  const starts = [from];
  let used = 0;
  let lastSpace = -1;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) {
      if (at + 1 < to) starts.push(at + 1);
      used = 0;
      lastSpace = -1;
      continue;
    }
    if (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) === NEWLINE) continue;
    const size = columnsOf(code);
    if (used + size > width && used > 0) {
      const isTail = code >= 0xdc00 && code <= 0xdfff;
      const breakAt = lastSpace !== -1 && at - lastSpace <= MAX_WORD ? lastSpace + 1 : isTail ? at - 1 : at;
      if (breakAt > starts.at(-1)!) {
        starts.push(breakAt);
        used = 0;
        for (let back = breakAt; back < at; back += 1) used += columnsOf(text.charCodeAt(back));
        lastSpace = -1;
      }
    }
    used += size;
    if (code === SPACE) lastSpace = at;
  }
  starts.push(to);
  return starts;
}

/** A line of `wrapText` as it is shown: without its line end. */
export const lineText = (text: string, start: number, end: number): string =>
  text.slice(start, end).replace(/\r?\n$/, '');
