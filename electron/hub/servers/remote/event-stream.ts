import type { IncomingMessage } from 'node:http';
import { HEADER_MS, startExchange, discard, type Exchange } from './exchange.ts';
import type { Link } from './link.ts';
import { bodyKind, readEvents } from './read-answer.ts';

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
/** A server that asks to be polled without a pause would keep two processors busy. */
const MIN_ASKED_WAIT_MS = 100;

export interface EventStreamOptions {
  link: Link;
  /** Asked anew for each GET: session and version may become known later. */
  headers(): Record<string, string>;
  /** Where to go on from; '' for a stream that starts now. */
  lastEventId: string;
  /** The wait the server has asked for on the stream that this one goes on from; null when it has not. */
  retryMs: number | null;
  /** False: the first GET is sent at once. */
  waitsFirst: boolean;
  frame(bytes: Buffer): void;
  oversized(bytes: number): void;
  /** The server has answered a GET or could not be asked; told before what follows from that. */
  answered?(): void;
  /** The server does not offer it (any 4xx, or no event stream); nothing is tried again. */
  refused(status: number): void;
  /** So many attempts in a row have failed. Return true to go on trying. */
  troubled(failures: number, message: string): boolean;
}

export interface EventStream {
  /** What is on its way may still come; no further GET is sent. */
  settle(): void;
  close(): void;
}

/**
 * A stream of the server's messages by GET, opened again with `Last-Event-ID` whenever it ends: at once or as the
 * server asks by `retry` where it worked, with growing pauses where it did not. Legacy era only.
 */
export function openEventStream(options: EventStreamOptions): EventStream {
  const { link } = options;
  let { lastEventId, retryMs } = options;
  let exchange: Exchange | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isSettled = false;
  let isClosed = false;
  /** Attempts since the last one that brought anything. */
  let failures = 0;

  const schedule = (): void => {
    if (isSettled || isClosed) return;
    timer = setTimeout(open, waitBefore(failures, retryMs));
  };
  const trouble = (message: string): void => {
    options.answered?.();
    failures += 1;
    if (!isClosed && options.troubled(failures, message)) schedule();
  };

  const read = (response: IncomingMessage): void => {
    let isAlive = false;
    const parser = readEvents(response, {
      frame(bytes) {
        if (!isClosed) options.frame(bytes);
      },
      oversized(bytes) {
        if (!isClosed) options.oversized(bytes);
      },
      alive() {
        isAlive = true;
      },
      end() {
        if (parser.lastEventId !== '') ({ lastEventId } = parser);
        retryMs = parser.retryMs ?? retryMs;
        // A server that opens streams only to close them is asked ever less often.
        failures = isAlive ? 0 : failures + 1;
        if (!isClosed) schedule();
      },
    });
  };

  function open(): void {
    exchange = startExchange(
      link,
      {
        method: 'GET',
        url: link.url,
        headers: {
          ...link.headers,
          ...options.headers(),
          Accept: 'text/event-stream',
          ...(lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId }),
        },
        body: null,
        headerMs: HEADER_MS,
      },
      {
        response(response) {
          options.answered?.();
          const status = response.statusCode ?? 0;
          if (status === 200 && bodyKind(response) === 'events') return read(response);
          discard(response);
          options.refused(status);
        },
        failed: trouble,
      },
    );
  }

  if (options.waitsFirst) schedule();
  else open();
  return {
    settle() {
      isSettled = true;
      clearTimeout(timer);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      exchange?.abort();
    },
  };
}

/** Grows with each failure and is spread, so that many clients of a server that restarts do not come back as one. */
function waitBefore(failures: number, askedMs: number | null): number {
  const asked = Math.max(askedMs ?? 0, askedMs === null ? FIRST_WAIT_MS : MIN_ASKED_WAIT_MS);
  const wait = Math.min(MAX_WAIT_MS, asked * 2 ** Math.min(failures, 16));
  return failures === 0 ? wait : wait * (0.8 + Math.random() * 0.4);
}
