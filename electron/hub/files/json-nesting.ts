const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const STAR = 0x2a;

/**
 * Offset of the first bracket that is nested deeper than `limit`, or null. One pass without recursion, run before
 * any parser that recurses.
 */
export function nestingTooDeepAt(json: string, limit: number): number | null {
  let depth = 0;
  for (let index = 0; index < json.length; index += 1) {
    const unit = json.charCodeAt(index);
    if (unit === QUOTE) index = endOfString(json, index);
    else if (unit === SLASH) index = endOfComment(json, index);
    else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > limit) return index;
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
  return null;
}

/** Index of the closing quote; a line end closes a broken string, as it does for the parser. */
function endOfString(json: string, start: number): number {
  for (let index = start + 1; index < json.length; index += 1) {
    const unit = json.charCodeAt(index);
    if (unit === BACKSLASH) index += 1;
    else if (unit === QUOTE || unit === 0x0a || unit === 0x0d) return index;
  }
  return json.length;
}

function endOfComment(json: string, start: number): number {
  const next = json.charCodeAt(start + 1);
  if (next === SLASH) {
    const end = json.indexOf('\n', start);
    return end === -1 ? json.length : end;
  }
  if (next === STAR) {
    const end = json.indexOf('*/', start + 2);
    return end === -1 ? json.length : end + 1;
  }
  return start;
}
