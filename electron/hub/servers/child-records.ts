import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSameProcessAlive, processStartMark } from '../process-identity.ts';
import { endMarked, findMarked } from '../supervisor/survivors.ts';
import { childrenFolder, recordName, signalServer, takeOrphans } from './orphans.ts';
import { sweepWorkFolders } from './work-folders.ts';

/** One empty file per live child in `run/children`, so that a killed hub's servers are found and ended. */
export interface ChildRecords {
  add(pid: number): void;
  remove(pid: number): void;
  /** What an instance and all it starts carry in their environment: whose it is, so that the next hub knows too. */
  mark(instanceId: string): string;
  /**
   * Ends what earlier hubs left running, also what has left its process group, and removes its folders; resolves with
   * the pids. A process counts only when its start mark is the recorded one, so a reused pid is never touched (B28).
   */
  sweep(graceMs: number): Promise<number[]>;
}

/** `FOLDER.HUBPID.HUBMARK.INSTANCE`: a hub ends only what was started for its own data folder. */
const MARK = /^([0-9a-f]+)\.(\d+)\.(\w+)\./;

/** Does nothing on systems without start marks: a pid alone is no proof. */
export function createChildRecords(runFolder: string): ChildRecords {
  const folder = childrenFolder(runFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ownMark = processStartMark(process.pid);
  const tag = createHash('sha256').update(runFolder).digest('hex').slice(0, 12);
  const files = new Map<number, string>();

  const isLeftBehind = (mark: string): boolean => {
    const [, ofFolder, hubPid, hubMark] = MARK.exec(mark) ?? [];
    return ofFolder === tag && hubMark !== undefined && !isSameProcessAlive(Number(hubPid), hubMark);
  };
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
    mark: (instanceId) => `${tag}.${process.pid}.${ownMark ?? 0}.${instanceId}`,
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
      const strayed = await findMarked(isLeftBehind);
      await endMarked(strayed, graceMs);
      await sweepWorkFolders(runFolder);
      return [...left, ...strayed].map(({ pid }) => pid);
    },
  };
}
