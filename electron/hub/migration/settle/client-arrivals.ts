import type { ClientId } from '../../../../shared/model/client.ts';
import type { SessionView } from '../../../../shared/model/session.ts';

/** A client's own conversation with the hub on one server. */
export interface Arrived {
  /** Name in the catalog, `*` for all of them. */
  server: string;
  /** Of the conversation. */
  session: string;
  /** Of the shim, null for HTTP. */
  pid: number | null;
}

/** Tells when a client itself, not our witness, has come to the hub. */
export interface ClientArrivals {
  /**
   * Conversations on these servers that the client opens from now on. Resolves as soon as each server has one, and at
   * the latest after `timeoutMs` with those there are; null when no hub can be asked.
   */
  waitFor(client: ClientId, servers: readonly string[], timeoutMs: number): Promise<Arrived[] | null>;
}

/** No event is needed for what happens once in a migration. */
const POLL_MS = 200;

/** Arrivals as seen in the list of connected conversations; `connected` gives null when no hub answers. */
export function createArrivals(deps: {
  connected(): Promise<readonly SessionView[] | null>;
  now(): number;
  sleep(ms: number): Promise<unknown>;
}): ClientArrivals {
  return {
    async waitFor(client, servers, timeoutMs) {
      const until = deps.now() + timeoutMs;
      const known = new Set((await deps.connected())?.map(({ id }) => id));
      const arrived = new Map<string, Arrived>();
      let hasHub = false;
      for (;;) {
        const sessions = await deps.connected();
        hasHub ||= sessions !== null;
        for (const { id, server, client: from, pid, era } of sessions ?? []) {
          // Without an era nothing was said yet: some clients end a first process in mid-handshake.
          if (from !== client || era === null || known.has(id) || !servers.includes(server)) continue;
          arrived.set(server, { server, session: id, pid });
        }
        if (arrived.size === new Set(servers).size || deps.now() >= until) break;
        await deps.sleep(POLL_MS);
      }
      return hasHub ? [...arrived.values()] : null;
    },
  };
}
