import { randomUUID } from 'node:crypto';
import type { Conversation, Endpoint, Mux } from '../routes/mux/mux.ts';
import type { Admission } from './admission.ts';
import type { SessionRegistry } from './session-registry.ts';

const IDLE_MS = 5 * 60_000;
const SWEEP_MS = 60_000;
const ENDED = 'Patchbay: the session was ended while this request was running. It was not repeated.';

/** What the modern requests of one user and client product on one endpoint have in common. */
export interface ModernConversation {
  readonly conversation: Conversation;
  enter(reply: OpenReply): void;
  leave(reply: OpenReply): void;
}

/** A request that is still to be answered. */
export interface OpenReply {
  /** Answers it with an error of the hub. */
  fail(message: string): void;
}

export interface ModernConversations {
  /** null: there are too many. */
  of(endpoint: Endpoint, user: string, client: string): ModernConversation | null;
  close(): Promise<void>;
}

export interface ModernConversationsDeps {
  mux: Mux;
  sessions: SessionRegistry;
  admission: Admission;
}

interface Entry extends ModernConversation {
  id: string;
  key: string;
  user: string;
  open: Set<OpenReply>;
  lastUsedAt: number;
}

/** The modern era has no sessions: a conversation is found by who calls and is closed when nobody does any more. */
export function createModernConversations({
  mux,
  sessions,
  admission,
}: ModernConversationsDeps): ModernConversations {
  const entries = new Map<string, Entry>();
  const closing = new Set<Promise<void>>();

  const release = (entry: Entry, message: string): Promise<void> => {
    if (entries.get(entry.key) !== entry) return Promise.resolve();
    entries.delete(entry.key);
    for (const reply of entry.open) reply.fail(message);
    admission.leave(entry.user);
    const registered = sessions.find(entry.id);
    if (registered) sessions.close(registered);
    const closed = entry.conversation.close().finally(() => closing.delete(closed));
    closing.add(closed);
    return closed;
  };

  const open = (key: string, endpoint: Endpoint, user: string, client: string): Entry | null => {
    if (!admission.enter(user)) return null;
    const id = randomUUID();
    const conversation = mux.open({
      endpoint,
      caller: { sessionId: id, client, user, transport: 'http', cwd: null, env: null },
      channel: null,
      restored: null,
    });
    const entry: Entry = {
      id,
      key,
      user,
      conversation,
      open: new Set(),
      lastUsedAt: performance.now(),
      enter: (reply) => void entry.open.add(reply),
      leave(reply) {
        entry.open.delete(reply);
        entry.lastUsedAt = performance.now();
      },
    };
    entries.set(key, entry);
    const server = endpoint.single ?? endpoint.label;
    sessions.open(
      {
        id,
        client,
        server,
        transport: 'http',
        pid: null,
        cwd: null,
        openedAt: Date.now(),
        resumed: 0,
      },
      { era: () => 'modern', end: () => release(entry, ENDED) },
    );
    return entry;
  };

  const sweep = setInterval(() => {
    const now = performance.now();
    for (const entry of entries.values()) {
      if (entry.open.size === 0 && now - entry.lastUsedAt > IDLE_MS) void release(entry, ENDED);
    }
  }, SWEEP_MS).unref();

  return {
    of(endpoint, user, client) {
      const key = `${endpoint.label}\n${client}\n${user}`;
      return entries.get(key) ?? open(key, endpoint, user, client);
    },
    async close() {
      clearInterval(sweep);
      const message = 'Patchbay: the hub is shutting down. The request was not repeated.';
      for (const entry of entries.values()) void release(entry, message);
      await Promise.all(closing);
    },
  };
}
