const ATTEMPTS = 3;

/** Processor time this process took so far: what others do on a busy machine is not in it. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Processor time of some work; the best of a few runs, because compiling and collecting garbage count too. */
export function bestMs(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const started = processorMs();
    work();
    best = Math.min(best, processorMs() - started);
  }
  return best;
}

/** The longest step of work that is done in slices of 8 ms, which is what a person would feel; the best of a few runs. */
export function longestStepMs(make: () => { run(isDue: () => boolean): boolean }): number {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const work = make();
    let longest = 0;
    for (let isDone = false; !isDone; ) {
      const started = processorMs();
      isDone = work.run(() => processorMs() - started > 8);
      longest = Math.max(longest, processorMs() - started);
    }
    best = Math.min(best, longest);
  }
  return best;
}
