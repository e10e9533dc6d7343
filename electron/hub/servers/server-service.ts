import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerDefinition, ServerState, ServerView, StderrLine } from '../../../shared/model/server.ts';
import type { DataFolder } from '../data-folder.ts';
import type { ServerCounts } from '../traffic/traffic-service.ts';
import { editCatalog, setServerEnabled } from './catalog-file.ts';
import type { InstancePool } from './instance-pool.ts';
import type { LiveCatalog } from './live-catalog.ts';

/** The catalog and its live instances, as people see and change them. */
export interface ServerService {
  list(): ServerView[];
  /** Throws SERVER_UNKNOWN. */
  stderr(name: string): StderrLine[];
  /** Throws CATALOG_CONFLICT when the name is taken. */
  add(name: string, definition: ServerDefinition): Promise<void>;
  remove(name: string): Promise<void>;
  setEnabled(name: string, enabled: boolean): Promise<void>;
  /** Ends the instances and forgets crashes; sessions come back by themselves. */
  restart(name: string): Promise<void>;
}

export interface ServerServiceDeps {
  data: DataFolder;
  catalog: LiveCatalog;
  pool: InstancePool;
  counts(): ReadonlyMap<string, ServerCounts>;
  /** Sessions of this server may start it again at once. */
  forgive(server: string): void;
}

export function createServerService({
  data,
  catalog,
  pool,
  counts,
  forgive,
}: ServerServiceDeps): ServerService {
  const definitionOf = (name: string): ServerDefinition => {
    const definition = catalog.current.get(name);
    if (definition) return definition;
    throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${JSON.stringify(name)} in the catalog.`, {
      hint: 'See: patchbay servers list',
    });
  };
  const change = async (edit: Parameters<typeof editCatalog>[1]): Promise<void> => {
    await editCatalog(data, edit);
    await catalog.reload();
  };
  return {
    list() {
      const recent = counts();
      return [...catalog.current].map(([name, definition]) =>
        viewOf(name, definition, pool, recent.get(name)),
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
      await pool.stopServer(name);
    },
    async setEnabled(name, enabled) {
      definitionOf(name);
      await setServerEnabled(data, name, enabled);
      await catalog.reload();
      forgive(name);
      if (!enabled) await pool.stopServer(name);
    },
    async restart(name) {
      definitionOf(name);
      forgive(name);
      await pool.stopServer(name);
    },
  };
}

function viewOf(
  name: string,
  definition: ServerDefinition,
  pool: InstancePool,
  counts?: ServerCounts,
): ServerView {
  const instances = pool.views(name);
  const enabled = definition.enabled !== false;
  return {
    name,
    transport: definition.command === undefined ? 'remote' : 'stdio',
    command: definition.command ?? '',
    args: definition.args ?? [],
    url: definition.url ?? null,
    envNames: Object.keys(definition.env ?? {}),
    enabled,
    state: stateOf(enabled, instances.length > 0, pool.isFailed(name)),
    instances,
    callsLastHour: counts?.calls ?? 0,
    errorsLastHour: counts?.errors ?? 0,
    restarts: pool.restarts(name),
    lastError: pool.lastError(name),
    origin: definition.origin
      ? { client: definition.origin.client, scope: definition.origin.scope, path: definition.origin.path }
      : null,
  };
}

function stateOf(enabled: boolean, hasInstances: boolean, isFailed: boolean): ServerState {
  if (!enabled) return 'disabled';
  if (hasInstances) return 'running';
  return isFailed ? 'failed' : 'idle';
}
