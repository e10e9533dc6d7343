/** Failures in a row after which a server is left alone. */
const MAX_FAILURES = 5;
const PAUSE_MS = 30_000;
/** Longest wait that a server may ask for by `Retry-After`. */
const MAX_ASKED_MS = 5 * 60_000;

/**
 * Leaves a server alone that keeps failing: after 5 failures in a row nothing is sent for 30 s, then one message is
 * tried; what it meets decides (B29). A network that is down suspends remote servers only (D17).
 */
export interface Suspension {
  /**
   * Asked before each message: the time until which nothing may be sent, 0 to go ahead. The first to go ahead after
   * a pause is the trial, and the pause starts anew for all others until its outcome is told.
   */
  blockedUntil(): number;
  /** The same without taking the trial; for showing. */
  readonly until: number;
  /** Of the pause, for people: at least 1. */
  readonly secondsLeft: number;
  /** What the last failure was; null when all is well. */
  readonly reason: string | null;
  succeeded(): void;
  failed(reason: string): void;
  /** The server itself asked for a pause of so many milliseconds. */
  asked(ms: number, reason: string): void;
  /** A person wants it tried again now. */
  lift(): void;
}

/** `now` in milliseconds since the epoch; `suspended` is called whenever failures begin a pause. */
export function createSuspension(now: () => number, suspended: (reason: string) => void): Suspension {
  let failures = 0;
  let until = 0;
  let reason: string | null = null;
  const lift = (): void => {
    failures = 0;
    until = 0;
    reason = null;
  };
  return {
    get until() {
      return until > now() ? until : 0;
    },
    get secondsLeft() {
      return Math.max(1, Math.ceil((until - now()) / 1_000));
    },
    get reason() {
      return reason;
    },
    blockedUntil() {
      if (until === 0) return 0;
      const time = now();
      if (until > time) return until;
      // Should the trial never tell, as when its call is given up, another one is due after the same time.
      until = time + PAUSE_MS;
      return 0;
    },
    succeeded: lift,
    failed(why) {
      failures += 1;
      reason = why;
      if (failures < MAX_FAILURES) return;
      if (failures === MAX_FAILURES) suspended(why);
      until = Math.max(until, now() + PAUSE_MS);
    },
    asked(ms, why) {
      reason = why;
      until = Math.max(until, now() + Math.min(ms, MAX_ASKED_MS));
    },
    lift,
  };
}

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date; null when it says nothing usable. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const time = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}
