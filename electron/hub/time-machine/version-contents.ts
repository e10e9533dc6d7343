import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { PatchbayError } from '../../../shared/model/error.ts';
import { isMissing } from '../files/file-errors.ts';
import { MAX_CONFIG_BYTES } from '../files/json-document.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Storage } from '../files/storage.ts';

/** Text that does not compress grows by a few bytes. */
const MAX_STORED = MAX_CONFIG_BYTES + 64 * 1024;

/**
 * Contents of configs by their hash, each stored once, in the one format every system unpacks without us. Callers hold
 * the folder's lock to save and remove.
 */
export interface VersionContents {
  /** Resolves with the bytes it takes on the disk, once they are there. */
  save(bytes: Uint8Array): Promise<number>;
  /** Proven by the hash. Throws BACKUP_MISSING or BACKUP_CORRUPT. */
  read(hash: string): Promise<Uint8Array>;
  remove(hash: string): Promise<void>;
  /** Everything stored, with the time it was. */
  all(): Promise<{ hash: string; savedAt: number }[]>;
}

export function versionContents(storage: Storage, folder: string): VersionContents {
  const fileOf = (hash: string): string => path.join(folder, `${hash}.gz`);

  async function read(hash: string): Promise<Uint8Array> {
    const file = fileOf(hash);
    try {
      const packed = await storage.files.read(file, MAX_STORED);
      const bytes = await promisify(gunzip)(packed, { maxOutputLength: MAX_CONFIG_BYTES });
      if (sha256(bytes) === hash) return bytes;
    } catch (error) {
      if (isMissing(error)) {
        throw new PatchbayError('BACKUP_MISSING', `The saved version ${file} is gone.`, { path: file });
      }
    }
    throw new PatchbayError('BACKUP_CORRUPT', `The saved version ${file} is damaged.`, { path: file });
  }

  return {
    read,
    async save(bytes) {
      const file = fileOf(sha256(bytes));
      try {
        await read(sha256(bytes));
      } catch {
        // Not there, or no longer what it was.
        await writeOwnFile(storage, file, await promisify(gzip)(bytes));
      }
      return (await storage.files.facts(file)).size;
    },
    async remove(hash) {
      try {
        await storage.files.remove(fileOf(hash));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
    async all() {
      const names = await storage.files.list(folder);
      const hashes = names.flatMap((name) => /^([0-9a-f]{64})\.gz$/.exec(name)?.[1] ?? []);
      return await Promise.all(
        hashes.map(async (hash) => ({ hash, savedAt: (await storage.files.facts(fileOf(hash))).mtimeMs })),
      );
    },
  };
}
