import type { ServerDefinition } from '../../../../shared/model/server.ts';
import { sortedOut, type FoundServer, type ImportContent } from './found-server.ts';
import { isObject, readTable, type JsonObject } from './read-tables.ts';

/** VS Code's `mcp.json`: `servers` as an object, `inputs` beside it. Null for any other file. */
export function readVsCode(root: JsonObject): ImportContent | null {
  // User settings hold the same one level down.
  const holder = isObject(root.mcp) ? root.mcp : root;
  if (!isObject(holder.servers)) return null;
  const entries = readTable(holder.servers, 'servers').map((entry) =>
    'definition' in entry ? withOurReferences(entry, holder.servers as JsonObject) : entry,
  );
  return sortedOut("VS Code's mcp.json", entries);
}

function withOurReferences(server: FoundServer, table: JsonObject): FoundServer {
  const secrets = new Set<string>();
  const unknown = new Set<string>();
  const translate = (text: string): string =>
    text.replace(/\$\{([^}]*)\}/g, (whole, inside: string) => {
      if (inside.startsWith('env:')) return `\${${inside.slice(4)}}`;
      if (inside === 'userHome') return '${HOME}';
      const input = /^input:([A-Za-z0-9_.-]+)$/.exec(inside)?.[1];
      if (input !== undefined) {
        secrets.add(input);
        return `\${secret:${input}}`;
      }
      unknown.add(whole);
      return whole;
    });
  const { cwd, ...rest } = server.definition;
  // A session runs in its client's own folder anyway.
  const keptCwd = cwd === '${workspaceFolder}' ? undefined : cwd;
  const definition = translated({ ...rest, ...(keptCwd !== undefined && { cwd: keptCwd }) }, translate);
  const declared = table[server.name];
  const envFile = isObject(declared) && typeof declared.envFile === 'string' ? declared.envFile : null;
  const notes = [
    ...server.notes,
    ...[...secrets].map((name) => `It asks for a value: patchbay secrets set ${name}`),
    ...(envFile === null ? [] : [`Its envFile ${envFile} is not read; put what it needs into "env".`]),
    ...[...unknown].map((form) => `Patchbay does not know ${form}.`),
  ];
  if (unknown.size > 0) definition.enabled = false;
  return { ...server, definition, notes };
}

function translated(definition: ServerDefinition, translate: (text: string) => string): ServerDefinition {
  const all = (texts: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, translate(value)]));
  return {
    ...definition,
    ...(definition.command !== undefined && { command: translate(definition.command) }),
    ...(definition.args && { args: definition.args.map(translate) }),
    ...(definition.env && { env: all(definition.env) }),
    ...(definition.cwd !== undefined && { cwd: translate(definition.cwd) }),
    ...(definition.url !== undefined && { url: translate(definition.url) }),
    ...(definition.headers && { headers: all(definition.headers) }),
  };
}
