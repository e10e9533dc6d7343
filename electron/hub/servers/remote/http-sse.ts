import type { IncomingMessage } from 'node:http';
import { PatchbayError } from '../../../../shared/model/error.ts';
import type { ConnectionEvents, OutboundFrame, ServerConnection } from '../server-connection.ts';
import { discard, HEADER_MS, startExchange, type Exchange } from './exchange.ts';
import { explainStatus } from './explain-failure.ts';
import type { Link } from './link.ts';
import { bodyKind, readEvents } from './read-answer.ts';
import { legacyHeaders } from './request-headers.ts';
import { createSendGate } from './send-gate.ts';

/** Between the start of the stream and its `endpoint` event. */
const ENDPOINT_MS = 10_000;
/** JSON-RPC code of a call that could not be delivered. */
const NOT_DELIVERED = -32_000;

/**
 * HTTP+SSE of revision 2024-11-05 as a client: all messages of the server come on one GET stream, ours go to the
 * address that its first event names. Rejects with SERVER_CANNOT_START or LOGIN_NEEDED when there is no such stream;
 * when it ends, the connection is over.
 */
export function connectHttpSse(link: Link, events: ConnectionEvents): Promise<ServerConnection> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let posts: Posts | null = null;
    let isOver = false;

    const refuse = (message: string): void => {
      if (isOver) return;
      end();
      reject(
        link.authorizer.refusal === null
          ? new PatchbayError('SERVER_CANNOT_START', message)
          : new PatchbayError('LOGIN_NEEDED', link.authorizer.refusal, {
              hint: `Run: patchbay servers login ${link.server}`,
            }),
      );
    };
    const end = (): void => {
      isOver = true;
      clearTimeout(timer);
      posts?.close();
      stream.abort();
    };
    const connection = (to: Posts): ServerConnection => ({
      correlates: false,
      get unsentBytes() {
        return to.unsentBytes;
      },
      send(frame, about) {
        if (!isOver) to.send(Buffer.from(frame), about);
      },
      abandon: to.abandon,
      close() {
        if (!isOver) {
          end();
          events.closed({ asked: true, reason: 'was closed' });
        }
        return Promise.resolve();
      },
    });

    const read = (response: IncomingMessage): void => {
      readEvents(response, {
        frame(bytes) {
          if (!isOver && posts) events.frame(bytes, null, performance.now());
        },
        oversized(bytes) {
          if (!isOver) events.oversized(bytes, null);
        },
        other(type, data) {
          if (type !== 'endpoint' || posts || isOver) return;
          const url = endpointUrl(data.toString(), link.url);
          if (!url) return refuse(`${link.url.host} wants its messages sent elsewhere, which is not done.`);
          clearTimeout(timer);
          posts = createPosts(link, url, events);
          resolve(connection(posts));
        },
        end(isWhole) {
          if (isOver) return;
          if (!isWhole) link.suspension.failed(`${link.url.host} cut off its stream.`);
          if (!posts) return refuse(`${link.url.host} ended its stream before it had said where to send to.`);
          end();
          events.closed({ asked: false, reason: isWhole ? 'ended its stream' : 'was cut off' });
        },
      });
    };

    const stream = startExchange(
      link,
      {
        method: 'GET',
        url: link.url,
        headers: { ...link.headers, Accept: 'text/event-stream' },
        body: null,
        headerMs: HEADER_MS,
      },
      {
        response(response) {
          const status = response.statusCode ?? 0;
          if (status === 200 && bodyKind(response) === 'events') {
            timer = setTimeout(() => {
              refuse(`${link.url.host} did not say where to send to.`);
            }, ENDPOINT_MS);
            return read(response);
          }
          discard(response);
          refuse(
            status === 200
              ? `${link.url.host} offers no event stream.`
              : explainStatus(status, link.url.host),
          );
        },
        failed: refuse,
      },
    );
  });
}

/** Within the origin only, or a server could make us send the person's headers to anyone (E21). */
function endpointUrl(text: string, base: URL): URL | null {
  if (!URL.canParse(text, base.href)) return null;
  const url = new URL(text, base);
  if (url.origin !== base.origin) return null;
  url.username = base.username;
  url.password = base.password;
  url.hash = '';
  return url;
}

interface Posts {
  readonly unsentBytes: number;
  send(frame: Buffer, about: OutboundFrame): void;
  abandon(request: number): void;
  close(): void;
}

/** Our half of the connection. An answer to a POST is a receipt; the real one comes on the stream. */
function createPosts(link: Link, url: URL, events: ConnectionEvents): Posts {
  const exchanges = new Set<Exchange>();
  let uploading = 0;
  let isClosed = false;

  const post = (frame: Buffer, about: OutboundFrame): void => {
    uploading += frame.length;
    const settled = (message: string | null): void => {
      exchanges.delete(exchange);
      if (about.method === 'notifications/initialized') gate.open();
      if (message === null || isClosed) return;
      if (about.request === null) {
        link.logger.log('warn', 'remote.not-delivered', {
          server: link.server,
          method: about.method,
          message,
        });
      } else {
        events.failed(about.request, { code: NOT_DELIVERED, message });
      }
    };
    const exchange = startExchange(
      link,
      {
        method: 'POST',
        url,
        headers: { ...link.headers, ...legacyHeaders(about, null), 'Content-Type': 'application/json' },
        body: frame,
        headerMs: HEADER_MS,
      },
      {
        response(response) {
          const status = response.statusCode ?? 0;
          discard(response);
          settled(status >= 200 && status < 300 ? null : explainStatus(status, link.url.host));
        },
        failed: settled,
        sent() {
          uploading -= frame.length;
        },
      },
    );
    exchanges.add(exchange);
  };
  const gate = createSendGate(post);
  return {
    get unsentBytes() {
      return uploading + gate.heldBytes;
    },
    send: gate.pass,
    abandon(request) {
      gate.forget(request);
    },
    close() {
      isClosed = true;
      for (const exchange of exchanges) exchange.abort();
    },
  };
}
