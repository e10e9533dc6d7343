import { randomUUID } from 'node:crypto';
import { declaredListChanges, listChangedFrame } from '../frames/list-changes.ts';
import type { InstancePool } from '../servers/instance-pool.ts';
import type { LaunchResolver } from '../servers/resolve-launch.ts';
import type { Tap } from '../traffic/tap.ts';
import { openHttpSessionRecords, type HttpSessionRecord } from './http-session-records.ts';
import { HttpSession } from './http-session.ts';
import type { SessionRegistry } from './session-registry.ts';

/** Claude Code never sends DELETE; a session that nobody uses for this long is over. */
const IDLE_MS = 30 * 60_000;
const SWEEP_MS = 60_000;
/** A server that is started again gets as long as clients give one for its first handshake. */
const REPLAY_MS = 30_000;

export interface HttpSessionServices {
  sessions: SessionRegistry;
  pool: InstancePool;
  launches: LaunchResolver;
  tap: Tap;
  /** Where sessions are written down. */
  recordsFile: string;
}

/** The Streamable HTTP sessions of the hub, by id. A known id stays good when its server or the hub starts anew. */
export interface HttpSessions {
  /** Starts a server for a new conversation. Throws as the launch does. */
  open(server: string, client: string, initialize: Buffer): Promise<HttpSession>;
  /** The session of this id, with a new process where the old one is gone; undefined for an id never given out. */
  find(id: string, server: string): Promise<HttpSession | undefined>;
  /** The client has finished its handshake. */
  initialized(session: HttpSession): void;
  /** Over for good, by the client's own word; false for an id never given out. */
  end(id: string, server: string): boolean;
  /** Ends the processes of one server; the sessions stay known. */
  endServer(server: string): void;
  close(): void;
}

export function createHttpSessions(services: HttpSessionServices): HttpSessions {
  const live = new Map<string, HttpSession>();
  const reviving = new Map<string, Promise<HttpSession>>();
  const records = openHttpSessionRecords(services.recordsFile, IDLE_MS);

  const drop = (session: HttpSession, message: string): void => {
    if (!live.delete(session.id)) return;
    session.end(message);
    const record = services.sessions.find(session.id);
    if (record) services.sessions.close(record);
    void session.instance.stop();
  };
  const touch = (record: HttpSessionRecord): void => records.put({ ...record, lastUsedAt: Date.now() });

  const sweep = setInterval(() => {
    for (const session of live.values()) {
      if (!session.isIdle || performance.now() - session.lastUsedAt <= IDLE_MS) continue;
      records.delete(session.id);
      drop(session, 'The session was idle.');
    }
  }, SWEEP_MS);
  sweep.unref();

  async function start({ id, server, client }: HttpSessionRecord, resumed: number): Promise<HttpSession> {
    const launch = services.launches.forHttp(server);
    const instance = await services.pool.start({ server, client, sessionId: id, launch, onStderr: () => {} });
    const view = { id, client, server, transport: 'http' as const, pid: null, cwd: null };
    const tap = services.tap.openSession({
      sessionId: id,
      client,
      project: null,
      server,
      instanceId: instance.id,
    });
    const session = new HttpSession({ id, server, instance, tap });
    services.sessions.open({ ...view, openedAt: Date.now(), resumed });
    void instance.ended.then((ended) => {
      if (!ended.asked) {
        services.pool.fail(server, `The server ended (${ended.signal ?? `code ${ended.code}`}).`);
      }
      drop(session, 'Patchbay: the server ended while this request was running. It was not repeated.');
    });
    return session;
  }

  /** The handshake is said again by us, its answer kept from the client; lists count as changed. */
  async function revive(record: HttpSessionRecord): Promise<HttpSession> {
    const session = await start(record, 1);
    live.set(record.id, session);
    try {
      const answer = await session.replay(Buffer.from(record.initialize), REPLAY_MS);
      if (record.initialized)
        session.say(Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}'));
      for (const kind of declaredListChanges(answer)) session.tell(listChangedFrame(kind));
    } catch (error) {
      drop(session, 'Patchbay: the server could not be started again.');
      throw error;
    }
    services.pool.countRestart(record.server);
    touch(record);
    return session;
  }

  return {
    async open(server, client, initialize) {
      const id = randomUUID();
      const record = {
        id,
        server,
        client,
        initialize: initialize.toString('utf8'),
        initialized: false,
        lastUsedAt: 0,
      };
      const session = await start(record, 0);
      live.set(id, session);
      touch(record);
      return session;
    },
    async find(id, server) {
      const known = records.get(id);
      if (known?.server !== server) return undefined;
      const pending = reviving.get(id);
      if (pending) return pending;
      const session = live.get(id);
      if (session) return session;
      const revived = revive(known).finally(() => reviving.delete(id));
      reviving.set(id, revived);
      return revived;
    },
    initialized(session) {
      const record = records.get(session.id);
      if (record) touch({ ...record, initialized: true });
    },
    end(id, server) {
      if (records.get(id)?.server !== server) return false;
      records.delete(id);
      const session = live.get(id);
      if (session) drop(session, 'The session was ended by the client.');
      return true;
    },
    endServer(server) {
      for (const session of live.values()) {
        if (session.server === server) drop(session, 'Patchbay: the server was restarted.');
      }
    },
    close() {
      clearInterval(sweep);
      for (const session of live.values()) {
        const record = records.get(session.id);
        if (record) touch(record);
        drop(session, 'Patchbay: the hub is shutting down.');
      }
      records.close();
    },
  };
}
