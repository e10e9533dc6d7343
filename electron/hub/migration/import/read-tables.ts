import {
  readDeclared,
  sortedOut,
  type FoundServer,
  type ImportContent,
  type PassedOver,
} from './found-server.ts';

/** An object that came out of a JSON file; without a prototype. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{name: definition}`, as most programs write it. */
export function readTable(table: unknown, place: string): (FoundServer | PassedOver)[] {
  if (!isObject(table)) return [];
  return Object.entries(table).map(([name, value]) => readDeclared(name, value, place));
}

/** `[{name, …definition}]`. */
export function readList(list: readonly unknown[], place: string): (FoundServer | PassedOver)[] {
  return list.map((item, index) => {
    const name = isObject(item) && typeof item.name === 'string' ? item.name : '';
    return readDeclared(name, item, `${place}[${index}]`);
  });
}

/**
 * What clients and READMEs write: `mcpServers`, at the top and below every project (Claude Code), and the list form
 * of `servers`. Null for a file that has none of them.
 */
export function readClientFile(root: JsonObject): ImportContent | null {
  const projects = isObject(root.projects) ? Object.entries(root.projects) : [];
  const local = projects.flatMap(([project, value]) =>
    isObject(value) ? readTable(value.mcpServers, `projects.${project}.mcpServers`) : [],
  );
  const isList = Array.isArray(root.servers);
  if (!isObject(root.mcpServers) && !isList && local.length === 0) return readBareTable(root);
  return sortedOut(isList && !root.mcpServers ? 'a list of servers' : 'an mcpServers file', [
    ...readTable(root.mcpServers, 'mcpServers'),
    ...(isList ? readList(root.servers as unknown[], 'servers') : []),
    ...local,
  ]);
}

/** A piece of an `mcpServers` table without its key, as READMEs print it: nothing but things that could be servers. */
function readBareTable(root: JsonObject): ImportContent | null {
  const entries = Object.entries(root);
  const couldBe = (value: unknown): boolean =>
    isObject(value) &&
    ['command', 'url', 'serverUrl', 'httpUrl'].some((key) => typeof value[key] === 'string');
  if (entries.length === 0 || !entries.every(([, value]) => couldBe(value))) return null;
  return sortedOut('a table of servers', readTable(root, 'the file'));
}
