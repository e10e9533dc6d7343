import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import type { Direction } from '../../../shared/model/exchange.ts';

/** Who talks to whom; fixed for the life of a tapped session. */
export interface TappedSession {
  sessionId: string;
  client: string;
  /** Working folder of the client, null when it is not known. */
  project: string | null;
  /** A server's name; `*` or `profiles/x` for what the hub answers itself. */
  server: string;
  instanceId: string;
}

/**
 * Observes one session of a pipe. The route calls `frame` after the bytes were handed on, with `performance.now()`
 * times of arrival and of hand-over; the tap must return quickly, must not keep `bytes` beyond its capture limit
 * (copy), and never throws.
 */
export interface SessionTap {
  frame(direction: Direction, bytes: Buffer, receivedAt: number, forwardedAt: number): void;
  /** A frame that was too long to keep: its size, and `edges` as `splitLines` leaves them of it where it did. */
  oversized(direction: Direction, bytes: number, edges?: Buffer): void;
  /** The session is over: what is still unanswered becomes `lost`. */
  close(): void;
}

/**
 * Observes the calls of a mux, which has read every frame and knows the pairs: nothing is read or searched twice.
 * Same promises as SessionTap.
 */
export interface CallTap {
  /** A request as its sender wrote it, handed on at `forwardedAt`. */
  request(direction: Direction, frame: TappedFrame): TappedCall;
  notification(direction: Direction, frame: TappedFrame): void;
  /** What is still open becomes `lost`. */
  close(): void;
}

export interface TappedFrame {
  bytes: Buffer;
  envelope: Envelope;
  receivedAt: number;
  forwardedAt: number;
  /** The part between the two that a request waited for a free place at its server; 0 when absent. Milliseconds. */
  queuedMs?: number;
}

/** One open request. The first of these calls ends it; later ones are ignored. */
export interface TappedCall {
  answered(frame: TappedFrame): void;
  /** The answer was too long to keep. */
  answeredOversized(bytes: number): void;
  cancelled(): void;
  /** No answer will come. */
  lost(): void;
}

export interface Tap {
  openSession(session: TappedSession): SessionTap;
  openCalls(session: TappedSession): CallTap;
}
