import type { ConfigAuthor, ConfigVersion } from '../../../shared/model/config-version.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ConfigFile } from '../clients/client-adapter.ts';
import type { JsonDocument } from '../files/json-document.ts';
import { tempPathFor } from '../files/replace-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Storage } from '../files/storage.ts';
import { removeQuietly } from '../files/write-new-file.ts';
import { withClientLock } from '../migration/client-lock.ts';
import type { Engine } from '../migration/engine.ts';
import { readJournal } from '../migration/journal.ts';
import { readManifests } from '../migration/manifest.ts';
import { findRunning } from '../migration/running-clients.ts';
import {
  authorByRecord,
  authorByRunning,
  hashesInUse,
  looksWrittenWhole,
  type OwnDoings,
} from './attribute-change.ts';
import { tryParse } from './config-entries.ts';
import type { OwnFolder } from './own-folder.ts';
import { versionsToKeep, type PruneLimits } from './prune-versions.ts';
import { summarizeChange } from './summarize-change.ts';
import type { VersionContents } from './version-contents.ts';
import type { Announcement, IndexFile, VersionIndex, VersionRecord } from './version-index.ts';
import type { WriteTrace } from './write-traces.ts';

/** A config as it was just read. */
export interface Seen {
  file: ConfigFile;
  /** Null: there is no file. */
  bytes: Uint8Array | null;
  /** Those bytes parsed, where that is done already. */
  document?: JsonDocument | null;
  /** It was looked for before, and was not there. */
  isFresh?: boolean;
  /** Names seen in its folder since it was last looked at. */
  traces?: readonly WriteTrace[];
}

/** The record of versions, as the writers of it use it. */
export interface VersionLog {
  /** Records what is new. Resolves once it is on the disk. */
  see(seen: Seen): Promise<{ version: ConfigVersion; isNew: boolean }>;
  announce(
    write: Pick<Announcement, 'token' | 'target' | 'author' | 'sha256'> & { file: ConfigFile },
  ): Promise<void>;
  /** The announced write has ended. Never rejects: what it was for is done or undone already. */
  retract(token: string): Promise<void>;
  /** Names the author of a version, if it was recorded already, and of its sightings to come. */
  noteAuthor(file: ConfigFile, hash: string, author: ConfigAuthor): Promise<void>;
  /** Removes what writers that died left beside configs. Callers hold the data folder's lock. */
  settle(): Promise<void>;
}

/** All that the record needs. */
export interface VersionLogDeps {
  engine: Engine;
  folder: OwnFolder;
  index: IndexFile;
  contents: VersionContents;
  limits: PruneLimits;
  onVersion(version: VersionRecord): void;
}

/** An ended write may be seen this much later, by a watcher that was busy. */
const REMEMBER_MS = 60_000;
/** A sighting of what was recorded a moment ago as someone's may be told by its writer this much later. */
const LATE_MS = 30_000;

export function createVersionLog(deps: VersionLogDeps): VersionLog {
  const { engine, folder, index, contents, limits } = deps;
  const { storage, data, logger } = engine;
  const at = (): string => new Date(storage.now()).toISOString();

  async function ownDoings(announced: readonly Announcement[]): Promise<OwnDoings> {
    const [{ manifests }, journal] = await Promise.all([
      readManifests(storage.files, data),
      readJournal(storage, data),
    ]);
    return { manifests, journal: journal === 'damaged' ? null : journal, announced };
  }

  async function change(purpose: string, work: (list: VersionIndex) => Promise<boolean>): Promise<void> {
    await folder.locked(purpose, async () => {
      const list = await index.load(true);
      if (!(await work(list))) return;
      list.announced = list.announced.filter((write) => !isForgotten(storage, write));
      await index.save(list);
    });
  }

  /** Answers what is no longer named, to be removed once the index is saved: a crash in between leaves no gap. */
  function prune(list: VersionIndex, needed: ReadonlySet<string>): Set<string> {
    const before = list.versions;
    list.versions = versionsToKeep(before, { now: storage.now(), limits, needed });
    const dropped = new Set(before.flatMap((version) => version.sha256 ?? []));
    for (const version of list.versions) if (version.sha256 !== null) dropped.delete(version.sha256);
    return dropped;
  }

  let isSwept = false;
  /** Contents that nothing names, left by a crash or a lost index, stay as long as any other version may. */
  async function sweepOnce({ versions }: VersionIndex): Promise<void> {
    if (isSwept) return;
    isSwept = true;
    const named = new Set(versions.map((version) => version.sha256));
    for (const { hash, savedAt } of await contents.all()) {
      if (!named.has(hash) && storage.now() - savedAt > limits.maxAgeMs) await contents.remove(hash);
    }
  }

  async function see({
    file,
    bytes,
    document,
    isFresh = false,
    traces = [],
  }: Seen): Promise<{ version: ConfigVersion; isNew: boolean }> {
    const hash = bytes && sha256(bytes);
    const before = await index.load(false);
    const known = newestOf(before.versions, file.path);
    if (known !== undefined && known.sha256 === hash) return { version: known, isNew: false };

    const doings = await ownDoings(before.announced);
    const target =
      bytes === null ? file.path : await storage.files.realPath(file.path).catch(() => file.path);
    const sighting = { file, target, sha256: hash, bytes, traces };
    let author: ConfigAuthor | null = authorByRecord(sighting, doings);
    if (!author && !known && !isFresh) author = { kind: 'unknown' };
    // Listing the processes costs a third of a second, so it is asked last.
    author ??= looksWrittenWhole(file, bytes)
      ? authorByRunning(file, (await findRunning(engine)).of(file.client))
      : { kind: 'someone' };

    const result = await folder.locked('recording a config version', async () => {
      const list = await index.load(true);
      const newest = newestOf(list.versions, file.path);
      if (newest !== undefined && newest.sha256 === hash) {
        return { version: newest, isNew: false };
      }
      // Announced since, by another process.
      const own = list.announced.findLast((write) => write.path === file.path && write.sha256 === hash);
      const version: VersionRecord = {
        id: String(list.nextId),
        path: file.path,
        client: file.client,
        at: at(),
        ...(await describe({ file, bytes, ...(document && { document }) }, list)),
        sha256: hash,
        size: bytes?.length ?? 0,
        author: own?.author ?? author,
        stored: bytes ? await contents.save(bytes) : 0,
      };
      list.nextId += 1;
      list.versions.push(version);
      const dropped = prune(list, hashesInUse(doings.manifests));
      await index.save(list);
      for (const unnamed of dropped) await contents.remove(unnamed);
      await sweepOnce(list);
      return { version, isNew: true };
    });
    if (result.isNew) deps.onVersion(result.version);
    return result;
  }

  async function describe(
    { file, bytes, document }: Seen,
    list: VersionIndex,
  ): Promise<Pick<ConfigVersion, 'state' | 'error' | 'change'>> {
    if (!bytes) return { state: 'gone', change: null };
    const after = document ?? tryParse(bytes, file.path);
    if (typeof after === 'string') return { state: 'broken', error: after, change: null };
    const adapter = engine.adapters.find(({ id }) => id === file.client);
    const last = list.versions.findLast(
      (version) => version.path === file.path && version.state === 'readable',
    );
    if (!last?.sha256 || !adapter) return { state: 'readable', change: null };
    try {
      const before = tryParse(await contents.read(last.sha256), file.path);
      const summary = typeof before === 'string' ? null : summarizeChange(before, after, adapter, file);
      return { state: 'readable', change: summary };
    } catch (error) {
      // Its content was lost; what is new must be kept all the same.
      if (!(error instanceof PatchbayError)) throw error;
      logger.log('warn', 'config-versions.content-lost', { message: error.message });
      return { state: 'readable', change: null };
    }
  }

  return {
    see,
    announce: ({ token, file, target, author, sha256: hash }) =>
      change('announcing a write', async (list) => {
        list.announced = list.announced.filter((write) => write.token !== token);
        list.announced.push({
          token,
          path: file.path,
          target,
          ...(file.clientLock !== undefined && { clientLock: file.clientLock }),
          sha256: hash,
          author,
          owner: storage.owner,
          at: storage.now(),
          ended: false,
        });
        return true;
      }),
    async retract(token) {
      try {
        await change('ending a write', async (list) => {
          const write = list.announced.find((announced) => announced.token === token);
          if (write) write.ended = true;
          return write !== undefined;
        });
      } catch (error) {
        logger.log('warn', 'config-versions.retract-failed', { message: (error as Error).message });
      }
    },
    noteAuthor: (file, hash, author) =>
      change('naming an author', async (list) => {
        const newest = newestOf(list.versions, file.path);
        const isRecent = newest !== undefined && storage.now() - Date.parse(newest.at) <= LATE_MS;
        if (isRecent && newest.sha256 === hash && newest.author.kind !== 'patchbay') newest.author = author;
        const token = storage.token();
        const write = { token, path: file.path, target: file.path, sha256: hash, author, ended: true };
        list.announced.push({ ...write, owner: storage.owner, at: storage.now() });
        return true;
      }),
    async settle() {
      const { announced } = await index.load(false);
      const dead = announced.filter(({ ended, owner }) => !ended && !storage.isAlive(owner));
      for (const { target, token, clientLock } of dead) {
        await removeQuietly(storage.files, tempPathFor(target, token));
        // The dead writer may have held it; that nobody touches it while we wait is proof enough.
        const patient = { ...storage, timing: { ...storage.timing, clientLockStaleMs: 0 } };
        await withClientLock(patient, clientLock, async () => {});
      }
      if (dead.length === 0) return;
      await change('tidying up', async (list) => {
        list.announced = list.announced.filter(({ token }) => !dead.some((write) => write.token === token));
        return true;
      });
    },
  };
}

const newestOf = (versions: readonly VersionRecord[], path: string): VersionRecord | undefined =>
  versions.findLast((version) => version.path === path);

const isForgotten = ({ now }: Storage, { ended, at }: Announcement): boolean =>
  ended && now() - at > REMEMBER_MS;
