/** The clocks of a page; a parameter so that tests turn them by hand. */
export interface PageClock {
  requestAnimationFrame(callback: () => void): number;
  cancelAnimationFrame(handle: number): void;
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(handle: number): void;
}

/** Hidden windows get no animation frames; this bounds how far behind they may be. */
const HIDDEN_FLUSH_MS = 500;

/**
 * Runs `flush` once at the next frame, or after 500 ms where frames are held back, however often it was asked for.
 */
export function createFlushScheduler(
  clock: PageClock,
  flush: () => void,
): { schedule(): void; cancel(): void } {
  let pending: { frame: number; timer: number } | null = null;
  const cancel = (): void => {
    if (pending === null) return;
    clock.cancelAnimationFrame(pending.frame);
    clock.clearTimeout(pending.timer);
    pending = null;
  };
  const run = (): void => {
    cancel();
    flush();
  };
  return {
    schedule() {
      pending ??= {
        frame: clock.requestAnimationFrame(run),
        timer: clock.setTimeout(run, HIDDEN_FLUSH_MS),
      };
    },
    cancel,
  };
}
