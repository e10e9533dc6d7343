import type { IncomingMessage } from 'node:http';
import type { ConnectionEvents, OutboundFrame, ServerConnection } from '../server-connection.ts';
import { openEventStream, type EventStream } from './event-stream.ts';
import { discard, HEADER_MS, startExchange } from './exchange.ts';
import { explainStatus } from './explain-failure.ts';
import type { Link } from './link.ts';
import { bodyKind, readJson, readStart } from './read-answer.ts';
import { readRefusal } from './read-refusal.ts';
import { isModernVersion, legacyHeaders, modernHeaders } from './request-headers.ts';
import { createSendGate } from './send-gate.ts';
import { readStreamedAnswer } from './streamed-answer.ts';

/**
 * How long requests wait for the server's own stream to stand. What a server asks in the course of a call may come on
 * that stream, and SDK servers drop it where there is none; others send no headers before they have something to say.
 */
const STREAM_MS = 250;
/** For the farewell of a session, which nobody waits for the answer of. */
const FAREWELL_MS = 2_000;
/** Of an error's body. */
const MAX_REFUSAL_BYTES = 1024 * 1024;
/** A call that was given up may still get its cancellation to the server before its stream is closed. */
const ABANDONED_MS = 5_000;

/** JSON-RPC code of a call that could not be delivered or lost its answer. */
const NOT_DELIVERED = -32_000;
/**
 * JSON-RPC code of a call that was met by HTTP 400, 404 or 405 without a word of JSON-RPC: who probes for an era may
 * take this, and no other failure, for a server that does not know it.
 */
export const NOT_SPOKEN = -32_601;

export interface StreamableHttpOptions {
  link: Link;
  events: ConnectionEvents;
  /**
   * Called instead of `failed` when the handshake was met by HTTP 400, 404 or 405 without JSON-RPC: the server may be
   * of the time of HTTP+SSE. Returns true when it takes the frame over; this connection is of no more use then.
   */
  notSpoken?(frame: Buffer, about: OutboundFrame, message: string): boolean;
}

/** One message of ours under way. */
interface Call {
  about: OutboundFrame;
  isModern: boolean;
  close(): void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Streamable HTTP as a client, both eras: legacy with session, GET stream and resumption, modern as POSTs alone. Which
 * era a message is of, its version says; the handshake is the route's business.
 */
export function connectStreamableHttp({ link, events, notSpoken }: StreamableHttpOptions): ServerConnection {
  const calls = new Set<Call>();
  const byRequest = new Map<number, Call>();
  let sessionId: string | null = null;
  let version: string | null = null;
  let listening: EventStream | null = null;
  let streamTimer: NodeJS.Timeout | undefined;
  let uploading = 0;
  let isOver = false;
  let closing: Promise<void> | null = null;

  const gate = createSendGate((frame, about) => post(frame, about));
  const sessionHeaders = (): Record<string, string> =>
    legacyHeaders({ method: null, protocolVersion: version }, sessionId);

  const stopAll = (): void => {
    isOver = true;
    clearTimeout(streamTimer);
    listening?.close();
    for (const call of calls) drop(call);
  };
  const loseSession = (): void => {
    if (isOver) return;
    sessionId = null;
    stopAll();
    link.logger.log('info', 'remote.session-lost', { server: link.server });
    events.closed({ asked: false, reason: 'ended the session' });
  };

  const drop = (call: Call): void => {
    clearTimeout(call.timer);
    calls.delete(call);
    if (call.about.request !== null) byRequest.delete(call.about.request);
    call.close();
  };
  const settle = (call: Call): void => {
    if (call.about.request !== null) byRequest.delete(call.about.request);
    if (call.about.method === 'notifications/initialized') gate.open();
  };
  const fail = (call: Call, message: string, code: number = NOT_DELIVERED): void => {
    if (isOver) return;
    const { request, method } = call.about;
    const isAwaited = request !== null && byRequest.get(request) === call;
    settle(call);
    drop(call);
    if (isAwaited) events.failed(request, { code, message });
    else if (request === null)
      link.logger.log('warn', 'remote.not-delivered', { server: link.server, method, message });
  };

  /** The session has begun: from here on the server may speak of its own accord. */
  const listen = (): void => {
    if (listening || isOver) return gate.open();
    let hasWorked = false;
    const proceed = (): void => {
      clearTimeout(streamTimer);
      if (!isOver) gate.open();
    };
    streamTimer = setTimeout(proceed, STREAM_MS);
    listening = openEventStream({
      link,
      headers: sessionHeaders,
      lastEventId: '',
      retryMs: null,
      waitsFirst: false,
      answered: proceed,
      frame(bytes) {
        hasWorked = true;
        events.frame(bytes, null, performance.now());
      },
      oversized: (bytes) => events.oversized(bytes, null),
      refused(status) {
        // Many servers answer 404 where they offer no stream; only one that had worked tells of the session.
        if (status === 404 && hasWorked && sessionId !== null) loseSession();
      },
      troubled: () => true,
    });
  };

  const readAnswer = (response: IncomingMessage, call: Call): void => {
    const { request, method } = call.about;
    if (method === 'initialize') sessionId = sessionIdOf(response);
    const kind = bodyKind(response);
    if (request === null) {
      // A receipt. Its connection is kept for the next message; should it not end, `close` ends it.
      discard(response);
      response.once('close', () => calls.delete(call));
      if (method === 'notifications/initialized' && !call.isModern) return listen();
      return settle(call);
    }
    if (kind === 'none' || kind === 'other') {
      discard(response);
      return fail(call, strangeAnswer(response, link.url.host));
    }
    const frame = (bytes: Buffer): void => events.frame(bytes, request, performance.now());
    if (kind === 'json') {
      let isTold = false;
      return readJson(response, {
        frame(bytes) {
          isTold = true;
          if (!isOver) frame(bytes);
        },
        oversized(bytes) {
          isTold = true;
          if (!isOver) events.oversized(bytes, request);
        },
        end(isWhole) {
          if (!isWhole && !isTold) link.suspension.failed(`${link.url.host} cut off an answer.`);
          if (!isTold) return fail(call, brokenAnswer(isWhole, link.url.host));
          settle(call);
          drop(call);
        },
      });
    }
    const streamed = readStreamedAnswer(response, {
      link,
      resumeHeaders: call.isModern ? null : sessionHeaders,
      frame,
      oversized: (bytes) => events.oversized(bytes, request),
      done: () => settle(call),
      lost: (message) => fail(call, message),
      sessionLost: loseSession,
      closed: () => calls.delete(call),
    });
    call.close = streamed.close;
  };

  const readError = (response: IncomingMessage, call: Call, frame: Buffer): void => {
    const status = response.statusCode ?? 0;
    // With a session, and only then, this status is about the session.
    const isAboutSession = !call.isModern && sessionId !== null && call.about.method !== 'initialize';
    if (status === 404 && isAboutSession) {
      discard(response);
      return loseSession();
    }
    readStart(response, MAX_REFUSAL_BYTES, (body) => {
      if (isOver || !calls.has(call)) return;
      const refusal = bodyKind(response) === 'json' ? readRefusal(body, call.about.request) : null;
      // Servers that keep sessions in memory say so with 400 after their restart; the words are those of the SDKs.
      if (refusal && status === 400 && isAboutSession && refusal.isAboutSession) return loseSession();
      const { request } = call.about;
      if (refusal && request !== null && byRequest.get(request) === call) {
        settle(call);
        drop(call);
        return events.frame(refusal.frame, request, performance.now());
      }
      const message = explainStatus(status, link.url.host);
      const isNotSpoken = !refusal && (status === 400 || status === 404 || status === 405);
      if (isNotSpoken && call.about.method === 'initialize' && notSpoken?.(frame, call.about, message)) {
        settle(call);
        return drop(call);
      }
      fail(call, message, isNotSpoken ? NOT_SPOKEN : NOT_DELIVERED);
    });
  };

  const post = (frame: Buffer, about: OutboundFrame): void => {
    const isModern = isModernVersion(about.protocolVersion);
    if (!isModern && about.protocolVersion !== null) version = about.protocolVersion;
    const call: Call = { about, isModern, close: noop, timer: undefined };
    calls.add(call);
    if (about.request !== null) byRequest.set(about.request, call);
    uploading += frame.length;
    const exchange = startExchange(
      link,
      {
        method: 'POST',
        url: link.url,
        headers: {
          ...link.headers,
          ...(isModern ? modernHeaders(about) : legacyHeaders(about, sessionId)),
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
        },
        body: frame,
        // Servers that answer in JSON begin when the call is done; how long that may take, the route knows.
        headerMs: about.request === null ? HEADER_MS : null,
      },
      {
        response(response) {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) readAnswer(response, call);
          else readError(response, call, frame);
        },
        failed: (message) => fail(call, message),
        sent() {
          uploading -= frame.length;
        },
      },
    );
    call.close = exchange.abort;
  };

  const sayFarewell = (): Promise<void> =>
    new Promise((resolve) => {
      if (sessionId === null) return resolve();
      startExchange(
        link,
        {
          method: 'DELETE',
          url: link.url,
          headers: { ...link.headers, ...sessionHeaders() },
          body: null,
          headerMs: FAREWELL_MS,
        },
        {
          // Also 405: some servers keep their sessions as long as they like.
          response(response) {
            discard(response);
            resolve();
          },
          failed: () => resolve(),
        },
      );
    });

  return {
    correlates: true,
    get unsentBytes() {
      return uploading + gate.heldBytes;
    },
    send(frame, about) {
      // The copy is the contract's: the frame may be a view, and the socket may not be open yet.
      if (!isOver) gate.pass(Buffer.from(frame), about);
    },
    abandon(request) {
      if (gate.forget(request)) return;
      const call = byRequest.get(request);
      if (!call) return;
      byRequest.delete(request);
      if (call.isModern) drop(call);
      // Closing is no cancellation in this era, and servers keep the stream of a cancelled call open for ever.
      else call.timer = setTimeout(drop, ABANDONED_MS, call);
    },
    close() {
      closing ??= (async () => {
        if (isOver) return;
        stopAll();
        await sayFarewell();
        events.closed({ asked: true, reason: 'was closed' });
      })();
      return closing;
    },
  };
}

/** Any visible ASCII is one; what else a server sends cannot be sent back. */
function sessionIdOf({ headers }: IncomingMessage): string | null {
  const value = headers['mcp-session-id'];
  return typeof value === 'string' && /^[\x21-\x7e]{1,1024}$/.test(value) ? value : null;
}

function strangeAnswer({ statusCode, headers }: IncomingMessage, host: string): string {
  const type = headers['content-type']?.split(';')[0]?.trim() ?? '';
  // Sign-in pages of a network answer every request, and with 200.
  if (/html/i.test(type))
    return `${host} answered with a web page: is the URL right, or does the network ask for a sign-in?`;
  if (headers['content-encoding'] !== undefined)
    return `${host} answered in an encoding that was not asked for.`;
  return type === ''
    ? `${host} took the request and gave no answer (HTTP ${statusCode}).`
    : `${host} answered in a form that is not MCP.`;
}

const brokenAnswer = (isWhole: boolean, host: string): string =>
  isWhole
    ? `${host} answered with nothing.`
    : `The connection to ${host} was cut off in the middle of the answer.`;

const noop = (): void => {};
