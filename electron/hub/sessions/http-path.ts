/** What a path of the hub stands for. `label` names the endpoint as `Endpoint.label` does. */
export type HttpPath =
  | { kind: 'streamable' | 'sse' | 'messages'; label: string }
  | { kind: 'json-rpc' | 'websocket'; label: '*' }
  | { kind: 'health' | 'health-sessions' | 'metrics' | 'rest' | 'rpc' | 'malformed' }
  /** Perhaps a file of the UI. */
  | { kind: 'file'; path: string };

const FIXED: Readonly<Record<string, HttpPath>> = {
  '/mcp': { kind: 'streamable', label: '*' },
  '/sse': { kind: 'sse', label: '*' },
  '/messages': { kind: 'messages', label: '*' },
  '/jsonrpc': { kind: 'json-rpc', label: '*' },
  '/ws': { kind: 'websocket', label: '*' },
  '/rpc': { kind: 'rpc' },
  '/health': { kind: 'health' },
  '/health/sessions': { kind: 'health-sessions' },
  '/metrics': { kind: 'metrics' },
};

const NAMED = /^\/(servers|profiles)\/([^/]+)\/(mcp|sse|messages)$/;
const KINDS = { mcp: 'streamable', sse: 'sse', messages: 'messages' } as const;
/** Enough for every server and profile of a big catalog; paths beyond are read anew each time. */
const MAX_KNOWN = 1_000;

/** Reads request targets; each path is taken apart once, since one client asks for the same one with every call. */
export function createPathReader(): (target: string) => HttpPath {
  const known = new Map<string, HttpPath>(Object.entries(FIXED));
  return (target) => {
    const query = target.indexOf('?');
    const path = query === -1 ? target : target.slice(0, query);
    let read = known.get(path);
    if (read) return read;
    read = readPath(path);
    if (read.kind !== 'file' && read.kind !== 'malformed' && known.size < MAX_KNOWN) known.set(path, read);
    return read;
  };
}

/** A parameter of the request target's query; null when it is absent. */
export function queryParameter(target: string, name: string): string | null {
  const query = target.indexOf('?');
  return query === -1 ? null : new URLSearchParams(target.slice(query + 1)).get(name);
}

function readPath(path: string): HttpPath {
  if (path.startsWith('/api/')) return { kind: 'rest' };
  const match = NAMED.exec(path);
  if (!match) return { kind: 'file', path };
  const [, group, encoded, last] = match as unknown as [string, string, string, keyof typeof KINDS];
  // Profiles are a choice of this hub's making; HTTP+SSE is for clients that know single servers (design §4).
  if (group === 'profiles' && last !== 'mcp') return { kind: 'file', path };
  try {
    return { kind: KINDS[last], label: `${group}/${decodeURIComponent(encoded)}` };
  } catch {
    return { kind: 'malformed' };
  }
}
