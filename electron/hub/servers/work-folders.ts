import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';

/** Below it every instance that asks for `{WORKDIR}` has a folder of its own while it runs. */
export const workFolderOf = (runFolder: string): string => path.join(runFolder, 'work');

/** Makes an instance's folder, for this user only. Throws what the file system says. */
export function makeWorkFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Removes it with all that is in it; what cannot be removed now goes with the next hub's start. Never rejects. */
export async function removeWorkFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 }).catch(() => {});
}

/** Removes what instances of an earlier hub left; to be called before the first instance starts. */
export const sweepWorkFolders = (runFolder: string): Promise<void> =>
  removeWorkFolder(workFolderOf(runFolder));
