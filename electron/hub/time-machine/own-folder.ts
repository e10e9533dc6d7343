import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { sweepDeadWaiters, withDataLock } from '../files/data-lock.ts';
import { isMissing } from '../files/file-errors.ts';
import { isTempName } from '../files/replace-file.ts';
import { removeQuietly } from '../files/write-new-file.ts';
import type { Storage } from '../files/storage.ts';

/**
 * A folder of ours below the data folder, with a lock of its own: what watches configs must never wait for a migration,
 * which holds the data folder's lock for minutes. Whoever needs both takes that one first.
 */
export interface OwnFolder {
  readonly path: string;
  /** Runs `work` while no other process writes here. Throws MIGRATION_BUSY naming the holder. Not re-entrant. */
  locked<T>(purpose: string, work: () => Promise<T>): Promise<T>;
  /** Removes what a process that was killed left half written; waits for the lock only where there is something. */
  tidy(): Promise<void>;
}

/** Created on first use, for its owner only. */
export function ownFolder(storage: Storage, data: DataFolder, name: string): OwnFolder {
  const folder = path.join(data.root, name);
  const place: DataFolder = { ...data, migrations: folder };
  let isSwept = false;
  let queue: Promise<unknown> = Promise.resolve();

  function locked<T>(purpose: string, work: () => Promise<T>): Promise<T> {
    // In this process one after the other, so that only other processes are waited for by asking again and again.
    const turn = queue.then(() =>
      withDataLock(storage, place, purpose, async () => {
        if (!isSwept) {
          await sweepDeadWaiters(storage, place);
          // Their writers held the lock that we hold now, so they are dead (A15).
          for (const file of await temporariesIn(storage, folder)) await removeQuietly(storage.files, file);
          isSwept = true;
        }
        return await work();
      }),
    );
    queue = turn.catch(() => {});
    return turn;
  }

  return {
    path: folder,
    locked,
    async tidy() {
      if (isSwept || (await temporariesIn(storage, folder)).length === 0) return;
      // The first to hold the lock sweeps.
      await locked('tidying up', async () => {});
    },
  };
}

/** What writers have left half written; nothing for a folder that is not there. */
async function temporariesIn({ files }: Storage, folder: string): Promise<string[]> {
  try {
    return (await files.list(folder)).filter(isTempName).map((name) => path.join(folder, name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
