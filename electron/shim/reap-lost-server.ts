import { signalServer, takeOrphans, type RecordedChild } from '../hub/servers/orphans.ts';

const STEP_MS = 2_000;

/**
 * A hub that was killed leaves its servers behind with their input closed. Most end by that; one that does not is
 * ended by the shim whose server it was: SIGTERM, then SIGKILL, to its process group, 2 s apart; SIGTERM at once when
 * the shim itself is about to go. Nothing is done without a start mark.
 */
export function reapLostServer(pid: number, mark: string | null): void {
  if (mark !== null && process.platform !== 'win32') endSoon({ pid, mark }, STEP_MS);
}

/** The same for the servers of sessions that ended just before their hub was killed; nobody else would. */
export function reapOrphans(runFolder: string): void {
  for (const orphan of takeOrphans(runFolder)) endSoon(orphan, 0);
}

function endSoon(server: RecordedChild, delayMs: number): void {
  const rungs: NodeJS.Signals[] = ['SIGTERM', 'SIGKILL'];
  const signal = (): boolean => {
    const next = rungs.shift();
    return next !== undefined && signalServer(server, next);
  };
  const step = (): void => {
    if (signal()) setTimeout(step, STEP_MS).unref();
    else process.off('exit', signal);
  };
  process.once('exit', signal);
  if (delayMs === 0) step();
  else setTimeout(step, delayMs).unref();
}
