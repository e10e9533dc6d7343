import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ClientId } from '../../shared/model/client.ts';
import { PatchbayError, toErrorInfo } from '../../shared/model/error.ts';
import type { HostKind, HubStatus } from '../../shared/model/hub.ts';
import { openAlerts } from './alerts/alert-service.ts';
import { createHealth } from './api/health.ts';
import { openHttpFront } from './api/http-front.ts';
import { createMetrics } from './api/metrics.ts';
import { createPortHandler } from './api/port-handler.ts';
import { createRestApi } from './api/rest-api.ts';
import { createRouter, type CallContext } from './api/router.ts';
import { portOverSocket, type ApiPort } from './api/socket-port.ts';
import { loadToken } from './api/token.ts';
import { collectBypassNotes } from './bypass-notes.ts';
import { createChanges } from './changes.ts';
import { localSocketAddress, prepareDataFolder, type DataFolder, type Platform } from './data-folder.ts';
import { startDemoProcess } from './demo-process.ts';
import { createTrafficExport } from './export/traffic-export.ts';
import { openGuardian } from './guardian/open-guardian.ts';
import type { Resources } from './host.ts';
import { createHubLife } from './hub-life.ts';
import { claimHub, findLiveHub, type HubFacts } from './hub-lock.ts';
import { installShim, type HubLaunch } from './install-shim.ts';
import type { Logger } from './log.ts';
import { watchEventLoop } from './logging/event-loop-watch.ts';
import { arrivalsAt, openMigrationService } from './open-migration-service.ts';
import { watchMigration } from './migration-activity.ts';
import type { ShimCommand } from './migration/migration-service.ts';
import { openDataPlane } from './open-data-plane.ts';
import { processStartMark } from './process-identity.ts';
import { createReplay } from './replay/replay.ts';
import { openSavedFilters } from './saved-filters.ts';
import { listenLocally } from './sessions/local-socket-server.ts';
import { serveNotes } from './sessions/notes-connection.ts';
import { writeCatalogSchema } from './servers/catalog-schema.ts';
import { openSettings } from './settings-file.ts';
import { createSharingAdviser } from './sharing/create-sharing-adviser.ts';
import { openTrials } from './sharing/trials-file.ts';
import { createServerQuestions } from './tools/server-questions.ts';
import { createTrafficService } from './traffic/create-traffic-service.ts';

export interface HubOptions {
  data: DataFolder;
  platform: Platform;
  host: HostKind;
  /** 12009 unless told otherwise; 0 takes any free port. */
  port: number;
  /** How entries written by this hub start the shim. */
  shim: ShimCommand;
  /** How a shim starts a hub like this one. */
  launch: HubLaunch;
  version: string;
  resources: Resources;
  logger: Logger;
  /** Started by a program, not by a person: ends itself when idle and makes room for another. */
  background: boolean;
}

export interface Hub {
  readonly facts: HubFacts;
  readonly token: string;
  /** Serves the whole contract on a port; the caller counts as local. */
  connect(port: ApiPort): void;
  /** What is going on, in a few numbers; cheap. */
  describe(): Record<string, number | boolean>;
  /** Orderly end: no new sessions, servers stopped, everything written. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves when the hub has ended, whoever asked for it. */
  readonly ended: Promise<void>;
}

const FOLDER_CHECK_MS = 15_000;
/** A background hub without sessions and viewers ends itself after this long. */
const IDLE_END_MS = 10 * 60_000;
/** What a hub that is asked to end over the API waits for its calls, such as for an upgrade (D09). */
const DRAIN_MS = 30_000;

/**
 * Builds and starts a hub. Throws HUB_ALREADY_RUNNING, PORT_TAKEN or DATA_FOLDER_UNSAFE; then nothing was started.
 */
export async function createHub(options: HubOptions): Promise<Hub> {
  const { data, platform, logger, resources, version } = options;
  prepareDataFolder(data);
  const socket = localSocketAddress(data.root, platform);
  const lock = claimHub(data);
  if (!lock || (await findLiveHub(data, socket))) {
    lock?.release();
    throw new PatchbayError('HUB_ALREADY_RUNNING', `A hub is already running for ${data.root}.`, {
      hint: 'See: patchbay status',
    });
  }
  const life = createHubLife({ logger, inFlight: () => plane.inFlight() });
  life.onEnd(() => lock.release());

  let plane: Awaited<ReturnType<typeof openDataPlane>>;
  try {
    const changes = createChanges();
    const token = loadToken(data.token);
    const eventLoop = watchEventLoop({ logger });
    life.onEnd(() => eventLoop.close());
    const settings = openSettings(data.settings, logger, (next) => {
      traffic.applySettings(next);
      changes.emit('settings');
    });
    const traffic = createTrafficService({
      file: data.trafficDb,
      workerScript: resources.trafficWorker,
      settings: settings.get(),
      // The plane is built upon the traffic; it is there before anybody calls or asks.
      surroundings: {
        stderr: (server) => plane.surroundings.stderr(server),
        usage: (instanceId) => plane.surroundings.usage(instanceId),
      },
      onCall: (instanceId, change) => plane.noteCall(instanceId, change),
      onAnnotations: () => changes.emit('annotations'),
    });
    life.onEnd(() => traffic.close());

    let viewers = 0;
    let idle: NodeJS.Timeout | undefined;
    function touch(): void {
      clearTimeout(idle);
      if (!options.background || life.isStopping) return;
      idle = setTimeout(() => {
        if (plane.sessions.connected().length === 0 && viewers === 0) void life.stop();
        else touch();
      }, IDLE_END_MS);
      idle.unref();
    }
    const migrationDeps = {
      data,
      platform,
      logger,
      shim: options.shim,
      version,
      installShim: () => installShim(data, resources.shim, options.launch),
    };
    const { timeMachine, guardian } = openGuardian(migrationDeps);
    life.onEnd(() => guardian.close());
    const watched = watchMigration(
      openMigrationService({
        ...migrationDeps,
        arrivals: arrivalsAt(async () => plane.sessions.connected()),
        followWrite: (file, sha256) => void guardian.followWrite(file, sha256),
      }),
      () => changes.emit('migration'),
    );
    const { service: migration } = watched;
    plane = await openDataPlane({
      data,
      platform,
      logger,
      version,
      changes,
      traffic,
      clients: () => migration.clients(),
      onEnd: (dispose) => life.onEnd(dispose),
      sessionsChanged: touch,
      clientArrived(client) {
        const known = ClientId.safeParse(client);
        if (known.success) guardian.clientConnected(known.data);
      },
      hasTerminal: options.host === 'headless' && !options.background,
    });
    const { servers, sessions } = plane;

    for (const line of await migration.recover()) logger.log('warn', 'migration.recovered', { what: line });
    // Entries of an earlier version point at this copy: keep it current.
    if ((await migration.history()).length > 0) await installShim(data, resources.shim, options.launch);

    timeMachine.onVersion(() => changes.emit('configs'));
    guardian.onFinding(() => changes.emit('guardian'));
    // The first look at every config takes a moment that nobody needs to wait for.
    guardian
      .start()
      .catch((error: unknown) =>
        logger.log('error', 'guardian.not-started', { message: toErrorInfo(error).message }),
      );

    const bypasses = await collectBypassNotes(data);
    const startedAt = Date.now();
    const status = (): HubStatus => ({
      running: true,
      pid: process.pid,
      port: front.port,
      url: front.url,
      version,
      host: options.host,
      startedAt,
      dataDir: data.root,
      servers: servers
        .list()
        .map(({ name, state, instances }) => ({ name, state, instances: instances.length })),
      sessions: sessions.connected().length,
      droppedExchanges: traffic.dropped,
      trafficStore: traffic.storeError ?? traffic.storeWarning,
      errorsLastHour: [...traffic.countsLastHour().values()].reduce((sum, { errors }) => sum + errors, 0),
      bypasses,
      catalogError: plane.catalog.error,
    });

    const { mux, endpoints, opener, user } = plane;
    const replay = createReplay({ traffic, mux, endpoints, opener, sessions, user, version });
    life.onEnd(() => replay.close());
    const alerts = openAlerts({
      file: data.alerts,
      stateFile: data.alertStates,
      logger,
      changes,
      calls: () => traffic.totals.tools(),
      servers: () => servers.list(),
      isEnding: () => life.isStopping,
    });
    life.onEnd(() => alerts.close());

    const router = createRouter({
      loop: eventLoop,
      status,
      changes,
      traffic,
      exports: createTrafficExport(traffic, version),
      replay,
      alerts,
      savedFilters: openSavedFilters(data.filters, logger, changes),
      servers,
      logins: plane.logins,
      questions: createServerQuestions({ catalog: () => plane.catalog.current, mux, user, now: Date.now }),
      toolWatch: plane.toolWatch,
      sharing: createSharingAdviser({
        servers,
        traffic,
        sessions: () => sessions.connected(),
        trials: openTrials(data.sharingTrials, logger),
        changed: () => changes.emit('sharing'),
      }),
      sessions: () => sessions.connected(),
      session: (id) => sessions.view(id),
      endSession: (id) => sessions.end(id),
      migration,
      migrationRun: watched.run,
      timeMachine,
      guardian,
      settings,
      demo: startDemoProcess(resources, (dispose) => life.onEnd(dispose)),
      stop: () => void life.stop(DRAIN_MS),
    });
    const handler = createPortHandler(router);
    const connectAs = (port: ApiPort, context: CallContext): void => {
      viewers += 1;
      port.on('close', () => {
        viewers -= 1;
        touch();
      });
      handler.upgrade(port, { context });
    };

    const front = await openHttpFront({
      port: options.port,
      token,
      user: plane.user,
      ui: resources.ui,
      mcp: plane.transports.http,
      connectApi: (port) => connectAs(port, { isLocal: false, hasInstallToken: true }),
      rest: createRestApi(router, version),
      health: createHealth({
        version,
        startedAt,
        sessions: () => sessions.connected(),
        eventLoop: () => eventLoop.delay(),
      }),
      metrics: createMetrics({
        version,
        exchanges: () => traffic.totals.exchanges(),
        durations: () => traffic.totals.durations(),
        dropped: () => traffic.dropped,
        sessions: () => sessions.connected(),
        servers: () => servers.list(),
        upstreams: () => plane.mux.upstreams(),
        alerts: () => alerts.list(),
        eventLoop: () => eventLoop.delay(),
      }),
    });
    life.onEnd(() => front.close());
    const local = await listenLocally(socket, {
      connection(connection, hello, rest) {
        if (life.isStopping) return void connection.destroy();
        if (hello.kind === 'shim') void plane.transports.serveShim(connection, hello, rest);
        else if (hello.kind === 'notes') serveNotes(connection, hello, sessions);
        else connectAs(portOverSocket(connection, rest), { isLocal: true });
      },
    });
    life.onEnd(async () => {
      await plane.transports.close();
      await local.close();
      await plane.stopServers();
    });

    const facts: HubFacts = {
      pid: process.pid,
      mark: processStartMark(process.pid),
      startedAt,
      host: options.host,
      background: options.background,
      port: front.port,
      url: front.url,
      socket,
      version,
    };
    writeFileSync(data.hubFacts, JSON.stringify(facts), { mode: 0o600 });
    life.onEnd(() => rmSync(data.hubFacts, { force: true }));
    rmSync(path.join(data.run, 'starting'), { recursive: true, force: true });

    touch();
    life.onEnd(() => clearTimeout(idle));
    // A hub that only programs started must not outlive the folder it serves.
    if (options.background) {
      const check = setInterval(
        () => void (existsSync(data.hubLock) || life.stop()),
        FOLDER_CHECK_MS,
      ).unref();
      life.onEnd(() => clearInterval(check));
    }
    life.onEnd(watched.idle);
    logger.log('info', 'hub.ready', { port: front.port, pid: process.pid });
    // A convenience for editors, for which no client has to wait; without it the catalog works as well.
    const schemaWritten = writeCatalogSchema(data).catch((error: unknown) =>
      logger.log('warn', 'catalog.schema-not-written', { message: toErrorInfo(error).message }),
    );
    life.onEnd(() => schemaWritten);
    return {
      facts,
      token,
      connect: (port) => connectAs(port, { isLocal: true }),
      describe: () => ({
        background: options.background,
        sessions: sessions.connected().length,
        callsInFlight: plane.inFlight(),
        viewers,
      }),
      stop: () => life.stop(),
      ended: life.ended,
    };
  } catch (error) {
    await life.stop();
    throw error;
  }
}
