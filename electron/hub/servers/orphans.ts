import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isSameProcessAlive } from '../process-identity.ts';

/** A process that a hub has started, told from a later one with the same pid by its start mark. */
export interface RecordedChild {
  pid: number;
  mark: string;
}

/** `PID-MARK-HUBPID-HUBMARK`: all in the name, so that a record is complete or not there. */
const NAME = /^(\d+)-(\d+)-(\d+)-(\d+)$/;

export const childrenFolder = (runFolder: string): string => path.join(runFolder, 'children');

export const recordName = (child: RecordedChild, hub: RecordedChild): string =>
  `${child.pid}-${child.mark}-${hub.pid}-${hub.mark}`;

/**
 * Takes the records of hubs that are gone and gives the servers among them that still run. Whoever calls owns their
 * end; a live hub's servers are never given.
 */
export function takeOrphans(runFolder: string): RecordedChild[] {
  const folder = childrenFolder(runFolder);
  const orphans: RecordedChild[] = [];
  for (const name of list(folder)) {
    const [, pid, mark, hubPid, hubMark] = NAME.exec(name) ?? [];
    if (mark === undefined || isSameProcessAlive(Number(hubPid), hubMark!)) continue;
    rmSync(path.join(folder, name), { force: true });
    if (isSameProcessAlive(Number(pid), mark)) orphans.push({ pid: Number(pid), mark });
  }
  return orphans;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Signals a server's whole process group, if it is still that server; false when it is gone. */
export function signalServer({ pid, mark }: RecordedChild, signal: NodeJS.Signals): boolean {
  if (!isSameProcessAlive(pid, mark)) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
