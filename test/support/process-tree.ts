import { readdirSync, readFileSync } from 'node:fs';
import { RUN_MARK, type TemporaryHome } from './temporary-home.ts';

export interface MarkedProcess {
  pid: number;
  /** Kernel start time in clock ticks: with the pid it names one process for good, also when the pid is used again. */
  startTicks: string;
  command: string;
}

/** Only Linux shows the environment of other processes; elsewhere the process part of the leak check is skipped. */
export const canSeeProcesses = process.platform === 'linux';

/**
 * Live processes of a test run: those whose environment carries its mark, or whose HOME lies in its folder
 * (servers started over HTTP get a short list of variables, HOME among them). Zombies are not alive.
 */
export function processesOf(home: TemporaryHome): MarkedProcess[] {
  if (!canSeeProcesses) return [];
  const marked: MarkedProcess[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const found = inspect(Number(name), home);
    if (found) marked.push(found);
  }
  return marked;
}

/** Ends one process of the run. The mark and the start time are looked at again right before. */
export function endMarked(found: MarkedProcess, home: TemporaryHome, signal: NodeJS.Signals): void {
  if (inspect(found.pid, home)?.startTicks !== found.startTicks) return;
  try {
    process.kill(found.pid, signal);
  } catch {
    // It ended by itself in between.
  }
}

function inspect(pid: number, home: TemporaryHome): MarkedProcess | null {
  if (pid === process.pid) return null;
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    if (!variables.includes(`${RUN_MARK}=${home.runId}`) && !variables.includes(`HOME=${home.home}`))
      return null;
    // The command name is in parentheses and may itself hold any character, so fields count from the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, startTicks: fields[19] ?? '', command };
  } catch {
    // Gone, or another user's.
    return null;
  }
}
