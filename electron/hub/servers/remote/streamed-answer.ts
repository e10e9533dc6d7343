import type { IncomingMessage } from 'node:http';
import { openEventStream, type EventStream } from './event-stream.ts';
import type { Link } from './link.ts';
import { isAnswer, readEvents } from './read-answer.ts';

/** How long a stream may stay open after its answer; its end is the server's to say. */
const LINGER_MS = 5_000;
/** Attempts in a row to go on with a stream that was cut off. */
const MAX_RESUMES = 5;

export interface StreamedAnswer {
  link: Link;
  /** Headers of a GET that goes on with the stream; null where the era has no such thing. */
  resumeHeaders: (() => Record<string, string>) | null;
  frame(bytes: Buffer): void;
  oversized(bytes: number): void;
  /** The answer has come, or something too long to be it in full: nothing more is owed. */
  done(): void;
  /** The answer will not come. */
  lost(message: string): void;
  /** The server does not know the session any more. */
  sessionLost(): void;
  /** Nothing of it is open any more. Called once, last. */
  closed(): void;
}

/**
 * The event stream on which a request is answered, with what belongs to it before. A stream that ends too early is
 * gone on with where the server has given ids for that (revision 2025-11-25 ends streams on purpose), else the answer
 * is lost. Returns what closes it.
 */
export function readStreamedAnswer(response: IncomingMessage, answer: StreamedAnswer): { close(): void } {
  const { link } = answer;
  let isDone = false;
  let isClosed = false;
  let resumed: EventStream | null = null;
  let linger: NodeJS.Timeout | undefined;

  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    clearTimeout(linger);
    response.destroy();
    resumed?.close();
    answer.closed();
  };
  const finish = (): void => {
    if (isDone) return;
    isDone = true;
    resumed?.settle();
    linger = setTimeout(close, LINGER_MS);
    answer.done();
  };
  const lose = (message: string): void => {
    if (isDone || isClosed) return;
    answer.lost(message);
    close();
  };
  const frame = (bytes: Buffer): void => {
    if (isClosed) return;
    const isLast = isAnswer(bytes);
    answer.frame(bytes);
    if (isLast) finish();
  };
  const oversized = (bytes: number): void => {
    if (isClosed) return;
    answer.oversized(bytes);
    finish();
  };

  const resume = (headers: () => Record<string, string>): void => {
    resumed = openEventStream({
      link,
      headers,
      lastEventId: parser.lastEventId,
      retryMs: parser.retryMs,
      waitsFirst: true,
      frame,
      oversized,
      refused(status) {
        if (isDone || isClosed) return;
        if (status === 404) answer.sessionLost();
        else
          lose(`${link.url.host} cut off its answer and does not let it be gone on with (HTTP ${status}).`);
      },
      troubled(failures, message) {
        if (failures < MAX_RESUMES && !isDone) return true;
        lose(message);
        return false;
      },
    });
  };

  const parser = readEvents(response, {
    frame,
    oversized,
    end(isWhole) {
      if (isDone) return close();
      if (isClosed) return;
      if (!isWhole) link.suspension.failed(`${link.url.host} cut off an answer.`);
      if (parser.lastEventId !== '' && answer.resumeHeaders) return resume(answer.resumeHeaders);
      lose(
        isWhole
          ? `${link.url.host} ended its answer before it was complete.`
          : `The connection to ${link.url.host} was cut off in the middle of the answer.`,
      );
    },
  });
  return { close };
}
