import { readFileSync } from 'node:fs';

/**
 * Something that differs when a pid was reused: on Linux the start time in clock ticks since boot. Null when the
 * process does not exist or the platform has no cheap answer.
 */
export function processStartMark(pid: number): string | null {
  return process.platform === 'linux' ? (linuxStat(pid)?.start ?? null) : null;
}

function linuxStat(pid: number): { state: string; start: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets: count fields after its closing one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, start: fields[19]! };
  } catch {
    return null;
  }
}

/** Whether the very process that had this mark is alive. Without marks (other systems) the pid alone must do. */
export function isSameProcessAlive(pid: number, mark: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (process.platform !== 'linux') return true;
  const now = linuxStat(pid);
  // A zombie has ended; it only waits for its parent to ask.
  if (!now || now.state === 'Z') return false;
  return mark === null || now.start === mark;
}
