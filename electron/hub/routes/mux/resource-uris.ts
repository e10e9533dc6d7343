/**
 * URIs of several servers on one endpoint. A URI that one server only has stays as it is. Of those that several have,
 * the first server in the order of the catalog keeps it; the others' are told apart by the server's name, put where
 * the scheme stays what it is: `ui://app` becomes `ui://weather/app`, `note:1` becomes `note:weather/1`.
 */
export function qualifiedUri(server: string, uri: string): string {
  const { head, rest } = split(uri);
  return `${head}${encodeURIComponent(server)}/${rest}`;
}

/** What `qualifiedUri` was made of for this server; null when it was not. */
export function unqualifiedUri(server: string, uri: string): string | null {
  const { head, rest } = split(uri);
  const mark = `${encodeURIComponent(server)}/`;
  return rest.startsWith(mark) ? head + rest.slice(mark.length) : null;
}

function split(uri: string): { head: string; rest: string } {
  const colon = uri.indexOf(':');
  const start = colon + (uri.startsWith('//', colon + 1) ? 3 : 1);
  return { head: uri.slice(0, start), rest: uri.slice(start) };
}

/** `demo` of `demo://x/1`; empty where there is none. */
export const schemeOf = (uri: string): string => uri.slice(0, Math.max(0, uri.indexOf(':'))).toLowerCase();

/**
 * Whether a URI can come of an RFC 6570 template. Only the literal text between the expressions is compared, each
 * part as early as it comes: linear whatever a server writes (B24).
 */
export function matchesTemplate(template: string, uri: string): boolean {
  const literals = template.split(/\{[^{}]*\}/);
  const first = literals[0]!;
  if (literals.length === 1) return uri === template;
  const last = literals.at(-1)!;
  if (!uri.startsWith(first) || uri.length < first.length + last.length || !uri.endsWith(last)) return false;
  let at = first.length;
  const end = uri.length - last.length;
  for (const literal of literals.slice(1, -1)) {
    const found = uri.indexOf(literal, at);
    if (found === -1 || found + literal.length > end) return false;
    at = found + literal.length;
  }
  return true;
}

/** Whether news of `uri` are news for one who watches `watched`: the same, or something below it. */
export const isWithin = (uri: string, watched: string): boolean =>
  uri === watched ||
  (uri.startsWith(watched) && (watched.endsWith('/') || /^[/?#]/.test(uri.slice(watched.length))));
