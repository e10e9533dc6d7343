import { PatchbayError } from '../../../shared/model/error.ts';
import type { LoginAttempt, ServerDefinition, ServerView, StderrLine } from '../../../shared/model/server.ts';
import { ServerChange, type ServerImport } from '../../../shared/model/server-change.ts';
import type { DataFolder } from '../data-folder.ts';
import type { ServerCounts } from '../traffic/traffic-service.ts';
import { CHANGEABLE_FIELDS, changeServer, editCatalog } from './catalog-file.ts';
import type { InstancePool } from './instance-pool.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { remoteFacts, viewOf, type LiveFacts, type RemoteHealth } from './server-view.ts';

/** The catalog and its live instances, as people see and change them. */
export interface ServerService {
  list(): ServerView[];
  /** Throws SERVER_UNKNOWN. */
  stderr(name: string): StderrLine[];
  /** Throws CATALOG_CONFLICT when the name is taken. */
  add(name: string, definition: ServerDefinition): Promise<void>;
  remove(name: string): Promise<void>;
  setEnabled(name: string, enabled: boolean): Promise<void>;
  /**
   * Isolation, limits, tools, spares. Live sessions keep what they have; the next ones get the new. Throws
   * SERVER_UNKNOWN or CATALOG_INVALID.
   */
  change(name: string, change: ServerChange): Promise<void>;
  /** What may be changed, as it stands in the catalog file. Throws SERVER_UNKNOWN. */
  settings(name: string): ServerChange;
  /** Throws what `importServers` throws. */
  import(request: { text: string; source: string; dryRun: boolean }): Promise<ServerImport>;
  /** Ends the instances and forgets crashes; sessions come back by themselves. */
  restart(name: string): Promise<void>;
}

/** Servers with a URL, as far as people see and end them. */
export interface RemoteSide {
  view(server: string): RemoteHealth;
  stopServer(server: string): Promise<void>;
  /** The login this hub has begun there; null when none waits or has failed. */
  loginAttempt(server: string): LoginAttempt | null;
}

export interface ServerServiceDeps {
  data: DataFolder;
  catalog: LiveCatalog;
  pool: InstancePool;
  counts(): ReadonlyMap<string, ServerCounts>;
  /** Connections to servers with a URL; absent where none can be open. */
  remote?: RemoteSide;
  /** Adds the servers of another tool's file to the catalog, or says what that would do. */
  importServers: ServerService['import'];
  /** Sessions of this server may start it again at once. */
  forgive(server: string): void;
}

export function createServerService({
  data,
  catalog,
  pool,
  counts,
  remote,
  importServers,
  forgive,
}: ServerServiceDeps): ServerService {
  const stop = async (name: string): Promise<void> => {
    await Promise.all([pool.stopServer(name), remote?.stopServer(name)]);
  };
  const definitionOf = (name: string): ServerDefinition => {
    const definition = catalog.current.get(name);
    if (definition) return definition;
    throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${JSON.stringify(name)} in the catalog.`, {
      hint: 'See: patchbay servers list',
    });
  };
  const liveOf = (name: string, { command }: ServerDefinition): LiveFacts =>
    command === undefined && remote
      ? remoteFacts(remote.view(name), pool.restarts(name), remote.loginAttempt(name))
      : {
          instances: pool.views(name),
          isFailed: pool.isFailed(name),
          restarts: pool.restarts(name),
          lastError: pool.lastError(name),
          login: null,
          loginAttempt: null,
        };
  const change = async (edit: Parameters<typeof editCatalog>[1]): Promise<void> => {
    await editCatalog(data, edit);
    await catalog.reload();
  };
  return {
    list() {
      const recent = counts();
      return [...catalog.current].map(([name, definition]) =>
        viewOf(name, definition, liveOf(name, definition), recent.get(name)),
      );
    },
    stderr(name) {
      definitionOf(name);
      return pool.ring(name).lines();
    },
    async add(name, definition) {
      if (catalog.current.has(name)) {
        throw new PatchbayError('CATALOG_CONFLICT', `There already is a server ${JSON.stringify(name)}.`, {
          hint: 'Choose another name, or remove the other one first.',
        });
      }
      await change({ add: new Map([[name, definition]]) });
    },
    async remove(name) {
      definitionOf(name);
      await change({ remove: [name] });
      await stop(name);
    },
    async setEnabled(name, enabled) {
      definitionOf(name);
      await changeServer(data, name, { enabled });
      await catalog.reload();
      forgive(name);
      if (!enabled) await stop(name);
    },
    async change(name, change) {
      definitionOf(name);
      await changeServer(data, name, change);
      await catalog.reload();
    },
    settings(name) {
      const definition = definitionOf(name);
      const set = CHANGEABLE_FIELDS.filter((field) => definition[field] !== undefined);
      return ServerChange.parse(Object.fromEntries(set.map((field) => [field, definition[field]])));
    },
    async import(request) {
      const imported = await importServers(request);
      if (!request.dryRun) await catalog.reload();
      return imported;
    },
    async restart(name) {
      definitionOf(name);
      forgive(name);
      await stop(name);
    },
  };
}
