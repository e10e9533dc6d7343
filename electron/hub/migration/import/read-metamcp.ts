import { sortedOut, type ImportContent } from './found-server.ts';
import { isObject, readList, type JsonObject } from './read-tables.ts';

/**
 * MetaMCP's list of servers as its API answers with it: `{"success": true, "data": [{uuid, name, type, …}]}`. The
 * screen for import and export speaks `mcpServers`. Null for any other file.
 */
export function readMetaMcp(root: JsonObject): ImportContent | null {
  const { data } = root;
  if (!Array.isArray(data) || data.length === 0) return null;
  const isServer = (item: unknown): boolean =>
    isObject(item) && typeof item.name === 'string' && typeof item.type === 'string' && 'uuid' in item;
  return data.every(isServer) ? sortedOut("MetaMCP's list of servers", readList(data, 'data')) : null;
}
