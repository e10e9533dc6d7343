import type { IncomingHttpHeaders } from 'node:http';
import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import { findMember, stringAt } from '../frames/find-member.ts';
import { RPC, type Failure } from './rpc-failure.ts';

/** Which parameter `Mcp-Name` repeats (2026-07-28, transports/streamable-http; tasks extension). */
const NAMED_BY = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/**
 * Compares the standard headers of a modern request with its body, which is what upstream sees: whoever decides by
 * headers must not decide about something else (C12, C13). Null when they agree.
 */
export function checkHeaders(
  headers: IncomingHttpHeaders,
  frame: Buffer,
  envelope: Envelope,
): Failure | null {
  const { method, protocolVersion } = envelope;
  const version = headers['mcp-protocol-version'];
  if (version !== protocolVersion)
    return mismatch('MCP-Protocol-Version', version, protocolVersion, envelope);
  const said = headers['mcp-method'];
  if (said !== method) return mismatch('Mcp-Method', said, method, envelope);
  const parameter = NAMED_BY.get(method!);
  if (parameter === undefined) return null;
  const name = headers['mcp-name'];
  const wanted = parameterOf(frame, envelope, parameter);
  if (wanted === null && name === undefined) return null;
  // The usual case, without looking for an encoding.
  if (name === wanted && !isEncoded(name)) return null;
  const decoded = typeof name === 'string' ? decodeHeader(name) : null;
  return decoded !== null && decoded === wanted ? null : mismatch('Mcp-Name', name, wanted, envelope);
}

/**
 * Compares `Mcp-Param-*` headers with the arguments they repeat. `wanted`: header name → path in the arguments. A value
 * that the body lacks needs no header (2026-07-28, custom headers).
 */
export function checkParameterHeaders(
  headers: IncomingHttpHeaders,
  frame: Buffer,
  envelope: Envelope,
  wanted: ReadonlyMap<string, readonly string[]>,
): Failure | null {
  const given = envelope.ranges.params === 0 ? null : findMember(frame, envelope.ranges.params, 'arguments');
  if (!given) return null;
  let args: unknown;
  try {
    args = JSON.parse(frame.toString('utf8', given.start, given.end));
  } catch {
    // The frame was read without looking into its values.
    return { code: RPC.parse, message: 'Parse error: the arguments are not JSON.', id: envelope.id };
  }
  for (const [header, path] of wanted) {
    const value = path.reduce(memberOf, args);
    if (value === undefined || value === null || typeof value === 'object') continue;
    const said = headers[header.toLowerCase()];
    const decoded = typeof said === 'string' ? decodeHeader(said) : null;
    if (decoded === null || !isSame(decoded, value)) {
      return mismatch(header, said, JSON.stringify(value), envelope);
    }
  }
  return null;
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

/** `42.0` and `42` are one number (2026-07-28, custom headers). */
const isSame = (decoded: string, value: unknown): boolean =>
  decoded === String(value) ||
  (typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(decoded) && Number(decoded) === value);

function parameterOf(frame: Buffer, { ranges, target }: Envelope, parameter: string): string | null {
  if (parameter === 'name') return ranges.name === 0 ? null : target;
  // A frame with a name and a URI has its name as target.
  if (parameter === 'uri' && ranges.name === 0) return target;
  if (ranges.params === 0) return null;
  const member = findMember(frame, ranges.params, parameter);
  return member && stringAt(frame, member);
}

const PREFIX = '=?base64?';
const SUFFIX = '?=';

const isEncoded = (value: string | string[] | undefined): boolean =>
  typeof value === 'string' && value.startsWith(PREFIX) && value.endsWith(SUFFIX);

/** The text a header stands for: plain, or UTF-8 in Base64 between `=?base64?` and `?=`. Null when that is broken. */
export function decodeHeader(value: string): string | null {
  if (!isEncoded(value)) return value;
  const encoded = value.slice(PREFIX.length, -SUFFIX.length);
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(encoded, 'base64'));
  } catch {
    return null;
  }
}

function mismatch(
  header: string,
  said: string | string[] | undefined,
  body: string | null,
  { id }: Envelope,
): Failure {
  const what = said === undefined ? 'is absent' : `is ${JSON.stringify(said)}`;
  return {
    code: RPC.headerMismatch,
    message: `Bad Request: the ${header} header ${what}, the body says ${body ?? 'nothing of it'}.`,
    id,
  };
}
