import path from 'node:path';
import { isMissing } from './file-errors.ts';
import type { Files } from './files.ts';

/**
 * Removes a file or a folder with all that is in it; a link is removed and never followed. What is gone already is
 * passed over. Throws the file system's own error at the first thing that will not go.
 */
export async function removeTree(files: Files, target: string): Promise<void> {
  try {
    const { kind } = await files.linkFacts(target);
    if (kind !== 'folder') return await files.remove(target);
    for (const name of await files.list(target)) await removeTree(files, path.join(target, name));
    await files.removeFolder(target);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
