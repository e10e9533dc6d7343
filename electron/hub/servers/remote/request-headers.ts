import type { OutboundFrame } from '../server-connection.ts';

/** First revision without handshake and sessions. */
const FIRST_MODERN = '2026-07-28';

/** Revisions are dates (or `DRAFT-…`), so their order is that of the text. */
export const isModernVersion = (version: string | null): boolean =>
  version !== null && version >= FIRST_MODERN;

/** Methods whose requests repeat what they are about in `Mcp-Name` (SEP-2243; tasks: SEP-2663). */
const NAMED_METHODS: ReadonlySet<string> = new Set([
  'tools/call',
  'prompts/get',
  'resources/read',
  'tasks/get',
  'tasks/update',
  'tasks/cancel',
]);

/** Headers of a POST of the legacy era. The handshake starts a session, so it names none. */
export function legacyHeaders(
  { method, protocolVersion }: Pick<OutboundFrame, 'method' | 'protocolVersion'>,
  sessionId: string | null,
): Record<string, string> {
  const isHandshake = method === 'initialize';
  return {
    ...(protocolVersion !== null && !isHandshake ? { 'MCP-Protocol-Version': protocolVersion } : {}),
    ...(sessionId !== null && !isHandshake ? { 'Mcp-Session-Id': sessionId } : {}),
  };
}

/** Headers of a POST of the modern era: what gateways on the way need to know of the message. */
export function modernHeaders(about: OutboundFrame): Record<string, string> {
  const { protocolVersion, method, target, parameterHeaders } = about;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameterHeaders ?? {})) {
    // The names come from a server's tool list: nothing else may be set by them.
    if (/^mcp-param-[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name)) headers[name] = encodeHeaderValue(value);
  }
  if (protocolVersion !== null) headers['MCP-Protocol-Version'] = protocolVersion;
  if (method !== null) headers['Mcp-Method'] = encodeHeaderValue(method);
  if (method !== null && target !== null && NAMED_METHODS.has(method)) {
    headers['Mcp-Name'] = encodeHeaderValue(target);
  }
  return headers;
}

const SENTINEL = '=?base64?';
const SENTINEL_END = '?=';

/**
 * A value as a header may carry it: as it is where it is plain text, else as Base64 of its UTF-8 in `=?base64?…?=`.
 * What looks encoded already is encoded, or it would be taken for its content.
 */
export function encodeHeaderValue(value: string): string {
  const isPlain = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(value);
  const looksEncoded = value.startsWith(SENTINEL) && value.endsWith(SENTINEL_END);
  return isPlain && !looksEncoded
    ? value
    : `${SENTINEL}${Buffer.from(value).toString('base64')}${SENTINEL_END}`;
}
