import type { SessionView } from '../../../shared/model/session.ts';
import type { Channel, Conversation, Endpoint, Mux } from '../routes/mux/mux.ts';
import type { CallerIdentity } from '../servers/server-connection.ts';
import { NO_TAP } from '../traffic/no-tap.ts';
import type { Admission } from './admission.ts';
import type { SessionHooks, SessionRegistry } from './session-registry.ts';

export interface LiveConversationsDeps {
  mux: Mux;
  sessions: SessionRegistry;
  admission: Admission;
}

export interface LiveConversationOptions {
  endpoint: Endpoint;
  caller: CallerIdentity;
  channel: Channel;
  /** Of the program at the other end, where it is known. */
  pid: number | null;
  resumed: number;
  /** Our own comparison: it is no traffic of a client. */
  isWitness?: boolean;
  /** Ends the connection; called when the hub or a person wants it to end. */
  disconnect(): void;
}

export interface LiveConversation {
  readonly conversation: Conversation;
  /** The connection is over. Safe to call twice. */
  close(): Promise<void>;
}

/** Conversations that live as long as their connection: HTTP+SSE, WebSocket, the shim's socket. */
export interface LiveConversations {
  /** null: there are too many. */
  open(options: LiveConversationOptions): LiveConversation | null;
  close(): Promise<void>;
}

export function createLiveConversations({
  mux,
  sessions,
  admission,
}: LiveConversationsDeps): LiveConversations {
  const live = new Set<() => Promise<void>>();

  const open = (options: LiveConversationOptions): LiveConversation | null => {
    const { endpoint, caller, channel, pid, resumed, isWitness = false, disconnect } = options;
    if (!admission.enter(caller.user)) return null;
    const tap = isWitness ? NO_TAP : undefined;
    const conversation = mux.open({ endpoint, caller, channel, restored: null, tap });
    let closing: Promise<void> | null = null;
    const close = (): Promise<void> => {
      closing ??= (async () => {
        admission.leave(caller.user);
        sessions.close(registered);
        await conversation.close();
        live.delete(end);
      })();
      return closing;
    };
    const end = (): Promise<void> => {
      disconnect();
      return close();
    };
    const hooks: SessionHooks = { era: () => conversation.era, end, isWitness };
    const view: Omit<SessionView, 'era'> = {
      id: caller.sessionId,
      client: caller.client,
      server: endpoint.single ?? endpoint.label,
      transport: caller.transport,
      pid,
      cwd: caller.cwd,
      openedAt: Date.now(),
      resumed,
    };
    const registered = sessions.open(view, hooks);
    live.add(end);
    return { conversation, close };
  };

  return {
    open,
    async close() {
      await Promise.all([...live].map((end) => end()));
    },
  };
}
