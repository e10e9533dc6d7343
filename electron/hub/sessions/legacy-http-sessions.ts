import { randomUUID } from 'node:crypto';
import type { Endpoints } from '../routes/endpoints.ts';
import type { ConversationRecord, Endpoint, Mux } from '../routes/mux/mux.ts';
import type { Admission } from './admission.ts';
import { openHttpSessionRecords, type HttpSessionRecord } from './http-session-records.ts';
import type { KeepAliveWheel } from './keep-alive-wheel.ts';
import { LegacyHttpSession } from './legacy-http-session.ts';
import { ReplayBudget } from './replay.ts';
import type { SessionRegistry } from './session-registry.ts';

/** Claude Code never sends DELETE: a session that nobody uses for this long gives its servers up. */
const IDLE_MS = 30 * 60_000;
/** It stays known for this long: whoever comes back gets it again, with new servers. */
const KNOWN_MS = 7 * 24 * 3_600_000;
const SWEEP_MS = 60_000;

export interface LegacyHttpSessionsDeps {
  mux: Mux;
  endpoints: Pick<Endpoints, 'find'>;
  sessions: SessionRegistry;
  wheel: KeepAliveWheel;
  admission: Admission;
  recordsFile: string;
}

export interface NewSession {
  endpoint: Endpoint;
  user: string;
  client: string;
}

/** The Streamable HTTP sessions of the handshake era, by id: those that live and those that can be carried on. */
export interface LegacyHttpSessions {
  /** A session for a client that says hello; null when there are too many. */
  open(session: NewSession): LegacyHttpSession | null;
  /** The handshake was answered well: from here on the id is good, also after a restart of the hub. */
  keep(session: LegacyHttpSession): void;
  /** The session of this id; undefined for one never given out to this user on this endpoint, null: no room now. */
  find(id: string, user: string, label: string): LegacyHttpSession | null | undefined;
  /** Over for good; false for an id never given out. */
  end(id: string, user: string, label: string): boolean;
  close(): Promise<void>;
}

const ENDED = 'Patchbay: the session was ended while this request was running. It was not repeated.';

export function createLegacyHttpSessions(deps: LegacyHttpSessionsDeps): LegacyHttpSessions {
  const { mux, sessions, wheel, admission } = deps;
  const live = new Map<string, LegacyHttpSession>();
  const closing = new Set<Promise<void>>();
  const records = openHttpSessionRecords({ file: deps.recordsFile, maxAgeMs: KNOWN_MS });
  const budget = new ReplayBudget();

  /** Gives up what the session holds; its record decides whether it can come back. */
  const release = (session: LegacyHttpSession, message: string): Promise<void> => {
    if (!live.delete(session.id)) return Promise.resolve();
    admission.leave(session.user);
    session.end(message);
    const registered = sessions.find(session.id);
    if (registered) sessions.close(registered);
    const closed = session.conversation.close().finally(() => closing.delete(closed));
    closing.add(closed);
    return closed;
  };

  const start = (
    { endpoint, user, client }: NewSession,
    { id, restored }: { id: string; restored: ConversationRecord | null },
  ): LegacyHttpSession | null => {
    if (!admission.enter(user) && !(releaseOldestIdle() && admission.enter(user))) return null;
    const session = new LegacyHttpSession({ id, user, endpoint, wheel, budget });
    session.conversation = mux.open({
      endpoint,
      caller: { sessionId: id, client, user, transport: 'http', cwd: null, env: null },
      channel: session,
      restored,
    });
    live.set(id, session);
    const { label } = endpoint;
    const server = endpoint.single ?? label;
    sessions.open(
      {
        id,
        client,
        server,
        transport: 'http',
        pid: null,
        cwd: null,
        openedAt: Date.now(),
        resumed: restored ? 1 : 0,
      },
      {
        era: () => 'legacy',
        end: () => {
          records.delete(id);
          return release(session, ENDED);
        },
      },
    );
    const write = (): void => {
      const conversation = session.conversation.record();
      if (conversation && records.get(id)) {
        records.put({ id, label, user, client, lastUsedAt: Date.now(), conversation });
      }
    };
    session.conversation.onRecordChanged(write);
    return session;
  };

  const releaseOldestIdle = (): boolean => {
    let oldest: LegacyHttpSession | null = null;
    for (const session of live.values()) {
      if (session.isIdle && (!oldest || session.lastUsedAt < oldest.lastUsedAt)) oldest = session;
    }
    if (oldest) void release(oldest, ENDED);
    return oldest !== null;
  };

  const sweep = setInterval(() => {
    const now = performance.now();
    for (const session of live.values()) {
      session.expire(now);
      if (!session.isIdle || now - session.lastUsedAt < SWEEP_MS) records.touch(session.id);
      else if (now - session.lastUsedAt > IDLE_MS) void release(session, ENDED);
    }
  }, SWEEP_MS).unref();

  const known = (id: string, user: string, label: string): HttpSessionRecord | undefined => {
    const record = records.get(id);
    return record?.user === user && record.label === label ? record : undefined;
  };

  return {
    open: (session) => start(session, { id: randomUUID(), restored: null }),
    keep({ id, user, endpoint, conversation }) {
      const record = conversation.record();
      const client = sessions.find(id)?.view.client ?? 'http';
      if (!record || !live.has(id)) return;
      records.put({ id, label: endpoint.label, user, client, lastUsedAt: Date.now(), conversation: record });
    },
    find(id, user, label) {
      const session = live.get(id);
      if (session) return session.user === user && session.endpoint.label === label ? session : undefined;
      const record = known(id, user, label);
      const endpoint = record && deps.endpoints.find(label);
      if (!endpoint) return undefined;
      return start({ endpoint, user, client: record.client }, { id, restored: record.conversation });
    },
    end(id, user, label) {
      const session = live.get(id);
      const isKnown = session
        ? session.user === user && session.endpoint.label === label
        : known(id, user, label);
      if (!isKnown) return false;
      records.delete(id);
      if (session) void release(session, ENDED);
      return true;
    },
    async close() {
      clearInterval(sweep);
      for (const session of live.values()) {
        records.touch(session.id);
        void release(session, 'Patchbay: the hub is shutting down. The request was not repeated.');
      }
      await Promise.all(closing);
      records.close();
    },
  };
}
