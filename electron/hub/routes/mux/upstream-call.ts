import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import type { ClientCall } from './client-call.ts';
import type { Upstream } from './upstream.ts';
import { RPC, type CallFailure } from './rpc-frames.ts';

/** A frame as its server is to see it, with what the transport must know of it. */
export interface Outgoing {
  frame: Buffer;
  target: string | null;
  parameterHeaders: Readonly<Record<string, string>> | null;
}

/**
 * One request on its way to a server and back. The upstream keeps the fields; each kind of caller says how the frame
 * is made and where the answer goes. Exactly one of `answered`, `oversized` and `failed` ends it, unless it was
 * cancelled.
 */
export abstract class UpstreamCall {
  abstract readonly method: string;
  /** Who asks, for fairness between callers. */
  abstract readonly caller: string;
  /** Size of the frame while it waits. */
  abstract readonly bytes: number;
  /** Whether it takes one of the places that `concurrency` bounds. */
  abstract readonly takesPlace: boolean;
  /** Itself when a client waits for it, null when the hub does. */
  abstract readonly client: ClientCall | null;
  /** Where it was sent, or waits. */
  upstream: Upstream | null = null;
  /** Its number at the server, 0 until it is written. */
  number = 0;
  /** Monotonic milliseconds after which it is given up; a sign of progress moves it. */
  deadline = 0;
  /** The same, whatever the progress. */
  lastDeadline = 0;
  /** Milliseconds without progress; 0 takes the server's own. */
  patienceMs = 0;

  /** The frame with `number` as its id and progress token. Called right before it is written. */
  abstract encode(number: number): Outgoing;
  /** It waits for a free place: what it refers to must be its own from now on. */
  abstract queued(): void;
  /** The server ended before the call was written: it may go to the next one. */
  abstract returned(failure: CallFailure): void;
  /** It has been handed to the connection. */
  abstract written(): void;
  /** `frame` is a view that is good during the call only. */
  abstract answered(frame: Buffer, envelope: Envelope, receivedAt: number): void;
  /** The answer was longer than the hub keeps (B09). */
  abstract oversized(bytes: number): void;
  /** No answer will come. */
  abstract failed(failure: CallFailure): void;
  /** A sign of progress; `frame` is a view. */
  abstract progressed(frame: Buffer, envelope: Envelope, receivedAt: number): void;
}

/** The answer to a request of the hub's own; an error response is an answer too. */
export interface HubAnswer {
  frame: Buffer;
  envelope: Envelope;
}

/** What a promise of the hub's own request is rejected with. */
export class HubRequestError extends Error {
  readonly failure: CallFailure;

  constructor(failure: CallFailure) {
    super(failure.message);
    this.name = 'HubRequestError';
    this.failure = failure;
  }
}

/** A request that the hub makes for itself: handshakes, lists, subscriptions. */
export class HubRequest extends UpstreamCall {
  readonly method: string;
  readonly caller = '';
  readonly bytes = 0;
  readonly takesPlace = false;
  readonly answer: Promise<HubAnswer>;
  readonly #encode: (number: number) => Buffer;
  #resolve: (answer: HubAnswer) => void = () => {};
  #reject: (error: HubRequestError) => void = () => {};

  constructor(method: string, encode: (number: number) => Buffer, patienceMs: number) {
    super();
    this.method = method;
    this.patienceMs = patienceMs;
    this.#encode = encode;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever asked may have gone; what nobody awaits is no unhandled rejection.
    this.answer.catch(() => {});
  }

  encode(number: number): Outgoing {
    return { frame: this.#encode(number), target: null, parameterHeaders: null };
  }

  readonly client = null;

  queued(): void {}

  written(): void {}

  returned(failure: CallFailure): void {
    this.failed(failure);
  }

  answered(frame: Buffer, envelope: Envelope): void {
    this.#resolve({ frame: Buffer.from(frame), envelope });
  }

  oversized(bytes: number): void {
    this.failed({ code: RPC.other, message: `The answer has ${bytes} bytes, more than the hub takes.` });
  }

  failed(failure: CallFailure): void {
    this.#reject(new HubRequestError(failure));
  }

  progressed(): void {}
}
