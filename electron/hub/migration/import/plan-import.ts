import { createHash } from 'node:crypto';
import type { ServerDefinition } from '../../../../shared/model/server.ts';
import type { Catalog } from '../../servers/catalog-parse.ts';
import { definitionHash } from '../../servers/definition-hash.ts';
import { GATEWAY_NAME } from '../routed-entry.ts';
import { isSecret, secretArguments } from '../secrets.ts';
import type { FoundServer, ImportContent, PassedOver } from './found-server.ts';
import { unusualLaunch } from './unusual-launch.ts';

/** What an import makes of one server of the file. */
export interface ImportItem {
  /** In the file. */
  name: string;
  place: string;
  /** Its name in the catalog: of the one it is the same as, or of the new one. */
  server: string;
  action: 'add' | 'duplicate';
  /** The whole command line or URL, never shortened. */
  launch: string[];
  enabled: boolean;
  /** Values that look like secrets and would stand in the catalog in clear. */
  secretsInClear: number;
  /** Why it is added switched off, or what a person should look at. */
  warnings: string[];
  /** What was not taken over, or has to be done before it can start. */
  notes: string[];
}

/** What an import would do. */
export interface ImportPlan {
  format: string;
  items: ImportItem[];
  passedOver: PassedOver[];
}

/** The plan with what goes into the catalog. */
export interface PreparedImport {
  plan: ImportPlan;
  added: ReadonlyMap<string, ServerDefinition>;
}

/**
 * What the servers of a file become in this catalog. Pure. One that runs the same as a server of the catalog, or as
 * an earlier one of the file, is recognised whatever it is called; a name that is taken by another gets `-2`, `-3`, ….
 * One whose start is unusual is added switched off: nothing runs before a person has read its command (E14, E15).
 */
export function planImport(
  { format, found, passedOver }: ImportContent,
  catalog: Catalog,
  source: string,
): PreparedImport {
  const taken = new Set([...catalog.keys(), GATEWAY_NAME, '*']);
  const known = new Map([...catalog].map(([name, definition]) => [launchHash(definition), name]));
  const added = new Map<string, ServerDefinition>();
  const items = found.map((server): ImportItem => {
    const { definition } = server;
    const same = known.get(launchHash(definition));
    const warnings = unusualLaunch(definition);
    if (same !== undefined)
      return itemOf(server, { server: same, action: 'duplicate', enabled: true, warnings: [] });
    const name = freeName(server.name, taken);
    const enabled = definition.enabled !== false && warnings.length === 0;
    taken.add(name);
    known.set(launchHash(definition), name);
    added.set(name, {
      ...definition,
      ...(!enabled && { enabled: false }),
      origin: { client: 'import', path: source, scope: server.place, sha256: definitionHash(definition) },
    });
    return itemOf(server, { server: name, action: 'add', enabled, warnings });
  });
  return { plan: { format, items, passedOver }, added };
}

function itemOf(
  { name, place, definition, notes }: FoundServer,
  outcome: Pick<ImportItem, 'server' | 'action' | 'enabled' | 'warnings'>,
): ImportItem {
  const { command, args = [], url = '' } = definition;
  return {
    name,
    place,
    ...outcome,
    launch: command === undefined ? [url] : [command, ...args],
    secretsInClear: secretsInClear(definition),
    notes: [...notes],
  };
}

/** References name a secret and hold none. */
function secretsInClear({ args = [], env = {}, headers = {} }: ServerDefinition): number {
  const named = [...Object.entries(env), ...Object.entries(headers)];
  const isClear = ([name, value]: [string, string]): boolean =>
    !/\$\{[^}]+\}/.test(value) && isSecret(name, value);
  return named.filter(isClear).length + secretArguments(args).filter(Boolean).length;
}

/**
 * SHA-256 of what a server runs. Secrets count by their name alone: what a migration took over refers to the client's
 * own value, and is the same server all the same.
 */
function launchHash({ command, args, env, cwd, url, type, headers }: ServerDefinition): string {
  const named = (texts: Readonly<Record<string, string>> = {}): [string, string][] =>
    Object.entries(texts)
      .map(([name, value]): [string, string] => [
        name,
        /^\$\{[^}]+\}$/.test(value) || isSecret(name, value) ? '' : value,
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const remote = url === undefined ? null : [url, type === 'sse' ? 'sse' : 'http', named(headers)];
  const local = command === undefined ? null : [command, args ?? [], named(env), cwd ?? null];
  return createHash('sha256')
    .update(JSON.stringify([local, remote]))
    .digest('hex');
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(name)) return name;
  }
}
