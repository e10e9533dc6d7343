import { watch, type FSWatcher } from 'chokidar';
import path from 'node:path';
import { toErrorInfo } from '../../../shared/model/error.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Logger } from '../log.ts';
import { readCatalog } from './catalog-file.ts';
import type { Catalog } from './catalog-parse.ts';

/** The catalog as it stands on disk, or the last good one while the file is broken. */
export interface LiveCatalog {
  readonly current: Catalog;
  /** What is wrong with the file, null while it is good. */
  readonly error: string | null;
  /** Reads the file now, without waiting for the watcher. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface LiveCatalogOptions {
  data: DataFolder;
  logger: Logger;
  /** Names of servers whose definition changed, appeared or went, after each good read. */
  onChange(names: readonly string[]): void;
}

/**
 * Watches the folder, not the file: editors replace files, and the file may not exist yet. Live connections stay;
 * a changed definition counts for the next start.
 */
export async function openLiveCatalog({ data, logger, onChange }: LiveCatalogOptions): Promise<LiveCatalog> {
  const file = data.catalog;
  let current: Catalog = new Map();
  let error: string | null = null;
  let reading: Promise<void> = Promise.resolve();

  const read = async (): Promise<void> => {
    try {
      const next = await readCatalog(data);
      const names = changedNames(current, next);
      const recovered = error !== null;
      current = next;
      error = null;
      if (names.length > 0 || recovered) onChange(names);
    } catch (cause) {
      const info = toErrorInfo(cause);
      error = info.message;
      logger.log('warn', 'catalog.invalid', { message: info.message });
      onChange([]);
    }
  };
  // One read at a time, in order: two quick events must not end with the older content.
  const reload = (): Promise<void> => (reading = reading.then(read));

  await reload();
  const watcher: FSWatcher = watch(path.dirname(file), {
    depth: 0,
    ignoreInitial: true,
    ignored: (at) => isOther(at, file),
  });
  watcher.on('all', () => void reload());
  watcher.on('error', (cause) =>
    logger.log('warn', 'catalog.watch-failed', { message: toErrorInfo(cause).message }),
  );
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));

  return {
    get current() {
      return current;
    },
    get error() {
      return error;
    },
    reload,
    close: () => watcher.close(),
  };
}

const isOther = (at: string, file: string): boolean => at !== file && at !== path.dirname(file);

function changedNames(before: Catalog, after: Catalog): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)));
}
