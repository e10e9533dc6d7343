import { lstat } from 'node:fs/promises';
import type { Platform } from '../data-folder.ts';
import type { ClientAdapter, ConfigFile } from './client-adapter.ts';

/**
 * The files a client reads on this machine now: `configFiles`, with those swapped that another file replaces. A
 * replacement whose existence cannot be told counts as there, so that its reader meets the error and names it.
 */
export async function currentConfigFiles(adapter: ClientAdapter, platform: Platform): Promise<ConfigFile[]> {
  return await Promise.all(
    adapter.configFiles(platform).map(async ({ replacedBy, ...file }) => {
      if (replacedBy === undefined || !(await exists(replacedBy))) return file;
      return { ...file, path: replacedBy, ...(file.clientLock && { clientLock: `${replacedBy}.lock` }) };
    }),
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
