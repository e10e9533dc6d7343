/** What to do after a crash. Pure: the caller owns the clock and the timer. */
export type RestartDecision = { action: 'restart'; delayMs: number } | { action: 'give-up' };

export interface RestartPolicy {
  /** Tells the policy of one crash at `now` (monotonic milliseconds); a clean end is not a crash. */
  crashed(now: number): RestartDecision;
  /** Somebody acted: start counting afresh. */
  reset(): void;
}

const WINDOW_MS = 60_000;
const MAX_STARTS = 5;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/**
 * At most 5 starts in 60 s, then nothing happens until someone acts (B04). The first restart is immediate, since
 * most crashes are single; the next waits 1 s, doubling to 60 s, with up to 20 % jitter so that servers which fell
 * together do not rise together.
 */
export function createRestartPolicy(random: () => number = Math.random): RestartPolicy {
  let crashes: number[] = [];
  let hasGivenUp = false;
  return {
    crashed(now) {
      if (hasGivenUp) return { action: 'give-up' };
      crashes = crashes.filter((at) => now - at < WINDOW_MS);
      crashes.push(now);
      hasGivenUp = crashes.length >= MAX_STARTS;
      if (hasGivenUp) return { action: 'give-up' };
      if (crashes.length === 1) return { action: 'restart', delayMs: 0 };
      const base = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (crashes.length - 2));
      return { action: 'restart', delayMs: Math.round(base * (1 + 0.2 * random())) };
    },
    reset() {
      crashes = [];
      hasGivenUp = false;
    },
  };
}
