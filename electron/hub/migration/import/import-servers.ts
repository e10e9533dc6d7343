import type { DataFolder } from '../../data-folder.ts';
import { withDataLock } from '../../files/data-lock.ts';
import type { Storage } from '../../files/storage.ts';
import { editCatalogFile, readCatalogFile } from '../../servers/edit-catalog-file.ts';
import { planImport, type ImportPlan } from './plan-import.ts';
import { readImport } from './read-import.ts';

/** What is to be imported. */
export interface ImportRequest {
  bytes: Uint8Array;
  /** Where they came from, for errors and for the origin of each server. */
  source: string;
  dryRun: boolean;
}

/**
 * Adds the servers of a file to the catalog, or says only what that would do. A running hub notices by itself, as with
 * every change of the catalog. Throws CONFIG_MALFORMED and its like for a file that cannot be read, CATALOG_INVALID,
 * MIGRATION_BUSY and DISK_FULL; nothing is added then.
 */
export async function importServers(
  storage: Storage,
  data: DataFolder,
  { bytes, source, dryRun }: ImportRequest,
): Promise<ImportPlan> {
  const content = readImport(bytes, source);
  if (dryRun) return planImport(content, await readCatalogFile(storage, data), source).plan;
  return await withDataLock(storage, data, 'an import of servers', async () => {
    const { plan, added } = planImport(content, await readCatalogFile(storage, data), source);
    if (added.size > 0) await editCatalogFile(storage, data, { add: added });
    return plan;
  });
}
