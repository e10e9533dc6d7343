/** Lets so many events a second pass, with a burst of one second's worth; the rest is the caller's to drop or hold. */
export interface FloodGate {
  /** `now` in monotonic milliseconds. */
  passes(now: number): boolean;
}

export function createFloodGate(perSecond: number): FloodGate {
  let allowance = perSecond;
  let last = 0;
  return {
    passes(now) {
      allowance = Math.min(perSecond, allowance + ((now - last) * perSecond) / 1_000);
      last = now;
      if (allowance < 1) return false;
      allowance -= 1;
      return true;
    },
  };
}
