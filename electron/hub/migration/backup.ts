import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { DataFolder } from '../data-folder.ts';
import { backupReadme } from './backup-readme.ts';
import { asWriteError, isMissing } from '../files/file-errors.ts';
import { MAX_CONFIG_BYTES } from '../files/json-document.ts';
import { backupPath, migrationFolder, writeManifest, type Manifest, type ManifestFile } from './manifest.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import { restoreScript } from './restore-script.ts';
import { powerShellRestoreScript } from './restore-script-powershell.ts';
import { sha256 } from '../files/sha256.ts';
import type { Storage } from '../files/storage.ts';
import { writeNewFile } from '../files/write-new-file.ts';

/** Saves the originals (`originals[i]` of `manifest.files[i]`) in a new folder, for its owner only, and names it. */
export async function saveBackup(
  storage: Storage,
  data: DataFolder,
  manifest: Manifest,
  originals: readonly Uint8Array[],
): Promise<string> {
  const folder = migrationFolder(data, manifest.id);
  try {
    await storage.files.makeFolder(folder, 0o700);
    await storage.files.syncFolder(data.migrations);
  } catch (error) {
    throw asWriteError(error, folder);
  }
  for (const [index, bytes] of originals.entries()) {
    await saveOriginal(storage, data, manifest.id, { backup: manifest.files[index]!.backup, bytes });
  }
  await describeBackup(storage, data, manifest);
  return folder;
}

/** Saves an original and proves it: hash read back, on the disk, for its owner only whatever the original's mode (A31). */
export async function saveOriginal(
  storage: Storage,
  data: DataFolder,
  id: string,
  original: { backup: string; bytes: Uint8Array },
): Promise<void> {
  const file = backupPath(data, id, original);
  try {
    await writeNewFile(storage.files, file, original.bytes);
    await storage.files.syncFolder(path.dirname(file));
  } catch (error) {
    throw asWriteError(error, file);
  }
}

/** Writes README, restore scripts and manifest, the manifest last: with it the backup is complete. */
export async function describeBackup(storage: Storage, data: DataFolder, manifest: Manifest): Promise<void> {
  const folder = migrationFolder(data, manifest.id);
  const write = (name: string, text: string): Promise<void> =>
    writeOwnFile(storage, path.join(folder, name), Buffer.from(text));
  await write('README.txt', backupReadme(manifest.at, folder, manifest.files));
  await write('restore.sh', restoreScript(manifest.files));
  await write('restore.ps1', powerShellRestoreScript(manifest.files));
  await writeManifest(storage, data, manifest);
}

/** The saved original, proven by its hash. Throws BACKUP_MISSING or BACKUP_CORRUPT (A26, A27). */
export async function readOriginal(
  { files }: Storage,
  data: DataFolder,
  id: string,
  file: ManifestFile,
): Promise<Uint8Array> {
  const backup = backupPath(data, id, file);
  let bytes: Uint8Array;
  try {
    bytes = await files.read(backup, MAX_CONFIG_BYTES);
  } catch (error) {
    if (isMissing(error)) {
      throw new PatchbayError('BACKUP_MISSING', `The saved original ${backup} is gone.`, { path: backup });
    }
    throw new PatchbayError(
      'BACKUP_CORRUPT',
      `The saved original ${backup} cannot be read.`,
      { path: backup },
      error,
    );
  }
  if (sha256(bytes) === file.sha256Before) return bytes;
  throw new PatchbayError('BACKUP_CORRUPT', `The saved original ${backup} is not what was saved.`, {
    path: backup,
  });
}

/** Removes the folder of a migration that changed nothing. */
export async function removeBackupFolder({ files }: Storage, data: DataFolder, id: string): Promise<void> {
  const folder = migrationFolder(data, id);
  try {
    for (const name of await files.list(folder)) await files.remove(path.join(folder, name));
    await files.removeFolder(folder);
    await files.syncFolder(data.migrations);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
