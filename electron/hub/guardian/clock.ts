/** Time as the guardian sees it, so that tests can make an hour pass. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once, later, without keeping the process alive. Returns the way to call it off. */
  after(ms: number, run: () => void): () => void;
}

/** The real one. */
export const systemClock: Clock = {
  now: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
