import type { UpstreamCall } from './upstream-call.ts';

/** However often a call shows progress, some day it is over. */
const LONGEST_CALL_MS = 24 * 60 * 60_000;
const MOST_OFTEN_MS = 10;
const LEAST_OFTEN_MS = 1_000;

/**
 * Looks from time to time at the calls under way for those whose time is up: a timer for each would cost more than
 * all else that a call does here. Late by a quarter of the patience, or a second.
 */
export class Deadlines {
  readonly #calls: () => Iterable<UpstreamCall>;
  readonly #late: (call: UpstreamCall) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(calls: () => Iterable<UpstreamCall>, late: (call: UpstreamCall) => void) {
    this.#calls = calls;
    this.#late = late;
  }

  /** The call's time begins. */
  begin(call: UpstreamCall, patienceMs: number): void {
    const now = performance.now();
    call.patienceMs ||= patienceMs;
    call.deadline = now + call.patienceMs;
    call.lastDeadline = now + Math.max(call.patienceMs, LONGEST_CALL_MS);
    this.#timer ??= this.#lookIn(call.patienceMs);
  }

  /** It has shown progress. */
  extend(call: UpstreamCall): void {
    call.deadline = Math.min(call.lastDeadline, performance.now() + call.patienceMs);
  }

  #lookIn(patienceMs: number): NodeJS.Timeout {
    const ms = Math.min(LEAST_OFTEN_MS, Math.max(MOST_OFTEN_MS, patienceMs / 4));
    return setTimeout(this.#look, ms).unref();
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    let shortest = 0;
    for (const call of this.#calls()) {
      if (now >= call.deadline) this.#late(call);
      else shortest = Math.min(shortest || call.patienceMs, call.patienceMs);
    }
    if (shortest > 0) this.#timer ??= this.#lookIn(shortest);
  };

  close(): void {
    clearTimeout(this.#timer);
  }
}
