const INDENT = '  ';

/**
 * The same JSON with a line for each value. Only white space changes: numbers, escapes and duplicate keys stay as they
 * are written, and a text that is cut is formatted up to its end.
 */
export function formatJson(text: string): string {
  const out: string[] = [];
  let depth = 0;
  const newLine = (): void => void out.push('\n', INDENT.repeat(Math.min(depth, 100)));
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (character === '"') {
      const end = stringEnd(text, at);
      out.push(text.slice(at, end));
      at = end;
      continue;
    }
    at += 1;
    if (character === '{' || character === '[') {
      const closing = character === '{' ? '}' : ']';
      const next = skipBlank(text, at);
      out.push(character);
      if (text[next] === closing) {
        out.push(closing);
        at = next + 1;
      } else {
        depth += 1;
        newLine();
      }
    } else if (character === '}' || character === ']') {
      depth -= 1;
      newLine();
      out.push(character);
    } else if (character === ',') {
      out.push(character);
      newLine();
    } else if (character === ':') out.push(': ');
    else if (!/\s/.test(character)) out.push(character);
  }
  return out.join('');
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}

function stringEnd(text: string, start: number): number {
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let escapes = quote;
    while (text[escapes - 1] === '\\') escapes -= 1;
    if ((quote - escapes) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}
