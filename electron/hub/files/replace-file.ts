import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import { asWriteError, errnoOf } from './file-errors.ts';
import type { FileFacts } from './files.ts';
import { MAX_CONFIG_BYTES } from './json-document.ts';
import { sha256 } from './sha256.ts';
import type { Storage } from './storage.ts';
import { removeQuietly, writeNewFile } from './write-new-file.ts';

/** A file to be replaced as a whole, which must still hold what its new bytes were made from. */
export interface Replacement {
  /** The file itself, no link to it. */
  path: string;
  bytes: Uint8Array;
  /** SHA-256 of what it holds now; null when it must not exist. */
  expected: string | null;
  /** Mode and owner of the new file; absent: for its owner only. */
  like?: FileFacts;
  /** Name of the temporary file, in the same folder. */
  temp: string;
  /** Called when all that is left to do is the rename: from here on the new bytes may be in place. */
  onCommit?: () => void;
}

/** Temporary names of ours: hidden, in the same folder, recognisable after a crash. */
export function tempPathFor(file: string, token: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.patchbay-${token}.tmp`);
}

/** Whether a name is of the kind that `tempPathFor` gives. */
export const isTempName = (name: string): boolean => /^\..+\.patchbay-[0-9a-f]+\.tmp$/.test(name);

/**
 * Puts new bytes in the place of old ones so that every reader, and a machine that loses power, sees either. Throws
 * CONFIG_CHANGED when the file is not as expected (right before the rename, and again after it), DISK_FULL,
 * CONFIG_NOT_WRITABLE; except for the last look the old bytes are then in place.
 */
export async function replaceFile(
  storage: Storage,
  { path: file, bytes, expected, like, temp, onCommit }: Replacement,
): Promise<void> {
  const { files } = storage;
  try {
    await writeNewFile(files, temp, bytes, like);
    try {
      if (like && expected !== null) await files.copyAttributes(file, temp);
      // A first look, so that a change is told before `onCommit` and not after it.
      if ((await hashOf(storage, file)) !== expected) throw changed(file, WHILE);
      onCommit?.();
      await renameWithPatience(storage, { from: temp, to: file, expected });
    } catch (error) {
      await removeQuietly(files, temp);
      throw error;
    }
    await files.syncFolder(path.dirname(file));
    if ((await hashOf(storage, file)) !== sha256(bytes)) throw changed(file, 'right after it was replaced');
  } catch (error) {
    throw asWriteError(error, file);
  }
}

/** Writes a file of our own, whatever it held. Callers hold the data folder's lock. */
export async function writeOwnFile(storage: Storage, file: string, bytes: Uint8Array): Promise<void> {
  const expected = await hashOf(storage, file);
  await replaceFile(storage, { path: file, bytes, expected, temp: tempPathFor(file, storage.token()) });
}

async function hashOf({ files }: Storage, file: string): Promise<string | null> {
  try {
    return sha256(await files.read(file, 2 * MAX_CONFIG_BYTES));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    if (errnoOf(error) === 'EFBIG') return 'too large';
    throw error;
  }
}

/** Windows refuses to replace a file that a virus scanner has open; it lets go within seconds (A23). */
async function renameWithPatience(
  { files, os, sleep, timing }: Storage,
  { from, to, expected }: { from: string; to: string; expected: string | null },
): Promise<void> {
  const condition = { expected, limit: 2 * MAX_CONFIG_BYTES };
  for (let waited = 0; ; waited += timing.pollMs) {
    try {
      if ((await files.renameIfSame(from, to, condition)) === 'changed') throw changed(to, WHILE);
      return;
    } catch (error) {
      const busy = os === 'win32' && ['EPERM', 'EBUSY', 'EACCES'].includes(errnoOf(error));
      if (!busy || waited >= timing.renameMs) throw error;
    }
    await sleep(timing.pollMs);
  }
}

const WHILE = 'while it was being replaced';

const changed = (file: string, when: string): PatchbayError =>
  new PatchbayError('CONFIG_CHANGED', `Another program changed ${file} ${when}.`, {
    path: file,
    hint: 'Try again when the client is idle.',
  });
