import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { cleanFields, cleanText, type LogFields } from './clean-fields.ts';

/** What a hub that ended badly had to say, for the next one to report. */
export const LastBreath = z.object({
  at: z.string(),
  pid: z.number(),
  kind: z.enum(['uncaught-exception', 'unhandled-rejection', 'heap-nearly-full']),
  message: z.string(),
  /** First lines of the stack, secrets taken out; never shown outside the log. */
  stack: z.string(),
  uptimeSeconds: z.number(),
  rssBytes: z.number(),
  heapUsedBytes: z.number(),
  /** What was going on: sessions, calls under way. */
  doing: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type LastBreath = z.infer<typeof LastBreath>;

export interface LastBreathOptions {
  /** `last-breath.json` in the run folder. */
  file: string;
  logger: Logger;
  /** What is going on now, in few words; must be cheap and must not throw. */
  describe(): LogFields;
  /** Used and largest possible size of the heap, in bytes. */
  heap?: () => { used: number; limit: number };
}

export interface LastBreathKeeper {
  /** Writes down why it ends. Never throws. */
  fatal(kind: 'uncaught-exception' | 'unhandled-rejection', error: unknown): void;
  /** An orderly end: nothing to report. */
  close(): void;
}

const MAX_STACK = 4_000;
const CHECK_MS = 1_000;
/** V8 ends a process that fills its heap without letting any code run; from here on that may be near (D12). */
const ALMOST_FULL = 0.85;
const RELIEVED = 0.75;

/**
 * Writes the last breath of this hub. Also ahead of time, while the heap is nearly full: of the end that follows
 * nobody can tell any more. One that recovers takes its words back.
 */
export function keepLastBreath({
  file,
  logger,
  describe,
  heap = heapSize,
}: LastBreathOptions): LastBreathKeeper {
  let isAlmostFull = false;
  let isFatal = false;
  const write = (kind: LastBreath['kind'], error: unknown): void => {
    try {
      writeFileSync(file, JSON.stringify(breathOf(kind, error, describe)), { mode: 0o600 });
    } catch {
      // A full disk must not turn an end into a hang.
    }
  };
  const timer = setInterval(() => {
    const { used, limit } = heap();
    if (!isAlmostFull && used > limit * ALMOST_FULL) {
      isAlmostFull = true;
      write('heap-nearly-full', new Error(`${Math.round((used / limit) * 100)} % of the heap are in use.`));
      logger.log('warn', 'hub.heap-nearly-full', { used, limit, ...describe() });
    } else if (isAlmostFull && used < limit * RELIEVED) {
      isAlmostFull = false;
      if (!isFatal) rmSync(file, { force: true });
    }
  }, CHECK_MS).unref();
  return {
    fatal(kind, error) {
      isFatal = true;
      write(kind, error);
    },
    close() {
      clearInterval(timer);
      if (isAlmostFull && !isFatal) rmSync(file, { force: true });
    },
  };
}

/** What the hub before this one left behind, once; null when it ended in order. Says it in the log. */
export function takeLastBreath(file: string, logger: Logger): LastBreath | null {
  let breath: LastBreath | null = null;
  try {
    breath = LastBreath.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  }
  rmSync(file, { force: true });
  if (!breath) return null;
  const { doing, at: died, ...rest } = breath;
  logger.log('error', 'hub.last-breath', { died, ...rest, ...doing });
  return breath;
}

function breathOf(kind: LastBreath['kind'], error: unknown, describe: () => LogFields): LastBreath {
  const { message, stack } = textOf(error);
  return {
    at: new Date().toISOString(),
    pid: process.pid,
    kind,
    message,
    stack,
    uptimeSeconds: Math.round(process.uptime()),
    rssBytes: process.memoryUsage.rss(),
    heapUsedBytes: process.memoryUsage().heapUsed,
    doing: cleanFields(describe()),
  };
}

/** Message and stack of anything that was thrown, as they may be written. */
export function textOf(error: unknown): { message: string; stack: string } {
  if (!(error instanceof Error)) return { message: cleanText(String(error)), stack: '' };
  return { message: cleanText(error.message), stack: cleanText(error.stack ?? '', MAX_STACK) };
}

function heapSize(): { used: number; limit: number } {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return { used, limit };
}
