import type { Node } from 'jsonc-parser';
import type { EntryView } from '../../../shared/model/client.ts';
import type { EntryTable } from '../clients/client-adapter.ts';
import { memberOf, membersOf, nodeAt } from '../files/json-node.ts';

/** A stdio server as a config file declares it. */
export interface StdioCommand {
  command: string;
  args: readonly string[];
  /** A Map, because any text may be a name. */
  env: ReadonlyMap<string, string>;
}

/** One named server in a config file. */
export interface Entry {
  name: string;
  table: EntryTable;
  node: Node;
  transport: EntryView['transport'];
  /** Present when `transport` is `stdio`. */
  stdio?: StdioCommand;
}

/** The entries of one table in file order; none when the table is not an object. */
export function readEntries(root: Node | null, table: EntryTable): Entry[] {
  return membersOf(nodeAt(root, table.keys)).map(({ name, value }) => ({
    name,
    table,
    node: value,
    ...classify(value),
  }));
}

/** The entry of this name in the table at `keys`. */
export function findEntry(root: Node | null, table: EntryTable, name: string): Entry | undefined {
  const value = memberOf(nodeAt(root, table.keys), name)?.value;
  return value && { name, table, node: value, ...classify(value) };
}

function classify(node: Node): Pick<Entry, 'transport' | 'stdio'> {
  const type = textOf(memberOf(node, 'type')?.value);
  if (type === 'http' || type === 'streamable-http') return { transport: 'http' };
  if (type === 'sse' || type === 'ws') return { transport: type };
  if (type === undefined && memberOf(node, 'url') && !memberOf(node, 'command')) return { transport: 'http' };
  const stdio = type === undefined || type === 'stdio' ? readStdio(node) : null;
  return stdio ? { transport: 'stdio', stdio } : { transport: 'unknown' };
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
