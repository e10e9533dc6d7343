import type { Socket } from 'node:net';
import type { UsageSampler } from '../supervisor/process-usage.ts';
import type { PooledInstance } from './instance.ts';

export interface MemoryWatch {
  watch(instance: PooledInstance): void;
  forget(instance: PooledInstance): void;
}

export interface MemoryWatchOptions {
  usage: UsageSampler;
  /** Bytes a server may use, null: as many as it likes. */
  limit(server: string): number | null;
  /** Calls an instance has to answer; null when nobody knows. */
  callsInFlight(instanceId: string): number | null;
  /** Told once per instance. */
  warn(server: string, message: string): void;
  /** Told for an instance above its limit that has nothing to do. */
  recycle(instance: PooledInstance): void;
  everyMs?: number;
}

const EVERY_MS = 10_000;
/** Where nobody knows its calls, an instance is idle when it has been silent for as long as a call may take. */
const QUIET_MS = 10 * 60_000;

interface Watched {
  isWarned: boolean;
  moved: number;
  quietSince: number;
}

/** Looks after the memory of instances that have a limit (B16). No limit, no look; no instance, no timer. */
export function createMemoryWatch(options: MemoryWatchOptions): MemoryWatch {
  const watched = new Map<PooledInstance, Watched>();
  let timer: NodeJS.Timeout | undefined;

  const check = (): void => {
    const limited = [...watched].flatMap(([instance, state]) => {
      const limit = options.limit(instance.server);
      return limit === null ? [] : [{ instance, state, limit }];
    });
    if (limited.length === 0) return;
    const usage = options.usage.look(limited.map(({ instance }) => instance.child.pid!));
    const now = performance.now();
    for (const { instance, state, limit } of limited) {
      noteMovement(instance, state, now);
      const rssBytes = usage.get(instance.child.pid!)?.rssBytes ?? 0;
      if (rssBytes <= limit) continue;
      if (!state.isWarned) {
        state.isWarned = true;
        options.warn(
          instance.server,
          `It uses ${mebibytes(rssBytes)} of memory; its limit is ${mebibytes(limit)}.`,
        );
      }
      const calls = options.callsInFlight(instance.id);
      const isIdle = calls === null ? now - state.quietSince >= QUIET_MS : calls === 0;
      if (isIdle) options.recycle(instance);
    }
  };

  return {
    watch(instance) {
      watched.set(instance, { isWarned: false, moved: 0, quietSince: performance.now() });
      timer ??= setInterval(check, options.everyMs ?? EVERY_MS).unref();
    },
    forget(instance) {
      watched.delete(instance);
      if (watched.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

function noteMovement({ child }: PooledInstance, state: Watched, now: number): void {
  // The pipes of a child are sockets, whatever the types say.
  const [input, output] = [child.stdin, child.stdout] as unknown as [Socket, Socket];
  const moved = input.bytesWritten + output.bytesRead;
  if (moved === state.moved) return;
  state.moved = moved;
  state.quietSince = now;
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
