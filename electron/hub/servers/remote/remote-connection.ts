import type { ConnectionEvents, ServerConnection } from '../server-connection.ts';
import { connectHttpSse } from './http-sse.ts';
import type { Link } from './link.ts';
import type { RemoteTransport } from './remote-target.ts';
import { connectStreamableHttp, NOT_SPOKEN } from './streamable-http.ts';

/**
 * Opens a connection to a remote server. Streamable HTTP needs no word with it first; HTTP+SSE waits for its stream
 * and rejects with SERVER_CANNOT_START or LOGIN_NEEDED. `auto` begins as Streamable HTTP and turns into HTTP+SSE when
 * the handshake is met by HTTP 400, 404 or 405; `correlates` changes with it, so it is to be read after the handshake.
 */
export async function openRemote(
  { link, transport }: { link: Link; transport: RemoteTransport },
  events: ConnectionEvents,
): Promise<ServerConnection> {
  if (transport === 'sse') return connectHttpSse(link, events);
  if (transport === 'http') return connectStreamableHttp({ link, events });
  return connectEither(link, events);
}

function connectEither(link: Link, events: ConnectionEvents): ServerConnection {
  let isOver = false;
  /** Gone as soon as the person closes it: what opens after that is closed at once. */
  const relay: ConnectionEvents = {
    ...events,
    closed(end) {
      isOver = true;
      events.closed(end);
    },
  };
  let turning: Promise<unknown> = Promise.resolve();
  let current: ServerConnection = connectStreamableHttp({
    link,
    events: relay,
    notSpoken(frame, about, message) {
      const { request } = about;
      if (request === null) return false;
      turning = connectHttpSse(link, relay).then(
        (connection) => {
          if (isOver) return connection.close();
          current = connection;
          current.send(frame, about);
        },
        (error: Error) => {
          if (isOver) return;
          // Both ways were tried; what the first one met is what people with a wrong URL need to read.
          events.failed(request, { code: NOT_SPOKEN, message: `${message} HTTP+SSE: ${error.message}` });
        },
      );
      return true;
    },
  });
  return {
    get correlates() {
      return current.correlates;
    },
    get unsentBytes() {
      return current.unsentBytes;
    },
    send: (frame, about) => current.send(frame, about),
    abandon: (request) => current.abandon(request),
    async close() {
      await current.close();
      await turning;
    },
  };
}
