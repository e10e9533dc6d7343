import type { Node } from 'jsonc-parser';
import type { EntryView } from '../../../shared/model/client.ts';
import type { EntryTable } from '../clients/client-adapter.ts';
import { memberOf, membersOf, nodeAt } from '../files/json-node.ts';
import { readRoute, type Route } from './routed-entry.ts';

/** A stdio server as a config file declares it. */
export interface StdioCommand {
  command: string;
  args: readonly string[];
  /** A Map, because any text may be a name. */
  env: ReadonlyMap<string, string>;
}

/** A remote server as a config file declares it. */
export interface RemoteServer {
  url: string;
  /** As written; null when the entry has none. */
  type: string | null;
  headers: ReadonlyMap<string, string>;
  /** Key by which the client itself gets at a login: nobody else can do that in its place. */
  ownLogin: string | null;
}

/** One named server in a config file. */
export interface Entry {
  name: string;
  table: EntryTable;
  node: Node;
  transport: EntryView['transport'];
  /** Present when `transport` is `stdio`. */
  stdio?: StdioCommand;
  /** Present for `http` and `sse` entries that a client would use. */
  remote?: RemoteServer;
  /** How it leads to the hub; null when it does not. */
  route: Route | null;
}

/** The entries of one table in file order; none when the table is not an object. */
export function readEntries(root: Node | null, table: EntryTable): Entry[] {
  return membersOf(nodeAt(root, table.keys)).map(({ name, value }) => ({
    name,
    table,
    node: value,
    ...classify(value, name),
  }));
}

/** The entry of this name in the table at `keys`. */
export function findEntry(root: Node | null, table: EntryTable, name: string): Entry | undefined {
  const value = memberOf(nodeAt(root, table.keys), name)?.value;
  return value && { name, table, node: value, ...classify(value, name) };
}

function classify(node: Node, name: string): Pick<Entry, 'transport' | 'stdio' | 'remote' | 'route'> {
  const type = textOf(memberOf(node, 'type')?.value);
  const isHttp = type === 'http' || type === 'streamable-http';
  if (isHttp || type === 'sse') {
    const remote = readRemote(node, type);
    const route = readRoute({ stdio: readStdio(node), url: remote?.url ?? null, isStdio: false, name });
    return { transport: isHttp ? 'http' : 'sse', ...(remote && { remote }), route };
  }
  if (type === 'ws') return { transport: type, route: null };
  if (type === undefined && memberOf(node, 'url') && !memberOf(node, 'command')) {
    return { transport: 'http', route: null };
  }
  const stdio = type === undefined || type === 'stdio' ? readStdio(node) : null;
  if (!stdio) return { transport: 'unknown', route: null };
  return { transport: 'stdio', stdio, route: readRoute({ stdio, url: null, isStdio: true, name }) };
}

/** What a remote entry keeps while it starts our shim: the same fields, whatever its type says now. */
export function readRemote(node: Node, type: string | null): RemoteServer | null {
  const url = textOf(memberOf(node, 'url')?.value);
  if (!url) return null;
  const headersNode = memberOf(node, 'headers')?.value;
  if (headersNode && headersNode.type !== 'object') return null;
  const headers = new Map<string, string>();
  for (const { name, value } of membersOf(headersNode)) {
    const text = textOf(value);
    if (text === undefined) return null;
    headers.set(name, text);
  }
  const ownLogin = ['oauth', 'headersHelper'].find((key) => memberOf(node, key)) ?? null;
  return { url, type, headers, ownLogin };
}

/** Null for a shape no client would start. */
function readStdio(node: Node): StdioCommand | null {
  const command = textOf(memberOf(node, 'command')?.value);
  if (!command || command.includes('\0')) return null;

  const argsNode = memberOf(node, 'args')?.value;
  if (argsNode && argsNode.type !== 'array') return null;
  const args = (argsNode?.children ?? []).map(textOf);
  if (!args.every((arg) => arg !== undefined && !arg.includes('\0'))) return null;

  const envNode = memberOf(node, 'env')?.value;
  if (envNode && envNode.type !== 'object') return null;
  const env = new Map<string, string>();
  for (const { name, value } of membersOf(envNode)) {
    const text = textOf(value);
    if (text === undefined) return null;
    env.set(name, text);
  }
  return { command, args: args as string[], env };
}

const textOf = (node: Node | undefined): string | undefined =>
  node?.type === 'string' ? (node.value as string) : undefined;
