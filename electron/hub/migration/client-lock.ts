import { PatchbayError } from '../../../shared/model/error.ts';
import { asWriteError, errnoOf, isMissing } from '../files/file-errors.ts';
import type { Storage } from '../files/storage.ts';

/**
 * Holds the lock folder that a client itself makes before it writes its config (`proper-lockfile`), for the time of
 * `work`, which must be short. Throws CONFIG_LOCKED when another holds it for too long. A folder that is old and that
 * nobody touches while we wait is a crashed program's leftover. Without a lock path, `work` just runs.
 */
export async function withClientLock<T>(
  storage: Storage,
  lock: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (lock === undefined) return await work();
  await acquire(storage, lock);
  // Others take the lock for a leftover when nobody touches it for some seconds.
  const touch = setInterval(() => void storage.files.touch(lock).catch(() => {}), 2_000);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    await removeFolderQuietly(storage, lock);
  }
}

async function acquire(storage: Storage, lock: string): Promise<void> {
  const { timing } = storage;
  if (await makeLock(storage, lock)) return;
  const firstSeen = await mtimeOf(storage, lock);
  let steady = firstSeen !== null;
  for (let waited = 0; waited < timing.clientLockMs; waited += timing.pollMs) {
    await storage.sleep(timing.pollMs);
    if (await makeLock(storage, lock)) return;
    steady &&= (await mtimeOf(storage, lock)) === firstSeen;
  }
  // Old by its time and untouched at our own clock's pace: the time alone lies after the machine slept.
  if (steady && storage.now() - firstSeen! >= timing.clientLockStaleMs) {
    await removeFolderQuietly(storage, lock);
    if (await makeLock(storage, lock)) return;
  }
  throw locked(lock);
}

async function makeLock({ files }: Storage, lock: string): Promise<boolean> {
  try {
    await files.makeFolder(lock, 0o700);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw asWriteError(error, lock);
  }
}

async function mtimeOf({ files }: Storage, lock: string): Promise<number | null> {
  try {
    return (await files.facts(lock)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function removeFolderQuietly({ files }: Storage, lock: string): Promise<void> {
  try {
    await files.removeFolder(lock);
  } catch {
    // Another program took it for a leftover, or will.
  }
}

const locked = (lock: string): PatchbayError =>
  new PatchbayError('CONFIG_LOCKED', `The client is writing its config: it holds ${lock}.`, {
    path: lock,
    hint: 'Try again in a moment. If no client runs, remove that folder.',
  });
