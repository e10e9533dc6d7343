import { readFileSync } from 'node:fs';
import { livePids } from './process-table.ts';

/** Set for every child; all that it starts inherits it, also what has left its process group (B14). */
export const INSTANCE_VARIABLE = 'PATCHBAY_INSTANCE';

/** Looked at between two turns of the event loop: reading the variables of a process costs up to 50 µs. */
const AT_ONCE = 16;
const POLL_MS = 50;
const UNTIL_GONE_MS = 1_000;

/** One running process that carries a mark. */
export interface MarkedProcess {
  pid: number;
  mark: string;
}

export interface SurvivorSweep {
  /**
   * Ends what still carries the mark: SIGTERM, `graceMs`, SIGKILL. Resolves with how many there were. Calls that come
   * together share one look at the processes.
   */
  end(mark: string): Promise<number>;
}

/**
 * Grandchildren that have left the group of their server (setsid, double fork) are found by a variable in their
 * environment. Only Linux shows it: elsewhere none are found.
 */
export function createSurvivorSweep(graceMs: number): SurvivorSweep {
  let waiting = new Map<string, ((found: MarkedProcess[]) => void)[]>();
  let isLooking = false;

  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    while (waiting.size > 0) {
      const asked = waiting;
      waiting = new Map();
      const found = await findMarked((mark) => asked.has(mark));
      for (const [mark, tell] of asked) {
        for (const each of tell) each(found.filter((marked) => marked.mark === mark));
      }
    }
    isLooking = false;
  };

  return {
    async end(mark) {
      const found = await new Promise<MarkedProcess[]>((resolve) => {
        const tell = waiting.get(mark);
        if (tell) tell.push(resolve);
        else waiting.set(mark, [resolve]);
        setImmediate(() => void look());
      });
      await endMarked(found, graceMs);
      return found.length;
    },
  };
}

/** Live processes of this user whose mark fits. */
export async function findMarked(fits: (mark: string) => boolean): Promise<MarkedProcess[]> {
  const found: MarkedProcess[] = [];
  for (const [index, pid] of livePids().entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    const mark = markOf(pid);
    if (mark !== null && fits(mark) && pid !== process.pid) found.push({ pid, mark });
  }
  return found;
}

/** SIGTERM, wait, SIGKILL. The mark is looked at again before each signal, so a reused pid is never touched (B28). */
export async function endMarked(found: readonly MarkedProcess[], graceMs: number): Promise<void> {
  const alive = (): MarkedProcess[] => found.filter(({ pid, mark }) => markOf(pid) === mark);
  for (const [signal, waitMs] of [
    ['SIGTERM', graceMs],
    ['SIGKILL', UNTIL_GONE_MS],
  ] as const) {
    for (const { pid } of alive()) trySignal(pid, signal);
    const deadline = performance.now() + waitMs;
    while (alive().length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

/** The mark in a process's environment; null where there is none, it has ended, or it is another user's. */
function markOf(pid: number): string | null {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    const at = `\0${environment}`.indexOf(`\0${INSTANCE_VARIABLE}=`);
    if (at === -1) return null;
    const start = at + INSTANCE_VARIABLE.length + 1;
    const end = environment.indexOf('\0', start);
    return environment.slice(start, end === -1 ? undefined : end);
  } catch {
    return null;
  }
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}
