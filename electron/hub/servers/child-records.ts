import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSameProcessAlive, processStartMark } from '../process-identity.ts';

/** One empty-handed file per live child, `run/children/<pid>`, so that the next hub finds what a killed one left. */
export interface ChildRecords {
  add(pid: number): void;
  remove(pid: number): void;
  /**
   * Ends the process groups that an earlier hub left running; resolves with their pids. A process counts only when
   * its start mark is the recorded one, so a reused pid is never touched (B28).
   */
  sweep(graceMs: number): Promise<number[]>;
}

export function createChildRecords(runFolder: string): ChildRecords {
  const folder = path.join(runFolder, 'children');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (pid: number): string => path.join(folder, String(pid));
  return {
    add(pid) {
      const mark = processStartMark(pid);
      if (mark !== null) writeFileSync(fileOf(pid), mark, { mode: 0o600 });
    },
    remove: (pid) => rmSync(fileOf(pid), { force: true }),
    async sweep(graceMs) {
      const left: { pid: number; mark: string }[] = [];
      for (const name of readdirSync(folder).filter((candidate) => /^\d+$/.test(candidate))) {
        const mark = readFileSync(path.join(folder, name), 'utf8');
        rmSync(path.join(folder, name), { force: true });
        if (mark !== '' && isSameProcessAlive(Number(name), mark)) left.push({ pid: Number(name), mark });
      }
      const alive = (): typeof left => left.filter(({ pid, mark }) => isSameProcessAlive(pid, mark));
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        for (const { pid } of alive()) signalGroup(pid, signal);
        const deadline = performance.now() + graceMs;
        while (alive().length > 0 && performance.now() < deadline)
          await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return left.map(({ pid }) => pid);
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone in the meantime.
  }
}
