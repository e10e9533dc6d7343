import { isSameProcessAlive } from '../hub/process-identity.ts';

const STEP_MS = 2_000;

/**
 * A hub that was killed leaves its servers behind with their input closed. Most end by that; one that does not is
 * ended by the shim whose server it was: SIGTERM, then SIGKILL, to its process group, 2 s apart; SIGTERM at once when
 * the shim itself is about to go. Pid and start mark are compared each time, and nothing is done without a mark.
 */
export function reapLostServer(pid: number, mark: string | null): void {
  if (mark === null || process.platform === 'win32') return;
  const rungs: NodeJS.Signals[] = ['SIGTERM', 'SIGKILL'];
  const signal = (): boolean => {
    const next = rungs.shift();
    if (next === undefined || !isSameProcessAlive(pid, mark)) return false;
    try {
      process.kill(-pid, next);
      return true;
    } catch {
      return false;
    }
  };
  const step = (): void => {
    if (signal()) setTimeout(step, STEP_MS).unref();
    else process.off('exit', signal);
  };
  process.once('exit', signal);
  setTimeout(step, STEP_MS).unref();
}
