import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import type { Catalog } from './catalog-parse.ts';
import type { RemoteTarget } from './fill-in-definition.ts';
import type { InstancePool } from './instance-pool.ts';
import type { LaunchResolver } from './resolve-launch.ts';
import type { CallerIdentity, ConnectionEvents, OpenedServer, ServerOpener } from './server-connection.ts';
import { sharingOf } from './sharing.ts';
import { connectStdio } from './stdio-connection.ts';

export interface ServerOpenerDeps {
  catalog(): Catalog;
  launches: LaunchResolver;
  pool: InstancePool;
  remote: RemoteOpener;
}

/** A child, opened. */
export interface OpenedChild extends OpenedServer {
  /** The newest line it wrote to stderr: what a start that takes too long was busy with (B02). '' when silent. */
  lastLine(): string;
}

/** Connects to servers that have a URL. */
export interface RemoteOpener {
  /** Throws SERVER_CANNOT_START, LOGIN_NEEDED or SERVER_SUSPENDED. */
  open(request: RemoteRequest, events: ConnectionEvents): Promise<OpenedServer>;
}

export interface RemoteRequest {
  server: string;
  /** Nothing left to resolve. */
  target: RemoteTarget;
  definition: ServerDefinition;
  caller: CallerIdentity;
  /** Milliseconds the connection may take. */
  startTimeoutMs: number;
}

/** Opens the servers of the live catalog: children by the pool, remote ones by `remote`. */
export function createServerOpener({ catalog, launches, pool, remote }: ServerOpenerDeps): ServerOpener {
  const need = (server: string): ServerDefinition => {
    const definition = catalog().get(server);
    if (definition) return definition;
    throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${JSON.stringify(server)} in the catalog.`);
  };

  const openChild = async (
    server: string,
    caller: CallerIdentity,
    events: ConnectionEvents,
  ): Promise<OpenedChild> => {
    const instance = await pool.start({
      server,
      client: caller.client,
      sessionId: caller.sessionId,
      launch: launches.forCaller(server, caller),
      onStderr: () => {},
    });
    const connection = connectStdio(instance, events);
    const lastLine = (): string => pool.lastLine(server, instance.id);
    return { connection, instanceId: instance.id, pid: instance.child.pid ?? null, lastLine };
  };

  return {
    async open(server, caller, events) {
      const definition = need(server);
      if (definition.command !== undefined) return openChild(server, caller, events);
      const target = await launches.remote(server, caller);
      const { startTimeoutMs } = sharingOf(definition);
      return remote.open({ server, target, definition, caller, startTimeoutMs }, events);
    },
    launchKey: (server, caller) => launches.key(server, caller),
    sharing: (server) => sharingOf(need(server)),
  };
}
