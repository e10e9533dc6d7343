import type { ClientRequest, IncomingMessage } from 'node:http';
import { explainNetworkError, explainStatus, HEADER_TIMEOUT } from './explain-failure.ts';
import type { Link } from './link.ts';
import { retryAfterMs } from './suspension.ts';

/** For the head of an answer that nothing has to be worked out for: streams, receipts of notifications. */
export const HEADER_MS = 10_000;
const MAX_REDIRECTS = 3;
/** An unwanted body up to this size is read away, so that its connection can be used again. */
const MAX_DISCARD_BYTES = 64 * 1024;

export interface ExchangeCall {
  method: 'GET' | 'POST' | 'DELETE';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
  /** Milliseconds until the head of the answer; null where the answer may take as long as its call. */
  headerMs: number | null;
}

export interface ExchangeHandlers {
  /** An answer that is left to the caller: 2xx, or 4xx of which the body may tell more. Its body must be read. */
  response(response: IncomingMessage): void;
  /** There is no answer. Never called after `response`, nor from within `startExchange`. */
  failed(message: string): void;
  /** The body has left, or will never leave. Called once. */
  sent?(): void;
}

export interface Exchange {
  /** Closes it; no handler but `sent` is called any more. */
  abort(): void;
}

/**
 * One HTTP exchange with the server of a link, with all that does not depend on what is sent: suspension, login (one
 * renewal, then never again), redirects (within the origin and keeping the method only), statuses that mean the
 * server is in trouble. Nothing is sent twice but what the server has turned away unread (401, 307, 308).
 */
export function startExchange(link: Link, call: ExchangeCall, handlers: ExchangeHandlers): Exchange {
  let request: ClientRequest | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let isSent = false;
  let isRenewed = false;
  let redirects = 0;

  const sent = (): void => {
    if (isSent) return;
    isSent = true;
    handlers.sent?.();
  };
  const finish = (): void => {
    isOver = true;
    clearTimeout(timer);
    sent();
  };
  const fail = (message: string): void => {
    if (isOver) return;
    finish();
    handlers.failed(message);
  };
  /** The server cannot be reached or does not work, whatever was asked of it. */
  const failAsTrouble = (message: string): void => {
    if (isOver) return;
    link.suspension.failed(message);
    fail(message);
  };

  const renew = async (response: IncomingMessage, used: string | null): Promise<void> => {
    const challenge = response.headers['www-authenticate'] ?? null;
    const isWorthAnother = !isRenewed && (await link.authorizer.renew(used, challenge));
    isRenewed = true;
    if (isOver) return;
    if (isWorthAnother) return attempt(call.url);
    fail(link.authorizer.giveUp(challenge));
  };

  const redirect = (response: IncomingMessage, from: URL): void => {
    const target = redirectTarget(response, from);
    const { statusCode } = response;
    const keepsMethod = call.method === 'GET' || statusCode === 307 || statusCode === 308;
    if (target && target.origin === from.origin && keepsMethod && redirects < MAX_REDIRECTS) {
      redirects += 1;
      if ((statusCode === 308 || statusCode === 301) && link.url === call.url) link.url = target;
      return attempt(target);
    }
    fail(
      target && redirects < MAX_REDIRECTS
        ? `${from.host} redirects to ${target.origin}${target.pathname}, which Patchbay does not follow. If that is the server, put its URL into the catalog.`
        : `${from.host} sends in circles (HTTP ${statusCode}).`,
    );
  };

  const receive = (response: IncomingMessage, url: URL, used: string | null): void => {
    clearTimeout(timer);
    sent();
    // Kept for the whole life of the response: an error without a listener would end the hub.
    response.on('error', ignore);
    if (isOver) return void response.destroy();
    const status = response.statusCode ?? 0;
    if (status === 429 || status >= 500) {
      discard(response);
      const pause = retryAfterMs(response.headers['retry-after'], Date.now());
      if (pause !== null) link.suspension.asked(pause, explainStatus(status, url.host));
      return failAsTrouble(explainStatus(status, url.host));
    }
    link.suspension.succeeded();
    if (status === 401) {
      discard(response);
      return void renew(response, used);
    }
    const challenge = response.headers['www-authenticate'];
    if (status === 403 && challenge !== undefined && /insufficient_scope/.test(challenge)) {
      discard(response);
      return fail(link.authorizer.needMore(challenge));
    }
    if (status >= 300 && status < 400) {
      discard(response);
      return redirect(response, url);
    }
    finish();
    handlers.response(response);
  };

  const attempt = (url: URL): void => {
    const authorization = link.authorizer.header;
    if (call.headerMs !== null) {
      timer = setTimeout(() => {
        request?.destroy(Object.assign(new Error('No answer in time.'), { code: HEADER_TIMEOUT }));
      }, call.headerMs);
    }
    try {
      request = link.client.send({
        method: call.method,
        url,
        headers: authorization === null ? call.headers : { ...call.headers, Authorization: authorization },
        body: call.body,
      });
    } catch (error) {
      clearTimeout(timer);
      process.nextTick(failAsTrouble, explainNetworkError(error, url.host));
      return;
    }
    const mine = request;
    let isAnswered = false;
    mine.once('finish', sent);
    mine.once('response', (response) => {
      isAnswered = true;
      receive(response, url, authorization);
    });
    mine.on('error', (error) => {
      // What becomes of a request that was answered and sent again elsewhere is of no interest any more.
      if (mine === request && !isAnswered) failAsTrouble(explainNetworkError(error, url.host));
    });
  };

  const refusal = link.authorizer.refusal ?? pauseOf(link);
  if (refusal === null) attempt(call.url);
  else process.nextTick(fail, refusal);
  return {
    abort() {
      finish();
      request?.destroy();
    },
  };
}

/** Why nothing is sent right now; null when it may be. */
function pauseOf({ suspension, server }: Link): string | null {
  if (suspension.blockedUntil() === 0) return null;
  const { secondsLeft, reason } = suspension;
  return `The server ${server} is left alone for ${secondsLeft} s: ${reason ?? 'it failed too often.'}`;
}

/** Reads a body away; one that goes on and on is cut off with its connection. */
export function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_DISCARD_BYTES) response.destroy();
  });
}

function redirectTarget(response: IncomingMessage, from: URL): URL | null {
  const { location } = response.headers;
  if (location === undefined || !URL.canParse(location, from.href)) return null;
  const target = new URL(location, from);
  // Whoever sends the redirect must not choose as whom we come.
  target.username = from.username;
  target.password = from.password;
  target.hash = '';
  return target;
}

const ignore = (): void => {};
