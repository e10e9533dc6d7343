import type { ClientId } from '../../../shared/model/client.ts';
import { insertLast, removeItems } from '../files/json-edit.ts';
import { literal, memberText } from '../files/json-literal.ts';
import { memberOf, nodeAt } from '../files/json-node.ts';
import { styleAt } from '../files/json-style.ts';
import type { JsonDocument } from '../files/json-document.ts';
import type { Splice } from '../files/splice.ts';
import type { ShimCommand } from './migration-service.ts';
import type { GatewayMove, MergedMove, OverrideMove } from './move.ts';

/** The entry that serves the whole catalog, as data. */
export function gatewayEntry({ endpoint, env }: GatewayMove, client: ClientId, shim: ShimCommand): object {
  if (endpoint) {
    return { type: 'http', url: endpoint.url, headers: { Authorization: endpoint.authorization } };
  }
  const variables = { ...Object.fromEntries(env), ...shim.env };
  return {
    command: shim.command,
    args: [...shim.args, '--client', client, '--server', '*'],
    ...(Object.keys(variables).length > 0 && { env: variables }),
  };
}

/** The entry that hides one of a shared file: the same in every field, but for what is started. */
export function overrideEntry(
  { shared, server, original }: OverrideMove,
  client: ClientId,
  shim: ShimCommand,
): object {
  const env = { ...Object.fromEntries(original.env), ...shim.env };
  return {
    ...shared,
    command: shim.command,
    args: [...shim.args, '--client', client, '--server', server, '--', original.command, ...original.args],
    ...(Object.keys(env).length > 0 && { env }),
  };
}

/**
 * Takes the merged entries of one table out and puts the gateway where the first of them stood, so that a reader finds
 * it in the old place and a comment above it stays with something.
 */
export function mergeTable(
  document: JsonDocument,
  merged: readonly MergedMove[],
  gateway: { name: string; entry: object } | null,
): Splice[] {
  const [head] = merged;
  const table = head && nodeAt(document.root, head.table.keys);
  if (!table) return [];
  const properties = merged.flatMap(({ name }) => memberOf(table, name)?.property ?? []);
  const [first, ...rest] = properties;
  if (!first || !gateway) return removeItems(document.text, table, new Set(properties));
  const style = styleAt(document.text, document.root!, table);
  const place = { text: document.text, offset: first.offset, depth: 0 };
  return [
    {
      offset: first.offset,
      length: first.length,
      text: memberText(gateway.name, literal(gateway.entry, style, place), style),
    },
    ...removeItems(document.text, table, new Set(rest)),
  ];
}

/** Adds entries to a table that may not be there yet; the object it belongs in is. Null when that is gone too. */
export function addEntries(
  document: JsonDocument,
  keys: readonly string[],
  entries: readonly { name: string; entry: object }[],
): Splice[] | null {
  const { text, root } = document;
  const parent = nodeAt(root, keys.slice(0, -1));
  if (parent?.type !== 'object') return null;
  const table = memberOf(parent, keys.at(-1)!);
  const style = styleAt(text, root!, table?.value ?? parent);
  if (table) {
    if (table.value.type !== 'object') return null;
    const place = { text, offset: table.property.offset, depth: 1 };
    const members = entries.map(({ name, entry }) => memberText(name, literal(entry, style, place), style));
    return [insertLast(text, table.value, members, style)];
  }
  // A member stands one step further in than the object's own line.
  const place = { text, offset: parent.offset, depth: 1 };
  const value = literal(Object.fromEntries(entries.map(({ name, entry }) => [name, entry])), style, place);
  return [insertLast(text, parent, [memberText(keys.at(-1)!, value, style)], style)];
}
