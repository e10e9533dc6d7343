import path from 'node:path';
import type { ClientView } from '../../shared/model/client.ts';
import type { Changes } from './changes.ts';
import type { DataFolder, Platform } from './data-folder.ts';
import { nodeStorage } from './files/storage.ts';
import type { Logger } from './log.ts';
import { isManagementServer, withManagement } from './management/management-connection.ts';
import { catalogImporter } from './migration/import/catalog-importer.ts';
import { createEndpoints, type Endpoints } from './routes/endpoints.ts';
import { createMux } from './routes/mux/create-mux.ts';
import type { Mux } from './routes/mux/mux.ts';
import { openSecretStore } from './secrets/secret-store.ts';
import { createChildRecords } from './servers/child-records.ts';
import { createInstanceRestarts } from './servers/instance-restarts.ts';
import { InstancePool } from './servers/instance-pool.ts';
import { openLiveCatalog, type LiveCatalog } from './servers/live-catalog.ts';
import { beginServerLogin } from './servers/remote/begin-server-login.ts';
import { createRemoteServers } from './servers/remote/remote-servers.ts';
import { createLaunchResolver, LOCAL_USER, type LaunchSources } from './servers/resolve-launch.ts';
import type { ServerOpener } from './servers/server-connection.ts';
import { createServerLogins, type ServerLogins } from './servers/server-logins.ts';
import { createServerOpener } from './servers/server-opener.ts';
import { createServerService, type ServerService } from './servers/server-service.ts';
import { warmUpServers } from './servers/warm-up.ts';
import { workFolderOf } from './servers/work-folders.ts';
import { SessionRegistry } from './sessions/session-registry.ts';
import { createTransports, type Transports } from './sessions/transports.ts';
import { openShellEnvironment } from './supervisor/shell-environment.ts';
import { openToolWatch, type ToolWatch } from './tools/tool-watch.ts';
import type { Surroundings } from './traffic/surroundings.ts';
import type { TrafficService } from './traffic/traffic-service.ts';

/** Everything that frames pass through: catalog, instances, mux and transports. Nothing listens yet. */
export interface DataPlane {
  readonly catalog: LiveCatalog;
  readonly servers: ServerService;
  readonly logins: ServerLogins;
  readonly sessions: SessionRegistry;
  readonly mux: Mux;
  readonly endpoints: Endpoints;
  readonly opener: ServerOpener;
  readonly transports: Transports;
  readonly toolWatch: ToolWatch;
  /** Who owns the token and the local socket. */
  readonly user: string;
  /** What is known of servers besides their traffic. */
  readonly surroundings: Surroundings;
  /** A call of a client to an instance has begun, or is over. */
  noteCall(instanceId: string, change: 1 | -1): void;
  /** Calls that have no answer yet. */
  inFlight(): number;
  /** Ends every server; the transports must have been closed. */
  stopServers(): Promise<void>;
}

export interface DataPlaneOptions {
  data: DataFolder;
  platform: Platform;
  logger: Logger;
  version: string;
  changes: Changes;
  traffic: TrafficService;
  /** The clients of this machine, for the management server. */
  clients(): Promise<ClientView[]>;
  /** Told how to end each part, in the order they were started. */
  onEnd(dispose: () => Promise<void> | void): void;
  sessionsChanged(): void;
  /** A client has opened a conversation that is new; `client` is what it is called, known or not. */
  clientArrived(client: string): void;
  /** Started in a terminal: its environment is the person's own. Else the login shell is asked for that. */
  hasTerminal: boolean;
}

/** Between SIGTERM and SIGKILL for servers that a killed hub left behind. */
const SWEEP_GRACE_MS = 1_000;

export async function openDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const { data, platform, logger, version, changes, traffic, onEnd } = options;
  const hubEnvironment = options.hasTerminal ? () => platform.env : loginEnvironment(options);

  const records = createChildRecords(data.run);
  const swept = await records.sweep(SWEEP_GRACE_MS);
  if (swept.length > 0) logger.log('warn', 'servers.swept', { pids: swept.join(' ') });

  const catalog = await openLiveCatalog({
    data,
    logger,
    onChange(servers) {
      pool.definitionsChanged(servers);
      void warmUp();
      for (const server of servers) restarts.forgive(server);
      mux.serversChanged(servers);
      logins.catalogChanged();
      changes.emit('servers');
      changes.emit('status');
      changes.emit('tools');
    },
  });
  onEnd(() => catalog.close());
  const isInCatalog = (name: string): boolean => catalog.current.has(name);

  const pool = new InstancePool(() => changes.emit('servers'), records, {
    definition: (server) => catalog.current.get(server),
    callsInFlight(instanceId) {
      const upstream = mux.upstreams().find((candidate) => candidate.instanceId === instanceId);
      return upstream ? upstream.inFlight + upstream.queued : null;
    },
  });
  const sessions = new SessionRegistry(() => {
    changes.emit('sessions');
    changes.emit('status');
    options.sessionsChanged();
  }, options.clientArrived);
  onEnd(() => sessions.dispose());
  const secrets = openSecretStore({ storage: nodeStorage(platform.os), data, env: platform.env });
  const remote = createRemoteServers({
    secrets,
    logger,
    version,
    env: platform.env,
    changed: () => changes.emit('servers'),
    now: Date.now,
  });
  onEnd(() => remote.close());
  const launches = createLaunchResolver(() => catalog.current, {
    platform,
    secrets: (name) => secrets.require(name),
    hubEnvironment,
    workFolder: workFolderOf(data.run),
  });
  const restarts = createInstanceRestarts({
    now: () => performance.now(),
    wallNow: Date.now,
    random: Math.random,
  });
  const warmUp = (): Promise<void> => warmUpServers({ catalog: () => catalog.current, launches, pool });
  const logins = createServerLogins({
    begin: (name) => beginServerLogin(name, { catalog: () => catalog.current, launches, remote }),
    forget: (name) => remote.logout(name),
    address: (name) => catalog.current.get(name)?.url,
    restart: (name) => servers.restart(name),
    changed: () => changes.emit('servers'),
    logger,
    now: Date.now,
  });
  onEnd(() => logins.close());
  const servers = createServerService({
    data,
    catalog,
    pool,
    remote: {
      view: (server) => remote.view(server),
      stopServer: (server) => remote.stopServer(server),
      loginAttempt: (server) => logins.attempt(server),
    },
    counts: () => traffic.countsLastHour(),
    importServers: catalogImporter(nodeStorage(platform.os), data),
    forgive(server) {
      sessions.forgive(server);
      restarts.forgive(server);
      remote.forgive(server);
      logins.forgive(server);
      void mux.restart(server);
    },
  });
  const opener = withManagement(
    createServerOpener({ catalog: () => catalog.current, launches, pool, remote }),
    {
      clients: options.clients,
      sessions: () => sessions.connected(),
      servers,
      traffic,
      version,
    },
    isInCatalog,
  );
  const toolWatch = openToolWatch({
    file: data.knownTools,
    catalog: () => catalog.current,
    logger,
    changed: () => changes.emit('tools'),
    released: (server) => mux.toolsReleased(server),
    now: Date.now,
  });
  onEnd(() => toolWatch.settled());
  const mux = createMux({
    opener,
    tap: traffic.tap,
    tools: toolWatch,
    gate: restarts,
    logger,
    hubInfo: { name: 'patchbay', version },
  });
  onEnd(() => mux.close());

  const endpoints = createEndpoints({
    servers: () => catalog.current,
    profiles: () => catalog.profiles,
    isBuiltIn: isManagementServer,
  });
  const transports = createTransports({
    mux,
    endpoints,
    sessions,
    pool,
    launches,
    tap: traffic.tap,
    tools: toolWatch,
    sharing: (server) => opener.sharing(server),
    isRewritten(server) {
      const definition = catalog.current.get(server);
      return (
        definition?.url !== undefined ||
        definition?.tools !== undefined ||
        definition?.holdChangedTools === true
      );
    },
    user: LOCAL_USER,
    recordsFile: path.join(data.run, 'http-sessions.jsonl'),
  });
  void warmUp();
  return {
    catalog,
    servers,
    logins,
    sessions,
    mux,
    endpoints,
    opener,
    transports,
    toolWatch,
    user: LOCAL_USER,
    surroundings: {
      stderr: (server) => (isInCatalog(server) ? pool.ring(server).lines() : []),
      usage: (instanceId) => pool.usage.of(instanceId),
    },
    noteCall: (instanceId, change) => pool.usage.call(instanceId, change),
    inFlight: () => mux.upstreams().reduce((sum, { inFlight, queued }) => sum + inFlight + queued, 0),
    stopServers: () => pool.stopAll(),
  };
}

/** What programs started from a desktop lack: the environment of the person's login shell. */
function loginEnvironment({ platform, logger, onEnd }: DataPlaneOptions): LaunchSources['hubEnvironment'] {
  const shell = openShellEnvironment({ platform, runtime: process.execPath });
  onEnd(() => shell.close());
  void shell.ready.then(() => {
    if (shell.problem !== null) logger.log('warn', 'shell.environment', { message: shell.problem });
  });
  return async () => {
    await shell.ready;
    return shell.current();
  };
}
