import type { Direction } from '../../../shared/model/exchange.ts';

/** Who talks to whom; fixed for the life of a tapped session. */
export interface TappedSession {
  sessionId: string;
  client: string;
  /** Working folder of the client, null when it is not known. */
  project: string | null;
  server: string;
  instanceId: string;
}

/**
 * Observes one session. The route calls `frame` after the bytes were handed on, with `performance.now()` times of
 * arrival and of hand-over; the tap must return quickly, must not keep `bytes` beyond its capture limit (copy), and
 * never throws.
 */
export interface SessionTap {
  frame(direction: Direction, bytes: Buffer, receivedAt: number, forwardedAt: number): void;
  /** A frame that was too long to keep whole: its size only. */
  oversized(direction: Direction, bytes: number): void;
  /** The session is over: what is still unanswered becomes `lost`. */
  close(): void;
}

export interface Tap {
  openSession(session: TappedSession): SessionTap;
}
