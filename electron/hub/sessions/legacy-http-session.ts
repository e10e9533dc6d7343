import type { ServerResponse } from 'node:http';
import type { Channel, Conversation, Endpoint } from '../routes/mux/mux.ts';
import { isOpen, primeEvents, startEvents, writeComment, writeEvent } from './event-stream.ts';
import type { Beating, KeepAliveWheel } from './keep-alive-wheel.ts';
import type { LegacyHttpReply } from './legacy-http-reply.ts';
import {
  eventId,
  SessionReplay,
  type EventPosition,
  type ReplayBudget,
  type ReplayStream,
} from './replay.ts';
import { failureFrame, RPC } from './rpc-failure.ts';

/** One is usual; a client whose old one hangs half open may have a second for a while. */
const MAX_STREAMS = 4;
/** How long a stream that has ended can still be read again. */
const KEEP_ENDED_MS = 5 * 60_000;
/** The stream of what belongs to no request. */
const UNSOLICITED = 0;

const NOTHING: readonly Buffer[] = [];

export interface LegacyHttpSessionOptions {
  id: string;
  user: string;
  endpoint: Endpoint;
  wheel: KeepAliveWheel;
  budget: ReplayBudget;
}

export interface StreamOpening {
  /** Last event of the unsolicited stream that the client has seen; null when it does not say. */
  after: number | null;
  /** The client understands an event without a message. */
  primes: boolean;
  /** Called when the stream is over. */
  ended(): void;
}

/**
 * One Streamable HTTP session of the handshake era: which of its responses a frame travels on, and what is kept for a
 * client that lost a connection. What frames mean is the conversation's affair.
 */
export class LegacyHttpSession implements Channel {
  readonly id: string;
  readonly user: string;
  readonly endpoint: Endpoint;
  readonly wheel: KeepAliveWheel;
  readonly replay: SessionReplay;
  /** Set right after construction: the conversation needs its channel first. */
  conversation!: Conversation;
  /** `performance.now()` of the last request. */
  lastUsedAt = performance.now();
  readonly #open = new Set<LegacyHttpReply>();
  #streams: GetStream[] = [];
  #unsolicited: ReplayStream | null = null;
  /** Last event of the unsolicited stream that was written to a connection. */
  #delivered = 0;

  constructor({ id, user, endpoint, wheel, budget }: LegacyHttpSessionOptions) {
    this.id = id;
    this.user = user;
    this.endpoint = endpoint;
    this.wheel = wheel;
    this.replay = new SessionReplay(budget);
  }

  get isIdle(): boolean {
    return this.#open.size === 0 && this.#streams.length === 0;
  }

  opened(reply: LegacyHttpReply): void {
    this.lastUsedAt = performance.now();
    this.#open.add(reply);
    this.wheel.add(reply);
  }

  closed(reply: LegacyHttpReply): void {
    this.#open.delete(reply);
    this.wheel.remove(reply);
  }

  /** The client wants no answer to its request with this raw id, and none will come. */
  cancelled(id: string): void {
    for (const reply of this.#open) reply.cancelled(id);
  }

  send(frame: Buffer): void {
    const stream = (this.#unsolicited ??= this.replay.open(null, UNSOLICITED));
    const seq = this.replay.append(stream, frame);
    const target = this.#streams.findLast(({ response }) => isOpen(response));
    if (!target || this.#delivered !== seq - 1) return;
    if (writeEvent(target.response, frame, { id: eventId(stream, seq) })) this.#delivered = seq;
  }

  /** What belongs to no request and waits for a stream; whoever takes it writes it. */
  takeBacklog(): readonly Buffer[] {
    const stream = this.#unsolicited;
    if (stream === null || this.#delivered === stream.lastSeq || this.#streams.length > 0) return NOTHING;
    const waiting = stream.events.filter(({ seq }) => seq > this.#delivered);
    this.#delivered = stream.lastSeq;
    return waiting.map(({ frame }) => frame);
  }

  /**
   * Takes over a GET stream, from the event after `after` or from what was not said yet; false when there are enough.
   */
  openStream(response: ServerResponse, { after, primes, ended }: StreamOpening): boolean {
    this.#streams = this.#streams.filter((stream) => isOpen(stream.response));
    if (this.#streams.length >= MAX_STREAMS) return false;
    this.lastUsedAt = performance.now();
    const stream = new GetStream(response, this.wheel);
    this.#streams.push(stream);
    this.wheel.add(stream);
    response.once('close', () => {
      this.wheel.remove(stream);
      this.#streams = this.#streams.filter((other) => other !== stream);
      ended();
    });
    startEvents(response);
    const unsolicited = (this.#unsolicited ??= this.replay.open(null, UNSOLICITED));
    const from = after ?? this.#delivered;
    if (primes) primeEvents(response, eventId(unsolicited, from));
    this.#delivered = unsolicited.lastSeq;
    this.writeKept(response, unsolicited, from);
    return true;
  }

  /** Goes on with the stream of a POST whose connection broke, from the event after `position`. */
  resume(response: ServerResponse, position: EventPosition): void {
    const { isOurs, seq, requestId } = position;
    const stream = isOurs ? this.replay.find(position.stream) : undefined;
    if (stream && stream.endedAt === null) {
      for (const reply of this.#open) if (reply.stream === stream) return reply.resume(response, seq);
    }
    startEvents(response);
    const isWhole =
      stream !== undefined && (stream.lastSeq === seq || stream.events.at(-1)?.seq === stream.lastSeq);
    if (isWhole) this.writeKept(response, stream, seq);
    else if (requestId !== null) {
      const message = 'Patchbay: the answer to this request is lost. The request was not repeated.';
      writeEvent(response, failureFrame({ code: RPC.other, message, id: requestId }));
    }
    response.end();
  }

  /** Writes the kept events of a stream after `seq`. */
  writeKept(response: ServerResponse, stream: ReplayStream, after: number): void {
    for (const { seq, frame } of stream.events) {
      if (seq > after && isOpen(response)) writeEvent(response, frame, { id: eventId(stream, seq) });
    }
  }

  expire(now: number): void {
    this.replay.expire(now - KEEP_ENDED_MS);
  }

  /** Answers what is still owed with an error and closes every response. */
  end(message: string): void {
    for (const reply of this.#open) reply.fail(message);
    for (const { response } of this.#streams) if (isOpen(response)) response.end();
    this.replay.clear();
  }
}

class GetStream implements Beating {
  slot = -1;
  readonly response: ServerResponse;
  readonly #wheel: KeepAliveWheel;

  constructor(response: ServerResponse, wheel: KeepAliveWheel) {
    this.response = response;
    this.#wheel = wheel;
  }

  beat(): void {
    if (isOpen(this.response)) writeComment(this.response);
    else this.#wheel.remove(this);
  }
}
