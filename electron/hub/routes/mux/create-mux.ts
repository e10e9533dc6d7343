import type { Logger } from '../../log.ts';
import type { ServerOpener } from '../../servers/server-connection.ts';
import { NO_OBSERVER, type ToolObserver } from '../../tools/tool-observer.ts';
import type { Tap } from '../../traffic/tap.ts';
import { askLists, ownCaller } from './ask-lists.ts';
import { ClientConversation, type ConversationDeps } from './conversation.ts';
import { ListViews } from './list-views.ts';
import type { Endpoint, Mux } from './mux.ts';
import { createUpstreamPool, type StartGate } from './upstream-pool.ts';

export interface MuxDeps {
  opener: ServerOpener;
  gate: StartGate;
  tap: Tap;
  /** Told of the servers' tools; some it holds back. Absent: nobody watches. */
  tools?: ToolObserver;
  logger: Logger;
  /** What the hub calls itself towards clients and shared servers. */
  hubInfo: { name: string; version: string };
}

/** A mux without conversations; servers are opened as clients need them. */
export function createMux({ opener, gate, tap, tools = NO_OBSERVER, logger, hubInfo }: MuxDeps): Mux {
  const pool = createUpstreamPool({ opener, gate, tools, logger, hubInfo });
  const conversations = new Set<ClientConversation>();
  const views = new ListViews();
  const deps: ConversationDeps = {
    pool,
    tap,
    tools,
    logger,
    hubInfo,
    views,
    ignored: { answers: 0, notifications: 0 },
    ended: (conversation) => void conversations.delete(conversation),
  };

  return {
    open(options) {
      const conversation = new ClientConversation(options, deps);
      conversations.add(conversation);
      return conversation;
    },

    parameterHeaders(endpoint: Endpoint, tool: string) {
      for (const conversation of conversations) {
        if (conversation.endpoint.label !== endpoint.label) continue;
        const headers = conversation.names.headersOf(tool);
        if (headers) return headers;
      }
      return null;
    },

    serversChanged(names) {
      for (const name of names) pool.known.forget(name);
      views.forgetAll();
      for (const conversation of conversations) conversation.serversChanged(names);
    },

    toolsReleased(server) {
      views.forgetAll();
      for (const conversation of conversations) conversation.toolsReleased(server);
    },

    async restart(server) {
      const running = pool.upstreams().filter((upstream) => upstream.server === server);
      await Promise.all(running.map((upstream) => pool.end(upstream, 'was restarted')));
    },

    async ask(server, user) {
      const { startTimeoutMs } = opener.sharing(server);
      const applicant = { caller: ownCaller(user), identity: pool.hubIdentity };
      return await askLists(pool, server, applicant, startTimeoutMs);
    },

    upstreams: () =>
      pool.upstreams().map((upstream) => ({
        server: upstream.server,
        instanceId: upstream.instanceId,
        era: upstream.era,
        callers: upstream.attached.size,
        inFlight: upstream.inFlight,
        queued: upstream.waiting,
      })),

    async close() {
      await Promise.all([...conversations].map((conversation) => conversation.close()));
      await pool.close();
    },
  };
}
