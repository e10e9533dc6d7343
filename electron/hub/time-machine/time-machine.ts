import type { ConfigDiff, ConfigVersion, ConfigWrite } from '../../../shared/model/config-version.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ConfigFile } from '../clients/client-adapter.ts';
import type { Engine } from '../migration/engine.ts';
import { readConfig } from '../migration/load-configs.ts';
import { habitOf, knownConfigFiles } from './known-config-files.ts';
import { writeConfig, type ConfigEdit } from './guarded-write.ts';
import { ownFolder } from './own-folder.ts';
import { DEFAULT_LIMITS, type PruneLimits } from './prune-versions.ts';
import { restoreVersion, type RestoreOptions } from './restore-version.ts';
import { versionContents } from './version-contents.ts';
import { versionDiff } from './version-diff.ts';
import { versionIndexFile, type VersionRecord } from './version-index.ts';
import { createVersionLog, type VersionLog } from './version-log.ts';

/**
 * Every version of every client's config that was seen, with who made it; any of them can be compared and restored.
 * Works the same inside the hub and in the command line beside it: what they share is on the disk, under a lock.
 */
export interface TimeMachine extends Pick<VersionLog, 'see' | 'noteAuthor'> {
  /** Newest first; of one file, if one is named. */
  list(path?: string): Promise<ConfigVersion[]>;
  /** The bytes of a version; null for one in which there was no file. Throws NOT_FOUND, BACKUP_MISSING or BACKUP_CORRUPT. */
  read(id: string): Promise<{ version: ConfigVersion; bytes: Uint8Array | null }>;
  /** What differs between two versions of one file; without the second, between a version and the file as it is now. */
  diff(from: string, to?: string): Promise<ConfigDiff>;
  /** Puts a version of `path` back; can itself be undone by restoring the version it names. */
  restore(path: string, id: string, options: RestoreOptions): Promise<ConfigWrite>;
  /** Changes one config, recorded as ours. See `writeConfig`. */
  write(edit: ConfigEdit): Promise<ConfigWrite>;
  /** Removes what a process that was killed while it recorded a version left half written. */
  tidy(): Promise<void>;
  /** Called for each version this process records. Returns the way to stop. */
  onVersion(listener: (version: ConfigVersion) => void): () => void;
}

const FOLDER = 'config-versions';

/** Nothing happens before the first call; nothing runs after the last one has settled. */
export function createTimeMachine(engine: Engine, limits: PruneLimits = DEFAULT_LIMITS): TimeMachine {
  const { storage, data } = engine;
  const folder = ownFolder(storage, data, FOLDER);
  const index = versionIndexFile(storage, folder.path, engine.logger);
  const contents = versionContents(storage, folder.path);
  const listeners = new Set<(version: ConfigVersion) => void>();
  const log = createVersionLog({
    engine,
    folder,
    index,
    contents,
    limits,
    onVersion({ stored: _stored, ...version }) {
      for (const listener of listeners) listener(version);
    },
  });

  async function find(id: string): Promise<VersionRecord> {
    const version = (await index.load(false)).versions.find((candidate) => candidate.id === id);
    if (version) return version;
    throw new PatchbayError('NOT_FOUND', `There is no config version ${JSON.stringify(id)}.`, {
      hint: 'See: patchbay configs',
    });
  }

  async function read(id: string): Promise<{ version: ConfigVersion; bytes: Uint8Array | null }> {
    const { stored: _stored, ...version } = await find(id);
    return { version, bytes: version.sha256 === null ? null : await contents.read(version.sha256) };
  }

  async function fileOf({ path, client }: ConfigVersion): Promise<ConfigFile> {
    const known = await knownConfigFiles(engine);
    return known.find((file) => file.path === path) ?? habitOf(engine, client, path);
  }

  return {
    see: log.see,
    noteAuthor: log.noteAuthor,
    read,
    async list(path) {
      const { versions } = await index.load(false);
      return versions
        .filter((version) => path === undefined || version.path === path)
        .map(({ stored: _stored, ...version }) => version)
        .reverse();
    },
    async diff(from, to) {
      const before = await read(from);
      const { path } = before.version;
      if (to === undefined) {
        const present = await readConfig(storage.files, path);
        return { path, from, to: null, diff: versionDiff(path, before.bytes, present) };
      }
      const after = await read(to);
      if (after.version.path !== path) {
        throw new PatchbayError('USAGE', `${from} and ${to} are versions of two different files.`, {
          hint: 'See: patchbay configs',
        });
      }
      return { path, from, to, diff: versionDiff(path, before.bytes, after.bytes) };
    },
    async restore(path, id, options) {
      const { version, bytes } = await read(id);
      if (version.path !== path) {
        throw new PatchbayError('NOT_FOUND', `${id} is no version of ${path}.`, { path });
      }
      if (!bytes) {
        throw new PatchbayError('NOT_SUPPORTED', `In version ${id} there was no ${path}.`, {
          path,
          hint: 'Patchbay deletes no config of a client.',
        });
      }
      return await restoreVersion(engine, log, { file: await fileOf(version), version, bytes }, options);
    },
    write: (edit) => writeConfig(engine, log, edit),
    tidy: () => folder.tidy(),
    onVersion(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
