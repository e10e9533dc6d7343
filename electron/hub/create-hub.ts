import { RPCHandler } from '@orpc/server/message-port';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PatchbayError } from '../../shared/model/error.ts';
import type { HostKind, HubStatus } from '../../shared/model/hub.ts';
import { openHttpFront } from './api/http-front.ts';
import { createRouter, type CallContext } from './api/router.ts';
import { portOverSocket, type ApiPort } from './api/socket-port.ts';
import { loadToken } from './api/token.ts';
import { collectBypassNotes } from './bypass-notes.ts';
import { createChanges } from './changes.ts';
import { localSocketAddress, prepareDataFolder, type DataFolder, type Platform } from './data-folder.ts';
import { startDemoProcess } from './demo-process.ts';
import type { Resources } from './host.ts';
import { claimHub, findLiveHub, type HubFacts } from './hub-lock.ts';
import { installShim, type HubLaunch } from './install-shim.ts';
import type { Logger } from './log.ts';
import { openMigrationService } from './open-migration-service.ts';
import { watchMigration } from './migration-activity.ts';
import type { ShimCommand } from './migration/migration-service.ts';
import { processStartMark } from './process-identity.ts';
import { createChildRecords } from './servers/child-records.ts';
import { createLaunchResolver } from './servers/resolve-launch.ts';
import { InstancePool } from './servers/instance-pool.ts';
import { openLiveCatalog } from './servers/live-catalog.ts';
import { createServerService } from './servers/server-service.ts';
import { listenLocally } from './sessions/local-socket-server.ts';
import { serveNotes } from './sessions/notes-connection.ts';
import { SessionRegistry } from './sessions/session-registry.ts';
import { serveShim } from './sessions/shim-session.ts';
import { createHttpSessions } from './sessions/http-sessions.ts';
import { createStreamableHttp } from './sessions/streamable-http.ts';
import { openSettings } from './settings-file.ts';
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
  /** Orderly end: no new sessions, servers stopped, everything written. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves when the hub has ended, whoever asked for it. */
  readonly ended: Promise<void>;
}

const FOLDER_CHECK_MS = 15_000;
/** Between SIGTERM and SIGKILL for servers that a killed hub left behind. */
const SWEEP_GRACE_MS = 1_000;
/** A background hub without sessions and viewers ends itself after this long. */
const IDLE_END_MS = 10 * 60_000;

/**
 * Builds and starts a hub. Throws HUB_ALREADY_RUNNING, PORT_TAKEN or DATA_FOLDER_UNSAFE; then nothing was started.
 */
export async function createHub(options: HubOptions): Promise<Hub> {
  const { data, platform, logger, resources } = options;
  prepareDataFolder(data);
  const socket = localSocketAddress(data.root, platform);
  const lock = claimHub(data);
  if (!lock || (await findLiveHub(data, socket))) {
    lock?.release();
    throw new PatchbayError('HUB_ALREADY_RUNNING', `A hub is already running for ${data.root}.`, {
      hint: 'See: patchbay status',
    });
  }

  /** What was started, to be ended in reverse. */
  const started: (() => Promise<void> | void)[] = [() => lock.release()];
  let stopping: Promise<void> | null = null;
  let markEnded = (): void => {};
  const ended = new Promise<void>((resolve) => (markEnded = resolve));
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      for (const dispose of started.toReversed()) {
        try {
          await dispose();
        } catch (error) {
          logger.log('error', 'hub.stop-failed', { message: (error as Error).message });
        }
      }
      markEnded();
    })();
    return stopping;
  };

  try {
    const changes = createChanges();
    const token = loadToken(data.token);
    const settings = openSettings(data.settings, logger, (next) => {
      traffic.applySettings(next);
      changes.emit('settings');
    });
    const traffic = createTrafficService({
      file: data.trafficDb,
      workerScript: resources.trafficWorker,
      settings: settings.get(),
    });
    started.push(() => traffic.close());

    const records = createChildRecords(data.run);
    const swept = await records.sweep(SWEEP_GRACE_MS);
    if (swept.length > 0) logger.log('warn', 'servers.swept', { pids: swept.join(' ') });
    let viewers = 0;
    let idle: NodeJS.Timeout | undefined;
    function touch(): void {
      clearTimeout(idle);
      if (!options.background || stopping) return;
      idle = setTimeout(() => {
        if (sessions.connected().length === 0 && viewers === 0) void stop();
        else touch();
      }, IDLE_END_MS);
      idle.unref();
    }
    const pool = new InstancePool(() => changes.emit('servers'), records);
    const sessions = new SessionRegistry(() => {
      changes.emit('sessions');
      changes.emit('status');
      touch();
    });
    started.push(() => sessions.dispose());
    const catalog = await openLiveCatalog({
      data,
      logger,
      onChange: () => {
        changes.emit('servers');
        changes.emit('status');
      },
    });
    started.push(() => catalog.close());

    const launches = createLaunchResolver(() => catalog.current, platform);
    const shimServices = { sessions, pool, launches, tap: traffic.tap };
    const httpSessions = createHttpSessions({
      ...shimServices,
      recordsFile: path.join(data.run, 'http-sessions.json'),
    });
    const servers = createServerService({
      data,
      catalog,
      pool,
      counts: () => traffic.countsLastHour(),
      forgive: (server) => {
        sessions.forgive(server);
        httpSessions.endServer(server);
      },
    });
    const { service: migration, idle: migrationIdle } = watchMigration(
      openMigrationService({
        data,
        platform,
        logger,
        shim: options.shim,
        version: options.version,
        installShim: () => installShim(data, resources.shim, options.launch),
      }),
    );
    for (const line of await migration.recover()) logger.log('warn', 'migration.recovered', { what: line });
    // Entries of an earlier version point at this copy: keep it current.
    if ((await migration.history()).length > 0) await installShim(data, resources.shim, options.launch);

    const bypasses = await collectBypassNotes(data);
    const startedAt = Date.now();
    const status = (): HubStatus => ({
      running: true,
      pid: process.pid,
      port: front.port,
      url: front.url,
      version: options.version,
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
      catalogError: catalog.error,
    });

    const router = createRouter({
      status,
      changes,
      traffic,
      servers,
      sessions: () => sessions.connected(),
      migration,
      settings,
      demo: startDemoProcess(resources, (dispose) => started.push(dispose)),
      stop: () => void stop(),
    });
    const handler = new RPCHandler<CallContext>(router);
    const connectAs = (port: ApiPort, isLocal: boolean): void => {
      viewers += 1;
      port.on('close', () => {
        viewers -= 1;
        touch();
      });
      handler.upgrade(port, { context: { isLocal } });
    };

    const front = await openHttpFront({
      port: options.port,
      token,
      ui: resources.ui,
      mcp: createStreamableHttp(httpSessions),
      connectApi: (port) => connectAs(port, false),
    });
    started.push(() => front.close());
    const local = await listenLocally(socket, {
      connection(connection, hello, rest) {
        if (stopping) return void connection.destroy();
        if (hello.kind === 'shim') void serveShim(connection, hello, rest, shimServices);
        else if (hello.kind === 'notes') serveNotes(connection, hello, sessions);
        else connectAs(portOverSocket(connection, rest), true);
      },
    });
    started.push(async () => {
      httpSessions.close();
      await local.close();
      await pool.stopAll();
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
      version: options.version,
    };
    writeFileSync(data.hubFacts, JSON.stringify(facts), { mode: 0o600 });
    started.push(() => rmSync(data.hubFacts, { force: true }));
    rmSync(path.join(data.run, 'starting'), { recursive: true, force: true });

    touch();
    started.push(() => clearTimeout(idle));
    // A hub that only programs started must not outlive the folder it serves.
    if (options.background) {
      const check = setInterval(() => void (existsSync(data.hubLock) || stop()), FOLDER_CHECK_MS).unref();
      started.push(() => clearInterval(check));
    }
    started.push(migrationIdle);
    logger.log('info', 'hub.ready', { port: front.port, pid: process.pid });
    return { facts, token, connect: (port) => connectAs(port, true), stop, ended };
  } catch (error) {
    await stop();
    throw error;
  }
}
