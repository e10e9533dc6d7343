/** Headers as typed, one `name: value` per line. */
export interface TypedHeaders {
  headers: Record<string, string>;
  /** The first line that is none, 1-based. */
  wrongLine: number | null;
}

/** Reads them; what HTTP forbids in a name or a value is wrong here already. */
export function headersOf(text: string): TypedHeaders {
  const headers: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, name, value] = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([\t\x20-\x7E]*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return { headers: {}, wrongLine: index + 1 };
    headers[name] = value;
  }
  return { headers, wrongLine: null };
}
