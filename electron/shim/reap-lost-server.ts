import { isSameProcessAlive } from '../hub/process-identity.ts';

const STEP_MS = 2_000;

/**
 * A hub that was killed leaves its servers behind with their input closed. Most end by that; one that does not is
 * ended by the shim whose server it was: SIGTERM, then SIGKILL, to its process group, 2 s apart. Pid and start mark
 * are compared each time, and nothing is done without a mark.
 */
export function reapLostServer(pid: number, mark: string | null): void {
  if (mark === null || process.platform === 'win32') return;
  const rungs: NodeJS.Signals[] = ['SIGTERM', 'SIGKILL'];
  const next = (): void => {
    const signal = rungs.shift();
    if (signal === undefined || !isSameProcessAlive(pid, mark)) return;
    try {
      process.kill(-pid, signal);
    } catch {
      return;
    }
    setTimeout(next, STEP_MS).unref();
  };
  setTimeout(next, STEP_MS).unref();
}
