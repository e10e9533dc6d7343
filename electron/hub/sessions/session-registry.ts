import type { SessionView } from '../../../shared/model/session.ts';
import { createRestartPolicy, type RestartPolicy } from '../supervisor/restart-policy.ts';
import type { Note } from './shim-protocol.ts';

/** How long a session whose server went away may come back under its id. */
const KEEP_LOST_MS = 120_000;
const MAX_SESSIONS = 5_000;
/** stderr written before the notes connection is there; the newest bytes win. */
const MAX_BACKLOG = 64 * 1024;

export interface Session {
  readonly view: SessionView;
  readonly policy: RestartPolicy;
  /** The server has answered at least once over the life of the session. */
  answered: boolean;
  /** Why the last connection ended, seen from the hub. */
  lastEnd: 'none' | 'crash' | 'asked';
  connected: boolean;
  backlog: string;
  readonly noteSinks: Set<(note: Note) => void>;
}

/** Conversations by id, including those that may still come back. */
export class SessionRegistry {
  readonly #sessions = new Map<string, Session>();
  readonly #expiry = new Map<string, NodeJS.Timeout>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** A new session, or the known one of this id. */
  open(view: SessionView): Session {
    clearTimeout(this.#expiry.get(view.id));
    this.#expiry.delete(view.id);
    const known = this.#sessions.get(view.id);
    const session: Session = known ?? {
      view,
      policy: createRestartPolicy(),
      // A hub that was restarted knows nothing of a conversation that was carried over to it: believe it.
      answered: view.resumed > 0,
      lastEnd: 'none',
      connected: true,
      backlog: '',
      noteSinks: new Set(),
    };
    session.view.resumed = view.resumed;
    session.connected = true;
    this.#sessions.set(view.id, session);
    if (this.#sessions.size > MAX_SESSIONS) this.#dropOldestLost();
    this.#changed();
    return session;
  }

  find(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** The client is gone for good. */
  close(session: Session): void {
    clearTimeout(this.#expiry.get(session.view.id));
    this.#expiry.delete(session.view.id);
    this.#sessions.delete(session.view.id);
    this.#changed();
  }

  /** The server is gone, the client may come back under the same id. */
  lose(session: Session, why: 'crash' | 'asked'): void {
    session.lastEnd = why;
    session.connected = false;
    const timer = setTimeout(() => this.close(session), KEEP_LOST_MS);
    timer.unref();
    this.#expiry.set(session.view.id, timer);
    this.#changed();
  }

  /** Somebody acted on a server: its sessions may start it again at once. */
  forgive(server: string): void {
    for (const session of this.#sessions.values()) {
      if (session.view.server !== server) continue;
      session.policy.reset();
      if (session.lastEnd === 'crash') session.lastEnd = 'asked';
    }
  }

  /** Hands server stderr to the shim, or keeps it until the shim listens. */
  note(session: Session, text: string): void {
    if (session.noteSinks.size === 0) session.backlog = (session.backlog + text).slice(-MAX_BACKLOG);
    for (const sink of session.noteSinks) sink({ type: 'stderr', text });
  }

  followNotes(session: Session, sink: (note: Note) => void): () => void {
    if (session.backlog !== '') sink({ type: 'stderr', text: session.backlog });
    session.backlog = '';
    session.noteSinks.add(sink);
    return () => void session.noteSinks.delete(sink);
  }

  connected(): SessionView[] {
    return [...this.#sessions.values()]
      .filter((session) => session.connected)
      .map((session) => ({ ...session.view }));
  }

  dispose(): void {
    for (const timer of this.#expiry.values()) clearTimeout(timer);
    this.#expiry.clear();
    this.#sessions.clear();
  }

  #dropOldestLost(): void {
    for (const session of this.#sessions.values()) {
      if (session.connected) continue;
      this.close(session);
      return;
    }
  }
}
