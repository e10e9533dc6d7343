import type { ServerView } from '../../../shared/model/server.ts';
import type { SessionView } from '../../../shared/model/session.ts';

/** Sessions on the server's own endpoint, and those on another one whose instance of it is up. */
export function sessionsOf(
  server: Pick<ServerView, 'name' | 'instances'>,
  sessions: readonly SessionView[],
): SessionView[] {
  const holders = new Set(server.instances.map(({ sessionId }) => sessionId));
  return sessions.filter((session) => session.server === server.name || holders.has(session.id));
}
