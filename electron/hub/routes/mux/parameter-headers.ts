import { findMember } from '../../frames/find-member.ts';
import type { ClientCall } from './client-call.ts';
import type { ListItem } from './upstream-lists.ts';

/** Header name → path of the argument that it repeats. */
export type ParameterHeaders = ReadonlyMap<string, readonly string[]>;

const KEY = 'x-mcp-header';
const PREFIX = 'Mcp-Param-';
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const TYPES: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);
/** Schemas are written by servers: nothing here may be worked on without end. */
const MAX_DEPTH = 32;

const known = new WeakMap<ListItem, ParameterHeaders | 'invalid'>();
const NONE: ParameterHeaders = new Map();

/**
 * The headers that a tool of a modern server wants its arguments repeated in (2026-07-28, custom headers). A tool
 * whose wishes are against the rules is `invalid`: a client over HTTP has to leave it out.
 */
export function parameterHeadersOf(tool: ListItem): ParameterHeaders | 'invalid' {
  let headers = known.get(tool);
  if (!headers) known.set(tool, (headers = tool.bytes.includes(KEY) ? read(tool.bytes) : NONE));
  return headers;
}

function read(tool: Buffer): ParameterHeaders | 'invalid' {
  const schema = findMember(tool, 0, 'inputSchema');
  if (!schema) return NONE;
  const headers = new Map<string, readonly string[]>();
  const lower = new Set<string>();
  const visit = (node: unknown, path: readonly string[], isReachable: boolean): boolean => {
    if (typeof node !== 'object' || node === null) return true;
    if (path.length > MAX_DEPTH) return false;
    if (Array.isArray(node)) return node.every((one) => visit(one, [...path, ''], false));
    const members = node as Record<string, unknown>;
    if (Object.hasOwn(members, KEY)) {
      const name = members[KEY];
      const isValid = isReachable && path.length > 0 && typeof name === 'string' && TOKEN.test(name);
      if (!isValid || !TYPES.has(members.type) || lower.has(name.toLowerCase())) return false;
      lower.add(name.toLowerCase());
      headers.set(PREFIX + name, path);
    }
    return Object.entries(members).every(([key, value]) => {
      if (key !== 'properties' || typeof value !== 'object' || value === null)
        return visit(value, [...path, ''], false);
      return Object.entries(value).every(([name, child]) => visit(child, [...path, name], isReachable));
    });
  };
  try {
    return visit(JSON.parse(tool.toString('utf8', schema.start, schema.end)), [], true) ? headers : 'invalid';
  } catch {
    return 'invalid';
  }
}

/** What a call's arguments are repeated in on its way to a modern server over HTTP; null for nothing. */
export function headersOfCall(call: ClientCall): Readonly<Record<string, string>> | null {
  const { upstream, link, method, request, terms } = call;
  if (method !== 'tools/call' || upstream?.era !== 'modern' || !upstream.connection.correlates) return null;
  const name = terms.target ?? request.envelope.target;
  const tool = link.peek('tools/list')?.items.find(({ key }) => key === name);
  const headers = tool && parameterHeadersOf(tool);
  if (!headers || headers === 'invalid') return null;
  return parameterValues(headers, call.frame, request.envelope.ranges.params);
}

function parameterValues(
  headers: ParameterHeaders,
  frame: Buffer,
  params: number,
): Readonly<Record<string, string>> | null {
  const given = headers.size === 0 || params === 0 ? null : findMember(frame, params, 'arguments');
  if (!given) return null;
  const args: unknown = JSON.parse(frame.toString('utf8', given.start, given.end));
  const values: Record<string, string> = {};
  for (const [header, path] of headers) {
    const value = path.reduce<unknown>(
      (from, key) =>
        typeof from === 'object' && from !== null && Object.hasOwn(from, key)
          ? (from as Record<string, unknown>)[key]
          : undefined,
      args,
    );
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      values[header] = String(value);
  }
  return values;
}
