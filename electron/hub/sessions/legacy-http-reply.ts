import type { ServerResponse } from 'node:http';
import type { Reply } from '../routes/mux/mux.ts';
import { idKey } from '../routes/mux/rpc-frames.ts';
import { isOpen, primeEvents, startEvents, writeComment, writeEvent, writeJson } from './event-stream.ts';
import type { Beating } from './keep-alive-wheel.ts';
import type { LegacyHttpSession } from './legacy-http-session.ts';
import type { Accepted } from './post-request.ts';
import type { BatchAnswers } from './receive-message.ts';
import { eventId, type ReplayStream } from './replay.ts';
import { failureFrame, RPC } from './rpc-failure.ts';

export interface LegacyHttpReplyOptions {
  response: ServerResponse;
  accepted: Accepted;
  /** Raw JSON ids it owes an answer: one, or those of a batch. */
  ids: readonly string[];
  /** The client can resume a stream that has said nothing yet. */
  canPrime: boolean;
}

/**
 * The response to one POST: one JSON answer when the first thing to say is already the last, else a stream of events.
 * The client going away does not cancel anything in this era; what comes later is kept for it to resume.
 */
export class LegacyHttpReply implements Reply, Beating {
  slot = -1;
  /** Names and values, in turn, for the head of the response. */
  headers: readonly string[] = [];
  /** Set when it answers a batch. */
  batch: BatchAnswers | null = null;
  /** The stream this has become; null while it may still be one JSON answer. */
  stream: ReplayStream | null = null;
  readonly #session: LegacyHttpSession;
  readonly #options: LegacyHttpReplyOptions;
  #response: ServerResponse;
  #isAnswered = false;

  constructor(session: LegacyHttpSession, options: LegacyHttpReplyOptions) {
    this.#session = session;
    this.#options = options;
    this.#response = options.response;
    session.opened(this);
  }

  get isReachable(): boolean {
    return isOpen(this.#response);
  }

  send(frame: Buffer): void {
    if (this.#isAnswered) return;
    // A client that takes no stream here may have one open for all that is unasked.
    if (this.#options.accepted.events) this.#event(frame, false);
    else this.#session.send(frame);
  }

  answer(frame: Buffer, status?: number): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#session.closed(this);
    const { json, events } = this.#options.accepted;
    // Some clients never open a stream, or give up on it: news reach them before an answer.
    const news = events && this.isReachable ? this.#session.takeBacklog() : [];
    if (this.stream === null && news.length === 0 && json) {
      // Without a stream there is no event id to come back with.
      if (this.isReachable) writeJson(this.#response, frame, { status, headers: this.headers });
      return;
    }
    for (const one of news) this.#event(one, false);
    this.#event(frame, true);
  }

  /** The client wants no answer to the request with this raw id, and none will come. */
  cancelled(id: string): void {
    if (this.batch) {
      this.batch.cancel(id);
      this.endIfSettled();
    } else if (idKey(this.#options.ids[0]!) === idKey(id)) this.#endUnanswered();
  }

  /** Ends the response to a batch of which nothing is left to answer. */
  endIfSettled(): void {
    if (this.batch?.isOver) this.#endUnanswered();
  }

  #endUnanswered(): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#session.closed(this);
    if (this.stream) this.stream.endedAt = performance.now();
    if (!this.isReachable) return;
    if (!this.#response.headersSent) startEvents(this.#response);
    this.#response.end();
  }

  /** Answers what is owed with an error of the hub. */
  fail(message: string): void {
    const failures = this.#options.ids.map((id) => failureFrame({ code: RPC.other, message, id }));
    const isBatch = failures.length > 1;
    this.answer(isBatch ? Buffer.from(`[${failures.join(',')}]`) : failures[0]!);
  }

  /** The client is back with another connection and has seen everything up to `seq`. */
  resume(response: ServerResponse, seq: number): void {
    if (isOpen(this.#response)) this.#response.end();
    this.#response = response;
    startEvents(response);
    this.#session.writeKept(response, this.stream!, seq);
    this.#session.wheel.remove(this);
    this.#session.wheel.add(this);
  }

  beat(): void {
    if (!this.isReachable) return this.#session.wheel.remove(this);
    if (!this.#options.accepted.events) return;
    if (this.stream) writeComment(this.#response);
    else this.#startStream();
  }

  #startStream(): ReplayStream {
    const { ids, canPrime } = this.#options;
    const stream = this.#session.replay.open(ids.length === 1 ? ids[0]! : null);
    this.stream = stream;
    if (this.isReachable) {
      startEvents(this.#response, this.headers);
      if (canPrime) primeEvents(this.#response, eventId(stream, 0));
    }
    return stream;
  }

  #event(frame: Buffer, last: boolean): void {
    const stream = this.stream ?? this.#startStream();
    const seq = this.#session.replay.append(stream, frame);
    if (last) stream.endedAt = performance.now();
    if (this.isReachable) writeEvent(this.#response, frame, { id: eventId(stream, seq), last });
  }
}
