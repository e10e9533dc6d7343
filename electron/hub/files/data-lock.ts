import path from 'node:path';
import { z } from 'zod';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { DataFolder } from '../data-folder.ts';
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
      const holder = await readHolder(storage, lock);
      if (holder !== 'gone' && (holder === null || isLeftover(storage, holder)))
        await breakLock(storage, lock, holder);
      else if (waited >= waitMs) throw busy(holder === 'gone' ? null : holder);
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

async function readHolder({ files }: Storage, lock: string): Promise<Holder | null | 'gone'> {
  let text: string;
  try {
    text = Buffer.from(await files.read(lock, 10_000)).toString();
  } catch (error) {
    if (isMissing(error)) return 'gone';
    throw error;
  }
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    // Never half written by us: a disk fault or a stranger's file.
    return null;
  }
}

/**
 * Takes a dead process's lock away. Moved aside first and looked at again, because another waiter may have done the
 * same and hold the lock by now: then it is put back.
 */
async function breakLock(storage: Storage, lock: string, dead: Holder | null): Promise<void> {
  const aside = `${lock}.${storage.token()}`;
  try {
    await storage.files.rename(lock, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw asWriteError(error, lock);
  }
  const moved = await readHolder(storage, aside);
  if (moved !== null && moved !== 'gone' && moved.token !== dead?.token) await linked(storage, aside, lock);
  await removeQuietly(storage.files, aside);
}

async function release(storage: Storage, lock: string, mine: Holder): Promise<void> {
  activeHere.delete(mine.token);
  try {
    const holder = await readHolder(storage, lock);
    if (holder !== null && holder !== 'gone' && holder.token === mine.token) await storage.files.remove(lock);
  } catch {
    // The work is done and its outcome is what counts; the next one takes the lock over.
  }
}

/** Removes what processes that died while they waited for the lock left beside it. Callers hold the lock. */
export async function sweepDeadWaiters(storage: Storage, data: DataFolder): Promise<void> {
  const names = await storage.files.list(data.migrations);
  for (const name of names.filter((candidate) => /^lock\.json\.[0-9a-f]+$/.test(candidate))) {
    const file = path.join(data.migrations, name);
    const waiter = await readHolder(storage, file);
    if (waiter !== 'gone' && (waiter === null || isLeftover(storage, waiter)))
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
