import path from 'node:path';
import { z } from 'zod';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { DataFolder } from '../data-folder.ts';
import { sha256 } from './sha256.ts';
import { asWriteError, errnoOf, isMissing } from './file-errors.ts';
import type { Storage } from './storage.ts';
import { removeQuietly, writeNewFile } from './write-new-file.ts';

const Holder = z.object({
  pid: z.number().int(),
  mark: z.string().nullable(),
  token: z.string(),
  /** What it is doing, in words. */
  purpose: z.string(),
});
type Holder = z.infer<typeof Holder>;

/**
 * Runs `work` while no other Patchbay, in this process or another, changes configs or the catalog of this data
 * folder. Waits for its turn; throws MIGRATION_BUSY naming the holder when that takes too long. A lock whose process
 * is gone is taken over (A19). Not re-entrant.
 */
export async function withDataLock<T>(
  storage: Storage,
  data: DataFolder,
  purpose: string,
  work: () => Promise<T>,
): Promise<T> {
  const unlock = await acquire(storage, data, purpose, storage.timing.dataLockMs);
  try {
    return await work();
  } finally {
    await unlock();
  }
}

/** Like `withDataLock`, but null at once when another live process holds the lock. */
export async function tryDataLock<T>(
  storage: Storage,
  data: DataFolder,
  purpose: string,
  work: () => Promise<T>,
): Promise<T | null> {
  let unlock: () => Promise<void>;
  try {
    unlock = await acquire(storage, data, purpose, 0);
  } catch (error) {
    if (error instanceof PatchbayError && error.code === 'MIGRATION_BUSY') return null;
    throw error;
  }
  try {
    return await work();
  } finally {
    await unlock();
  }
}

/** Tokens of whoever waits for a lock or holds one in this process. */
const activeHere = new Set<string>();

const MAX_LOCK_BYTES = 10_000;

const lockPath = (data: DataFolder): string => path.join(data.migrations, 'lock.json');

async function acquire(
  storage: Storage,
  data: DataFolder,
  purpose: string,
  waitMs: number,
): Promise<() => Promise<void>> {
  const { files, owner, timing } = storage;
  const lock = lockPath(data);
  const mine: Holder = { ...owner, token: storage.token(), purpose };
  const ready = `${lock}.${mine.token}`;
  for (const folder of [data.root, data.migrations]) await ensureFolder(storage, folder);
  activeHere.add(mine.token);
  try {
    await writeNewFile(files, ready, Buffer.from(JSON.stringify(mine)));
    for (let waited = 0; ; waited += timing.pollMs) {
      // link() fails when the name exists, and what appears under it is complete.
      if (await linked(storage, ready, lock)) return () => release(storage, lock, mine);
      const found = await readLock(storage, lock);
      if (found !== 'gone' && (found.holder === null || isLeftover(storage, found.holder))) {
        // Compared and replaced in one: another waiter may have taken it over since, and must keep it.
        const condition = { expected: found.sha256, limit: MAX_LOCK_BYTES };
        if ((await files.renameIfSame(ready, lock, condition)) === 'renamed')
          return () => release(storage, lock, mine);
      } else if (waited >= waitMs) throw busy(found === 'gone' ? null : found.holder);
      else await storage.sleep(timing.pollMs);
    }
  } catch (error) {
    activeHere.delete(mine.token);
    throw asWriteError(error, ready);
  } finally {
    await removeQuietly(files, ready);
  }
}

/** Its process is gone, or is this very one, which could not remove it when it had no more use for it. */
function isLeftover({ owner, isAlive }: Storage, holder: Holder): boolean {
  const isOurs = holder.pid === owner.pid && holder.mark === owner.mark;
  return isOurs ? !activeHere.has(holder.token) : !isAlive(holder);
}

async function linked({ files }: Storage, from: string, to: string): Promise<boolean> {
  try {
    await files.link(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EPERM'].includes(errnoOf(error))) throw noLinks(from, error);
    throw asWriteError(error, to);
  }
}

/** Without links no lock is safe there: exFAT, and some network shares (A22). */
const noLinks = (file: string, error: unknown): PatchbayError =>
  new PatchbayError(
    'DATA_FOLDER_UNSAFE',
    `${path.dirname(file)} is on a file system that knows no hard links, so two Patchbays could not be kept apart.`,
    { path: path.dirname(file), hint: 'Set PATCHBAY_HOME to a folder on a local disk.' },
    error,
  );

/** What stands in a lock; null as its holder: not what we write, a disk fault or a stranger's file. */
interface FoundLock {
  holder: Holder | null;
  sha256: string;
}

async function readLock({ files }: Storage, lock: string): Promise<FoundLock | 'gone'> {
  let bytes: Uint8Array;
  try {
    bytes = await files.read(lock, MAX_LOCK_BYTES);
  } catch (error) {
    if (isMissing(error)) return 'gone';
    throw error;
  }
  const hash = sha256(bytes);
  try {
    return { holder: Holder.parse(JSON.parse(Buffer.from(bytes).toString())), sha256: hash };
  } catch {
    return { holder: null, sha256: hash };
  }
}

async function release(storage: Storage, lock: string, mine: Holder): Promise<void> {
  try {
    const found = await readLock(storage, lock);
    if (found !== 'gone' && found.holder?.token === mine.token) await storage.files.remove(lock);
  } catch {
    // The work is done and its outcome is what counts; the next one takes the lock over.
  } finally {
    activeHere.delete(mine.token);
  }
}

/** Removes what processes that died while they waited for the lock left beside it. Callers hold the lock. */
export async function sweepDeadWaiters(storage: Storage, data: DataFolder): Promise<void> {
  const names = await storage.files.list(data.migrations);
  for (const name of names.filter((candidate) => /^lock\.json\.[0-9a-f]+$/.test(candidate))) {
    const file = path.join(data.migrations, name);
    const waiter = await readLock(storage, file);
    if (waiter !== 'gone' && (waiter.holder === null || isLeftover(storage, waiter.holder)))
      await removeQuietly(storage.files, file);
  }
}

async function ensureFolder({ files }: Storage, folder: string): Promise<void> {
  try {
    await files.facts(folder);
  } catch (error) {
    if (!isMissing(error)) throw error;
    try {
      await files.makeFolder(folder, 0o700);
      await files.syncFolder(path.dirname(folder));
    } catch (failure) {
      // Another one was faster.
      if (errnoOf(failure) !== 'EEXIST') throw asWriteError(failure, folder);
    }
  }
}

function busy(holder: Holder | null): PatchbayError {
  const who = holder
    ? `Another Patchbay (process ${holder.pid}) is at work: ${holder.purpose}.`
    : 'Another Patchbay is at work.';
  return new PatchbayError('MIGRATION_BUSY', who, { hint: 'Wait until it is done and try again.' });
}
