import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSameProcessAlive, processStartMark } from '../process-identity.ts';
import { childrenFolder, recordName, signalServer, takeOrphans } from './orphans.ts';

/** One empty file per live child in `run/children`, so that a killed hub's servers are found and ended. */
export interface ChildRecords {
  add(pid: number): void;
  remove(pid: number): void;
  /**
   * Ends the process groups that earlier hubs left running; resolves with their pids. A process counts only when its
   * start mark is the recorded one, so a reused pid is never touched (B28).
   */
  sweep(graceMs: number): Promise<number[]>;
}

/** Does nothing on systems without start marks: a pid alone is no proof. */
export function createChildRecords(runFolder: string): ChildRecords {
  const folder = childrenFolder(runFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ownMark = processStartMark(process.pid);
  const files = new Map<number, string>();
  return {
    add(pid) {
      const mark = processStartMark(pid);
      if (mark === null || ownMark === null) return;
      const file = path.join(folder, recordName({ pid, mark }, { pid: process.pid, mark: ownMark }));
      files.set(pid, file);
      writeFileSync(file, '', { mode: 0o600 });
    },
    remove(pid) {
      const file = files.get(pid);
      if (file !== undefined) rmSync(file, { force: true });
      files.delete(pid);
    },
    async sweep(graceMs) {
      const left = takeOrphans(runFolder);
      const alive = (): typeof left => left.filter(({ pid, mark }) => isSameProcessAlive(pid, mark));
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        for (const orphan of alive()) signalServer(orphan, signal);
        const deadline = performance.now() + graceMs;
        while (alive().length > 0 && performance.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
      return left.map(({ pid }) => pid);
    },
  };
}
