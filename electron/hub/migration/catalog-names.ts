import type { ClientId, Scope } from '../../../shared/model/client.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import type { Catalog } from '../servers/catalog-parse.ts';
import { definitionHash } from '../servers/definition-hash.ts';
import type { RemoteServer, StdioCommand } from './entry.ts';
import { namesByKey, type MovedSecret } from './moved-secrets.ts';
import { isSecret } from './secrets.ts';

/** Where an entry stands. */
export interface EntryOrigin {
  client: ClientId;
  path: string;
  scope: Scope;
  project?: string;
}

/** Gives entries their names in the catalog and collects the definitions to add. */
export interface CatalogNames {
  /**
   * The entry's own name, shared with a server of the same name and definition; with a different definition it
   * gets `-2`, `-3`, …
   */
  nameFor(entry: string, stdio: StdioCommand, origin: EntryOrigin, moved?: readonly MovedSecret[]): string;
  /** The same for a remote server. */
  nameForRemote(
    entry: string,
    remote: RemoteServer,
    origin: EntryOrigin,
    moved?: readonly MovedSecret[],
  ): string;
  /** What `nameFor` had to add to the catalog so far. */
  readonly added: ReadonlyMap<string, ServerDefinition>;
}

export function createCatalogNames(catalog: Catalog): CatalogNames {
  const added = new Map<string, ServerDefinition>();
  const place = (entry: string, definition: ServerDefinition, origin: EntryOrigin): string => {
    const hash = definitionHash(definition);
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? entry : `${entry}-${count}`;
      const present = catalog.get(name) ?? added.get(name);
      if (present && !runsTheSame(present, hash)) continue;
      if (!present) added.set(name, { ...definition, origin: { ...origin, sha256: hash } });
      return name;
    }
  };
  return {
    added,
    nameFor: (entry, stdio, origin, moved) => place(entry, catalogDefinition(stdio, moved), origin),
    nameForRemote: (entry, remote, origin, moved) => place(entry, remoteDefinition(remote, moved), origin),
  };
}

/** What the catalog keeps of an entry: a reference takes the place of a secret, to the client's file or to the store. */
export function catalogDefinition(
  { command, args, env }: StdioCommand,
  moved?: readonly MovedSecret[],
): ServerDefinition {
  const inStore = namesByKey(moved, 'env');
  const kept = [...env].flatMap(([name, value]): [string, string][] => {
    const secret = inStore.get(name);
    if (secret !== undefined) return [[name, `\${secret:${secret}}`]];
    if (!isSecret(name, value)) return [[name, value]];
    // Another kind of name cannot be referred to; the client passes the variable on by itself.
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? [[name, `\${${name}}`]] : [];
  });
  return {
    command,
    ...(args.length > 0 && { args: [...args] }),
    // Own properties whatever the names are.
    ...(kept.length > 0 && { env: Object.fromEntries(kept) }),
  };
}

/** What the catalog keeps of a remote entry; `headerVariables` are what the client's file passes on. */
export function remoteDefinition(
  { url, type, headers }: RemoteServer,
  moved?: readonly MovedSecret[],
): ServerDefinition {
  const inStore = namesByKey(moved, 'headers');
  const kept = [...headers].map(([name, value]): [string, string] => {
    const secret = inStore.get(name);
    if (secret !== undefined) return [name, `\${secret:${secret}}`];
    return isSecret(name, value) ? [name, `\${${headerVariable(name)}}`] : [name, value];
  });
  return {
    url,
    ...(type !== null && { type }),
    ...(kept.length > 0 && { headers: Object.fromEntries(kept) }),
    // One connection for the sessions of a client, as there is no process whose state they could share.
    isolation: 'client',
  };
}

/** The variables of a routed remote entry that carry its secret headers to the hub, but for those in the store. */
export function headerVariables(
  { headers }: RemoteServer,
  moved?: readonly MovedSecret[],
): Map<string, string> {
  const inStore = namesByKey(moved, 'headers');
  const secret = [...headers].filter(([name, value]) => isSecret(name, value) && !inStore.has(name));
  return new Map(secret.map(([name, value]) => [headerVariable(name), value]));
}

const headerVariable = (header: string): string =>
  `PATCHBAY_HEADER_${header.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;

const runsTheSame = (present: ServerDefinition, hash: string): boolean =>
  present.enabled !== false && present.cwd === undefined && definitionHash(present) === hash;

/** An imported definition that nobody has edited since. */
export const isAsImported = (definition: ServerDefinition): boolean =>
  definition.origin?.sha256 === definitionHash(definition);
