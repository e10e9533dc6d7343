import type { Era } from '../../../shared/json-rpc/envelope.ts';
import type { SessionView } from '../../../shared/model/session.ts';
import { createRestartPolicy, type RestartPolicy } from '../supervisor/restart-policy.ts';
import type { Note } from './shim-protocol.ts';

/** How long a session whose server went away may come back under its id. */
const KEEP_LOST_MS = 120_000;
const MAX_SESSIONS = 10_000;
/** stderr written before the notes connection is there; the newest bytes win. */
const MAX_BACKLOG = 64 * 1024;

/** What a transport can do with a session of its own. */
export interface SessionHooks {
  /** null until the client has said something that tells. */
  era(): Era | null;
  /** Ends it: open calls fail, private instances stop, the client may open a new one. Safe to call twice. */
  end(): Promise<void>;
  /** Our own comparison, not a client's. */
  isWitness?: boolean;
}

export interface Session {
  readonly view: Omit<SessionView, 'era'>;
  hooks: SessionHooks;
  connected: boolean;
  /** For sessions with a server of their own; made when it is first asked for, since most never are. */
  readonly own: OwnServer;
}

/** What is known of the server that one session has for itself. */
export interface OwnServer {
  readonly policy: RestartPolicy;
  /** It has answered at least once over the life of the session. */
  answered: boolean;
  /** Why the last connection ended, seen from the hub. `ended`: somebody ended the session itself. */
  lastEnd: 'none' | 'crash' | 'asked' | 'ended';
  backlog: string;
  readonly noteSinks: Set<(note: Note) => void>;
}

/** Conversations by id, of every transport, including those that may still come back. */
export class SessionRegistry {
  readonly #sessions = new Map<string, StoredSession>();
  readonly #expiry = new Map<string, NodeJS.Timeout>();
  readonly #changed: () => void;
  readonly #arrived: (client: string) => void;

  /** `arrived` is told of every new conversation of a client, not of those that come back. */
  constructor(changed: () => void, arrived: (client: string) => void = () => {}) {
    this.#changed = changed;
    this.#arrived = arrived;
  }

  /** A new session, or the known one of this id with a new connection. */
  open(view: Omit<SessionView, 'era'>, hooks: SessionHooks): Session {
    this.#cancelExpiry(view.id);
    let session = this.#sessions.get(view.id);
    if (session) {
      session.hooks = hooks;
      session.view.resumed = view.resumed;
      session.connected = true;
    } else {
      session = new StoredSession(view, hooks);
      this.#sessions.set(view.id, session);
      if (this.#sessions.size > MAX_SESSIONS) this.#dropOldestLost();
      if (view.resumed === 0 && !hooks.isWitness) this.#arrived(view.client);
    }
    this.#changed();
    return session;
  }

  find(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** One that is connected now; null when there is none of this id. */
  view(id: string): SessionView | null {
    const session = this.#sessions.get(id);
    return session?.connected ? viewOf(session) : null;
  }

  /** Ends a conversation of any transport; false when none of this id is connected. */
  async end(id: string): Promise<boolean> {
    const session = this.#sessions.get(id);
    if (!session?.connected) return false;
    await session.hooks.end();
    return true;
  }

  /** The client is gone for good. */
  close(session: Session): void {
    const { id } = session.view;
    if (this.#sessions.get(id) !== session) return;
    this.#cancelExpiry(id);
    this.#sessions.delete(id);
    this.#changed();
  }

  /** The server is gone, the client may come back under the same id. */
  lose(session: Session, why: 'crash' | 'asked' | 'ended'): void {
    session.own.lastEnd = why;
    session.connected = false;
    this.#cancelExpiry(session.view.id);
    const timer = setTimeout(() => this.close(session), KEEP_LOST_MS);
    timer.unref();
    this.#expiry.set(session.view.id, timer);
    this.#changed();
  }

  /** Someone acted on the server: crashes before that no longer count. */
  forgive(server: string): void {
    for (const session of this.#sessions.values()) {
      if (session.view.server !== server || !session.hasOwn) continue;
      session.own.policy.reset();
      if (session.own.lastEnd === 'crash') session.own.lastEnd = 'asked';
    }
  }

  /** Hands server stderr to the shim, or keeps it until the shim listens. */
  note({ own }: Session, text: string): void {
    if (own.noteSinks.size === 0) own.backlog = (own.backlog + text).slice(-MAX_BACKLOG);
    for (const sink of own.noteSinks) sink({ type: 'stderr', text });
  }

  followNotes({ own }: Session, sink: (note: Note) => void): () => void {
    if (own.backlog !== '') sink({ type: 'stderr', text: own.backlog });
    own.backlog = '';
    own.noteSinks.add(sink);
    return () => void own.noteSinks.delete(sink);
  }

  connected(): SessionView[] {
    return [...this.#sessions.values()].filter((session) => session.connected).map(viewOf);
  }

  dispose(): void {
    for (const timer of this.#expiry.values()) clearTimeout(timer);
    this.#expiry.clear();
    this.#sessions.clear();
  }

  #cancelExpiry(id: string): void {
    clearTimeout(this.#expiry.get(id));
    this.#expiry.delete(id);
  }

  #dropOldestLost(): void {
    for (const session of this.#sessions.values()) {
      if (session.connected) continue;
      this.close(session);
      return;
    }
  }
}

const viewOf = ({ view, hooks }: Session): SessionView => ({ ...view, era: hooks.era() });

class StoredSession implements Session {
  readonly view: Omit<SessionView, 'era'>;
  hooks: SessionHooks;
  connected = true;
  #own: OwnServer | null = null;

  constructor(view: Omit<SessionView, 'era'>, hooks: SessionHooks) {
    this.view = view;
    this.hooks = hooks;
  }

  get hasOwn(): boolean {
    return this.#own !== null;
  }

  get own(): OwnServer {
    return (this.#own ??= {
      policy: createRestartPolicy(),
      // A hub that was restarted knows nothing of a conversation that was carried over to it: believe it.
      answered: this.view.resumed > 0,
      lastEnd: 'none',
      backlog: '',
      noteSinks: new Set(),
    });
  }
}
