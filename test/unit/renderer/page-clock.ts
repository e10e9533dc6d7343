import type { PageClock } from '../../../renderer/lib/flush-scheduler.ts';

/** A page's clocks, turned by hand. */
export interface HandClock extends PageClock {
  /** Runs what waits for the next frame. */
  frame(): void;
  /** Runs what waits for a timer, whatever its delay. */
  timers(): void;
  readonly timerDelays: number[];
}

export function handClock(): HandClock {
  const frames = new Map<number, () => void>();
  const timers = new Map<number, { callback: () => void; ms: number }>();
  let next = 1;
  return {
    requestAnimationFrame(callback) {
      frames.set(next, callback);
      return next++;
    },
    cancelAnimationFrame: (handle) => void frames.delete(handle),
    setTimeout(callback, ms) {
      timers.set(next, { callback, ms });
      return next++;
    },
    clearTimeout: (handle) => void timers.delete(handle),
    frame() {
      const due = [...frames.values()];
      frames.clear();
      for (const callback of due) callback();
    },
    timers() {
      const due = [...timers.values()];
      timers.clear();
      for (const { callback } of due) callback();
    },
    get timerDelays() {
      return [...timers.values()].map(({ ms }) => ms);
    },
  };
}
