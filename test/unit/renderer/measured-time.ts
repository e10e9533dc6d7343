const ATTEMPTS = 3;

/** The best of a few runs: what the work itself takes, with as little as possible of what the machine did beside it. */
export function bestMs(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const started = performance.now();
    work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** The longest step of work that is done in slices of 8 ms, which is what a person would feel; the best of a few runs. */
export function longestStepMs(make: () => { run(isDue: () => boolean): boolean }): number {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const work = make();
    let longest = 0;
    for (let isDone = false; !isDone;) {
      const started = performance.now();
      isDone = work.run(() => performance.now() - started > 8);
      longest = Math.max(longest, performance.now() - started);
    }
    best = Math.min(best, longest);
  }
  return best;
}
