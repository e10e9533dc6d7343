import { watch, type FSWatcher } from 'chokidar';
import path from 'node:path';
import { toErrorInfo } from '../../../shared/model/error.ts';
import type { Files } from '../files/files.ts';
import type { Logger } from '../log.ts';
import type { WriteTrace } from '../time-machine/write-traces.ts';
import type { Clock } from './clock.ts';

/** A config to be watched, whether or not it exists. */
export interface WatchedConfig {
  path: string;
  /** The file itself, where `path` is a link: it is replaced in another folder. */
  target: string;
  /** Looked at every few seconds only, as its folder is busy with other things. */
  isQuiet: boolean;
}

export interface ConfigWatch {
  /** From here on these, and no others. */
  follow(configs: readonly WatchedConfig[]): void;
  /** The names that were seen beside a config since this was last asked. */
  takeTraces(config: WatchedConfig): WriteTrace[];
  close(): Promise<void>;
}

export interface WatchOptions {
  files: Files;
  logger: Logger;
  clock: Clock;
  /** Something may have happened to this config. */
  onTouched(path: string): void;
  pollMs: number;
}

/** Of one folder; a writer leaves two or three names each time. */
const MAX_TRACES = 200;
const TRACE_AGE_MS = 10_000;

/**
 * Watches the folders of configs, as editors and clients replace files, and a file that appears counts. The watcher is
 * the fast way; a look at size and time of each file every few seconds is the sure one: network homes, used-up inotify
 * limits and Windows' package stores send no events, and a folder that is not there yet cannot be watched.
 */
export function watchConfigs({ files, logger, clock, onTouched, pollMs }: WatchOptions): ConfigWatch {
  let configs: readonly WatchedConfig[] = [];
  const traces = new Map<string, WriteTrace[]>();
  const looks = new Map<string, string>();
  const watched = new Set<string>();
  let watcher: FSWatcher | null = null;
  let cancelPoll: (() => void) | null = null;
  let polling: Promise<void> = Promise.resolve();
  let isClosed = false;

  const foldersOf = ({ path: file, target }: WatchedConfig): string[] => [
    path.dirname(file),
    path.dirname(target),
  ];
  const isWanted = (at: string): boolean =>
    watched.has(at) || configs.some((config) => config.path === at || config.target === at);

  function open(): FSWatcher {
    const opened = watch([], { depth: 0, ignoreInitial: true, ignored: (at) => !isWanted(path.resolve(at)) });
    opened.on('all', (event, at) => {
      if (event === 'unlinkDir') watched.delete(path.resolve(at));
      touch(path.dirname(at), path.basename(at));
    });
    // The one event that names files which are gone again: that is where a writer's temporary file shows.
    opened.on('raw', (_event: string, name: unknown, details: unknown) => {
      const folder = (details as { watchedPath?: unknown } | null)?.watchedPath;
      if (typeof folder !== 'string' || typeof name !== 'string' || name === '') return;
      const full = watched.has(path.resolve(folder)) ? path.resolve(folder, name) : path.resolve(folder);
      touch(path.dirname(full), path.basename(full));
    });
    opened.on('error', (error) =>
      logger.log('warn', 'guardian.watch-failed', { message: toErrorInfo(error).message }),
    );
    return opened;
  }

  function touch(folder: string, name: string): void {
    const seen = traces.get(folder) ?? [];
    seen.push({ name, at: clock.now() });
    if (seen.length > MAX_TRACES) seen.shift();
    traces.set(folder, seen);
    for (const config of configs) {
      const isIt = [config.path, config.target].some((file) => file === path.join(folder, name));
      if (isIt) onTouched(config.path);
    }
  }

  async function poll(): Promise<void> {
    for (const config of configs) {
      const look = await lookAt(files, config.path);
      const before = looks.get(config.path);
      looks.set(config.path, look);
      if (before !== undefined && before !== look) onTouched(config.path);
      if (config.isQuiet) continue;
      for (const folder of foldersOf(config)) await watchFolder(folder);
    }
  }

  async function watchFolder(folder: string): Promise<void> {
    if (watched.has(folder) || isClosed) return;
    const exists = await files.facts(folder).then(
      ({ kind }) => kind === 'folder',
      () => false,
    );
    if (!exists || isClosed) return;
    watched.add(folder);
    watcher ??= open();
    watcher.add(folder);
  }

  function schedule(): void {
    if (isClosed) return;
    cancelPoll = clock.after(pollMs, () => {
      polling = poll().finally(schedule);
      polling.catch((error: unknown) =>
        logger.log('warn', 'guardian.poll-failed', { message: toErrorInfo(error).message }),
      );
    });
  }

  return {
    follow(next) {
      configs = next;
      cancelPoll?.();
      polling = polling
        .catch(() => {})
        .then(poll)
        .finally(schedule);
      polling.catch((error: unknown) =>
        logger.log('warn', 'guardian.poll-failed', { message: toErrorInfo(error).message }),
      );
    },
    takeTraces(config) {
      const bases = [path.basename(config.path), path.basename(config.target)];
      const isBeside = ({ name }: WriteTrace): boolean => bases.some((base) => name.includes(base));
      return foldersOf(config).flatMap((folder) => {
        const seen = traces.get(folder) ?? [];
        traces.set(
          folder,
          seen.filter((trace) => !isBeside(trace)),
        );
        return seen.filter((trace) => isBeside(trace) && clock.now() - trace.at <= TRACE_AGE_MS);
      });
    },
    async close() {
      isClosed = true;
      cancelPoll?.();
      await polling.catch(() => {});
      await watcher?.close();
    },
  };
}

async function lookAt(files: Files, file: string): Promise<string> {
  try {
    const { size, mtimeMs } = await files.facts(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'none';
  }
}
