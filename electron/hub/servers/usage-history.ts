import type { UsageSample } from '../../../shared/model/exchange.ts';
import type { ProcessUsage } from '../supervisor/process-usage.ts';

/** What instances used lately, for the time axis of a call. */
export interface UsageHistory {
  /** A call to an instance has begun (1) or is over (-1). Called for each call of a client: cheap. */
  call(instanceId: string, change: 1 | -1): void;
  /** Somebody has looked anyway. */
  note(instanceId: string, usage: ProcessUsage): void;
  /** Oldest first, of the last ten minutes. */
  of(instanceId: string): UsageSample[];
  dispose(): void;
}

export interface UsageHistoryOptions {
  /** By instance, as far as they live. Not called while nothing is in flight. */
  look(instanceIds: readonly string[]): ReadonlyMap<string, ProcessUsage>;
  now?: () => number;
}

const EVERY_MS = 2_000;
/** Reading takes milliseconds on the hub's own thread: calls that are over by then cost none. */
const QUICK_MS = 100;
/** A look may be used again for two seconds: a timer that is a little early must not read the same one twice. */
const APART_MS = EVERY_MS / 2;
const KEPT_MS = 10 * 60_000;
const MAX_SAMPLES = KEPT_MS / APART_MS;
const MAX_INSTANCES = 1_000;

/**
 * Reads what instances use every two seconds while they have a call to answer that takes its time, and once more after
 * it. While nothing is in flight it does nothing.
 */
export function createUsageHistory({ look, now = Date.now }: UsageHistoryOptions): UsageHistory {
  const samples = new Map<string, UsageSample[]>();
  /** Calls under way; 0 for an instance that is owed its last reading. */
  const inFlight = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  const note: UsageHistory['note'] = (instanceId, { rssBytes, cpuPercent }) => {
    if (cpuPercent === null) return;
    const at = now();
    const own = samples.get(instanceId) ?? [];
    const last = own.at(-1);
    if (last && at - last.at < APART_MS && at >= last.at) return;
    own.push({ at, rssBytes, cpuPercent });
    const firstKept = own.findIndex((sample) => sample.at >= at - KEPT_MS);
    own.splice(0, Math.max(firstKept, own.length - MAX_SAMPLES, 0));
    // The one that was noted longest ago goes first.
    samples.delete(instanceId);
    samples.set(instanceId, own);
    for (const [oldest, { length }] of samples) {
      const isOver = (samples.get(oldest)?.[length - 1]?.at ?? 0) < at - KEPT_MS;
      if (!isOver && samples.size <= MAX_INSTANCES) break;
      samples.delete(oldest);
    }
  };

  const forgetIdle = (): void => {
    for (const [id, count] of inFlight) if (count === 0) inFlight.delete(id);
  };
  /** Processor time is told between two looks, so the first one only begins to measure. */
  const read = (): void => {
    timer = undefined;
    if (inFlight.size === 0) return;
    for (const [id, usage] of look([...inFlight.keys()])) note(id, usage);
    forgetIdle();
    if (inFlight.size > 0) timer = setTimeout(read, EVERY_MS).unref();
  };
  const begin = (): void => {
    forgetIdle();
    read();
  };

  return {
    call(instanceId, change) {
      // What the hub answers itself has no process.
      if (instanceId === '') return;
      const count = (inFlight.get(instanceId) ?? 0) + change;
      inFlight.set(instanceId, Math.max(0, count));
      timer ??= setTimeout(begin, QUICK_MS).unref();
    },
    note,
    of: (instanceId) => {
      const since = now() - KEPT_MS;
      return (samples.get(instanceId) ?? []).filter(({ at }) => at >= since);
    },
    dispose() {
      clearTimeout(timer);
      timer = undefined;
      inFlight.clear();
    },
  };
}
