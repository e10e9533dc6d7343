import path from 'node:path';
import { z } from 'zod';
import { ConfigAuthor, ConfigVersion } from '../../../shared/model/config-version.ts';
import { isMissing } from '../files/file-errors.ts';
import { parseNumbered } from '../files/parse-numbered.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Storage } from '../files/storage.ts';
import type { Logger } from '../log.ts';

/** Some ten times what the limits of `PruneLimits` let it grow to. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;

/** Fields that a newer version of this format adds are kept; what an older one could not read gets a new number. */
export const VersionRecord = z.looseObject({
  ...ConfigVersion.shape,
  /** Bytes its content takes on the disk; 0 without any. */
  stored: z.number(),
});
export type VersionRecord = z.infer<typeof VersionRecord>;

/** A write of ours that is about to happen, for whoever sees its outcome before its end, such as another process. */
export const Announcement = z.looseObject({
  token: z.string().regex(/^[0-9a-f]+$/),
  path: z.string(),
  /** The file itself, beside which a temporary one of this token may lie. */
  target: z.string(),
  clientLock: z.string().optional(),
  sha256: z.string(),
  author: ConfigAuthor,
  owner: z.object({ pid: z.number(), mark: z.string().nullable() }),
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** The write has ended, well or not. */
  ended: z.boolean(),
});
export type Announcement = z.infer<typeof Announcement>;

const VersionIndex = z.looseObject({
  version: z.literal(1),
  nextId: z.number().int().min(1),
  /** Oldest first. */
  versions: z.array(VersionRecord),
  announced: z.array(Announcement),
});
export type VersionIndex = z.infer<typeof VersionIndex>;

export interface IndexFile {
  /**
   * The index as it is on the disk; an empty one when there is none. One that is damaged is set aside when `repair`
   * is asked for, which needs the lock. Throws NOT_SUPPORTED for one of a newer Patchbay, which must not be lost.
   */
  load(repair: boolean): Promise<VersionIndex>;
  /** Callers hold the folder's lock. */
  save(index: VersionIndex): Promise<void>;
}

/** The list of versions. Another process may write it too, so it is read each time and parsed when it has changed. */
export function versionIndexFile(storage: Storage, folder: string, logger: Logger): IndexFile {
  const file = path.join(folder, 'index.json');
  let known: { hash: string; index: VersionIndex } | null = null;

  return {
    async load(repair) {
      const empty: VersionIndex = { version: 1, nextId: 1, versions: [], announced: [] };
      let bytes: Uint8Array;
      try {
        bytes = await storage.files.read(file, MAX_INDEX_BYTES);
      } catch (error) {
        if (isMissing(error)) return empty;
        throw error;
      }
      const hash = sha256(bytes);
      if (known?.hash === hash) return structuredClone(known.index);
      const index = parseNumbered(bytes, {
        file,
        schema: VersionIndex,
        hint: 'Use that version to see and restore config versions; this one leaves them as they are.',
      });
      if (index) {
        known = { hash, index };
        return structuredClone(index);
      }
      logger.log('error', 'config-versions.index-damaged', { path: file });
      // Contents that nothing names are kept for their time, so what it listed is not lost with it.
      if (repair)
        await storage.files.rename(file, path.join(folder, `index-damaged-${storage.token()}.json`));
      return empty;
    },
    async save(index) {
      const bytes = Buffer.from(JSON.stringify(index));
      await writeOwnFile(storage, file, bytes);
      known = { hash: sha256(bytes), index: structuredClone(index) };
    },
  };
}
