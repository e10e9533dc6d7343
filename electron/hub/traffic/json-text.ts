const SPACE = 0x20;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;

/** A cut secret may be too short for its pattern, so a cut text loses its last word, up to this length. */
const MAX_LOST_TAIL = 4_096;

/** Position after the string that opens at `start`, -1 when it does not end. */
export function stringEnd(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return -1;
    let escapes = quote;
    while (escapes > from && text.charCodeAt(escapes - 1) === BACKSLASH) escapes -= 1;
    if ((quote - escapes) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

/** Position of the colon that follows, -1 when something else does. */
export function colonAfter(text: string, from: number): number {
  let position = from;
  while (text.charCodeAt(position) <= SPACE) position += 1;
  return text.charCodeAt(position) === COLON ? position : -1;
}

/** A string that begins with `{` or `[`, after white space or its escapes, is read as JSON. */
export function beginsLikeJson(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 2;
    else if (code <= SPACE || code >= 0x80) at += 1;
    else return code === OPEN_BRACE || code === OPEN_BRACKET;
  }
  return false;
}

/** Where the last word of a cut JSON string begins; -1 when that is not plain to see. */
export function lastWordStart(text: string, start: number, end: number): number {
  const limit = Math.max(start, end - MAX_LOST_TAIL);
  for (let at = end; at > limit; at -= 1) {
    const last = text[at - 1]!;
    if (last === ' ' || last === ',' || last === ';' || last === "'") return at;
    if (last === 'n' && text[at - 2] === '\\' && text[at - 3] !== '\\') return at;
  }
  return -1;
}

/** The text of a JSON string; of a broken or cut one as much as can be read. */
export function decode(raw: string, isWhole: boolean): string {
  const inner = raw.slice(1, isWhole ? -1 : undefined);
  if (!inner.includes('\\')) return inner;
  for (const candidate of [inner, inner.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '')]) {
    try {
      return JSON.parse(`"${candidate}"`) as string;
    } catch {
      // The next one, or the text as it stands.
    }
  }
  return inner;
}

/** A cut text up to its last word. */
export function withoutLastWord(text: string): string {
  const limit = Math.max(0, text.length - MAX_LOST_TAIL);
  let end = text.length;
  while (end > limit && !/[\s"',;]/.test(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}
