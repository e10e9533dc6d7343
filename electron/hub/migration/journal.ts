import { z } from 'zod';
import type { DataFolder } from '../data-folder.ts';
import { ClientId } from '../../../shared/model/client.ts';
import { asReadError, isMissing } from '../files/file-errors.ts';
import { MigrationId } from './manifest.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import type { Storage } from '../files/storage.ts';

/**
 * The open intention. Written before the first change and removed after the last, so that whoever finds it knows
 * what was under way and which temporary files may lie about.
 */
export const Journal = z.discriminatedUnion('kind', [
  z.object({
    version: z.literal(1),
    kind: z.literal('apply'),
    id: MigrationId,
    /** Part of every temporary name used. */
    token: z.string().regex(/^[0-9a-f]+$/),
    /** The files meant to be replaced. */
    targets: z.array(z.string()),
  }),
  z.object({
    version: z.literal(1),
    kind: z.literal('rollback'),
    clients: z.array(ClientId).optional(),
    migration: MigrationId.optional(),
    token: z.string().regex(/^[0-9a-f]+$/),
    targets: z.array(z.string()),
  }),
]);
export type Journal = z.infer<typeof Journal>;

/** Callers hold the data folder's lock. */
export async function writeJournal(storage: Storage, data: DataFolder, journal: Journal): Promise<void> {
  await writeOwnFile(storage, data.journal, Buffer.from(JSON.stringify(journal)));
}

export async function clearJournal({ files }: Storage, data: DataFolder): Promise<void> {
  try {
    await files.remove(data.journal);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await files.syncFolder(data.migrations);
}

/** Null when nothing is open; `damaged` when something is that cannot be read. */
export async function readJournal({ files }: Storage, data: DataFolder): Promise<Journal | null | 'damaged'> {
  let bytes: Uint8Array;
  try {
    bytes = await files.read(data.journal, 1024 * 1024);
  } catch (error) {
    if (isMissing(error)) return null;
    throw asReadError(error, data.journal);
  }
  try {
    return Journal.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return 'damaged';
  }
}
