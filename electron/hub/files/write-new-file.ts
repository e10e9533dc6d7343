import type { FileFacts, Files } from './files.ts';
import { sha256 } from './sha256.ts';

/** Larger than any file of ours; reading back what was just written needs a limit too. */
const READ_BACK_LIMIT = 64 * 1024 * 1024;

/**
 * Creates a file that was not there and proves that it holds exactly `bytes`, on the disk and not only in memory.
 * Throws the file system's own error; what was created is then removed again, so no part of it stays (A13, A14).
 * `like` gives mode and owner; without it the file is for its owner only.
 */
export async function writeNewFile(
  files: Files,
  path: string,
  bytes: Uint8Array,
  like?: FileFacts,
): Promise<void> {
  const file = await files.create(path, 0o600);
  try {
    try {
      await fill(file, bytes);
      if ((await file.facts()).size !== bytes.length) throw shortWrite(path);
      await copyRights(file, like);
      await file.sync();
    } finally {
      await file.close();
    }
    if (sha256(await files.read(path, READ_BACK_LIMIT)) !== sha256(bytes)) throw shortWrite(path);
  } catch (error) {
    await removeQuietly(files, path);
    throw error;
  }
}

/** Removes a file of ours; one that is gone already, or will not go, is a later clean-up's business. */
export async function removeQuietly(files: Files, path: string): Promise<void> {
  try {
    await files.remove(path);
  } catch {
    // The error that led here is the one to tell.
  }
}

/** A write may take fewer bytes than it was given; only the next one says why. */
async function fill(file: Awaited<ReturnType<Files['create']>>, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const count = await file.write(bytes.subarray(done));
    if (count <= 0) throw Object.assign(new Error('The disk takes no more bytes.'), { code: 'ENOSPC' });
    done += count;
  }
}

async function copyRights(
  file: Awaited<ReturnType<Files['create']>>,
  like: FileFacts | undefined,
): Promise<void> {
  const now = await file.facts();
  if (like && (like.uid !== now.uid || like.gid !== now.gid)) await file.setOwner(like.uid, like.gid);
  // After the owner: changing that one clears special bits.
  await file.setMode(like?.mode ?? 0o600);
}

const shortWrite = (path: string): Error =>
  Object.assign(new Error(`${path} does not hold what was written to it.`), { code: 'EIO' });
