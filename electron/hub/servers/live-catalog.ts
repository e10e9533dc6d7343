import { watch, type FSWatcher } from 'chokidar';
import path from 'node:path';
import { toErrorInfo } from '../../../shared/model/error.ts';
import type { Profile } from '../../../shared/model/server.ts';
import type { DataFolder } from '../data-folder.ts';
import { untilQuiet } from '../files/quiet-file.ts';
import type { Logger } from '../log.ts';
import { readCatalog } from './catalog-file.ts';
import type { Catalog, CatalogContent } from './catalog-parse.ts';

/** The catalog as it stands on disk, or the last good one while the file is broken. */
export interface LiveCatalog {
  readonly current: Catalog;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** What is wrong with the file, null while it is good. */
  readonly error: string | null;
  /** Reads the file now, without waiting for the watcher. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface LiveCatalogOptions {
  data: DataFolder;
  logger: Logger;
  /**
   * Names of servers and of profiles that changed, appeared or went since it was opened; none when the file has become
   * invalid or valid again.
   */
  onChange(servers: readonly string[], profiles: readonly string[]): void;
}

/**
 * Watches the folder, not the file: editors replace files, and the file may not exist yet. Live connections stay;
 * a changed definition counts for the next start.
 */
export async function openLiveCatalog({ data, logger, onChange }: LiveCatalogOptions): Promise<LiveCatalog> {
  const file = data.catalog;
  let content: CatalogContent = { servers: new Map(), profiles: new Map() };
  let error: string | null = null;
  let reading: Promise<void> = Promise.resolve();

  /** Whoever opens it has seen nothing else before, and may not be ready to be told. */
  let isOpen = false;
  const tell: LiveCatalogOptions['onChange'] = (servers, profiles) => {
    if (isOpen) onChange(servers, profiles);
  };
  const read = async (): Promise<void> => {
    let next: CatalogContent;
    try {
      next = await readCatalog(data);
    } catch (cause) {
      const { message } = toErrorInfo(cause);
      if (message !== error) logger.log('warn', 'catalog.invalid', { message });
      error = message;
      return tell([], []);
    }
    const servers = changedNames(content.servers, next.servers);
    const profiles = changedNames(content.profiles, next.profiles);
    const recovered = error !== null;
    content = next;
    error = null;
    if (servers.length > 0 || profiles.length > 0 || recovered) tell(servers, profiles);
  };
  // One read at a time, in order: two quick events must not end with the older content.
  const reload = (): Promise<void> => {
    const next = reading.then(read);
    reading = next.catch(() => {});
    return next;
  };

  await reload();
  const watcher: FSWatcher = watch(path.dirname(file), {
    depth: 0,
    ignoreInitial: true,
    ignored: (at) => isOther(at, file),
  });
  const closing = new AbortController();
  let following: Promise<void> | null = null;
  let isTouched = false;
  /** Reads the file when its writer is done with it: what it empties on the way is no catalog without servers. */
  const follow = async (): Promise<void> => {
    while (isTouched && !closing.signal.aborted) {
      isTouched = false;
      await untilQuiet(file, closing.signal);
      if (!closing.signal.aborted) await reload();
    }
  };
  const touched = (): void => {
    isTouched = true;
    following ??= follow()
      .catch((cause: unknown) =>
        logger.log('error', 'catalog.change-failed', { message: toErrorInfo(cause).message }),
      )
      .finally(() => (following = null));
  };
  watcher.on('all', touched);
  watcher.on('error', (cause) =>
    logger.log('warn', 'catalog.watch-failed', { message: toErrorInfo(cause).message }),
  );
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  // What was written between the first read and now is told by nobody.
  await reload();
  isOpen = true;

  return {
    get current() {
      return content.servers;
    },
    get profiles() {
      return content.profiles;
    },
    get error() {
      return error;
    },
    reload,
    async close() {
      closing.abort();
      await Promise.all([watcher.close(), following]);
    },
  };
}

const isOther = (at: string, file: string): boolean => at !== file && at !== path.dirname(file);

function changedNames(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)));
}
