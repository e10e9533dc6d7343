import { createHistogram } from 'node:perf_hooks';
import type { Logger } from '../log.ts';

/** How late the event loop was, in milliseconds, since the watch began. */
export interface EventLoopDelay {
  meanMs: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Times it stood still for at least BLOCKED_MS. */
  blocked: number;
}

/** Watches how late timers come, which is how long everybody waits for whatever runs. */
export interface EventLoopWatch {
  delay(): EventLoopDelay;
  /** Does `work` under a name: should the loop stand still meanwhile, the log says what it was (D13). */
  during<T>(what: string, work: () => T): T;
  close(): void;
}

export interface EventLoopWatchOptions {
  logger: Logger;
  /** Milliseconds that only go forwards. */
  now?: () => number;
  /** Processor time this process used so far, in milliseconds. */
  cpu?: () => number;
}

/** A person feels it, and so does every client. */
export const BLOCKED_MS = 200;
/** Ten wake-ups a second: not measurable as load, and late enough to be seen is late enough to matter. */
const PERIOD_MS = 100;

/**
 * One timer of our own instead of perf_hooks.monitorEventLoopDelay: that one wakes the process fifty times a second,
 * counts its own period as delay, and cannot tell at which moment the loop stood still.
 */
export function watchEventLoop({
  logger,
  now = () => performance.now(),
  cpu = usedCpuMs,
}: EventLoopWatchOptions): EventLoopWatch {
  const lateness = createHistogram();
  let blocked = 0;
  let due = now() + PERIOD_MS;
  let cpuBefore = cpu();
  /** The longest named work since the last tick. */
  let longest: { what: string; ms: number } | null = null;

  const tick = (): void => {
    const at = now();
    const late = Math.max(0, at - due);
    // The histogram counts whole numbers from 1: microseconds.
    lateness.record(Math.max(1, Math.round(late * 1_000)));
    const cpuNow = cpu();
    if (late >= BLOCKED_MS) {
      blocked += 1;
      logger.log('warn', 'event-loop.blocked', {
        ms: Math.round(late),
        // Little of it: the machine slept or had no time for us, and no code of ours is to blame.
        cpuMs: Math.round(cpuNow - cpuBefore),
        during: longest && longest.ms >= BLOCKED_MS / 4 ? longest.what : null,
      });
    }
    longest = null;
    cpuBefore = cpuNow;
    due = at + PERIOD_MS;
  };
  const timer = setInterval(tick, PERIOD_MS).unref();

  return {
    delay: () => ({
      meanMs: lateness.count === 0 ? 0 : lateness.mean / 1_000,
      p50Ms: lateness.percentile(50) / 1_000,
      p99Ms: lateness.percentile(99) / 1_000,
      maxMs: lateness.count === 0 ? 0 : lateness.max / 1_000,
      blocked,
    }),
    during(what, work) {
      const from = now();
      try {
        return work();
      } finally {
        const ms = now() - from;
        if (!longest || ms > longest.ms) longest = { what, ms };
      }
    },
    close: () => clearInterval(timer),
  };
}

function usedCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
