import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { chmodSync, closeSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { ForeignSchemaError, prepareSchema } from './store-schema.ts';

/** How many unreadable files are kept for inspection; the first ones stay, later ones replace the last. */
const MAX_SET_ASIDE = 5;

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

export type OpenDatabase = (file: string) => DatabaseSyncInstance;

export interface OpenedDatabase {
  db: DatabaseSyncInstance;
  /** That an unreadable file was set aside, and where; null in the usual case. */
  warning: string | null;
}

/**
 * Opens the traffic log, for its owner only. A file that is no usable log is set aside as `….corrupt-<n>` and a new
 * one is started (D07). Throws when neither works: no space, no permission.
 */
export function openDatabase(
  file: string,
  open: OpenDatabase = (path) => new DatabaseSync(path),
): OpenedDatabase {
  const unusual = isUnusualFile(file);
  if (!unusual) {
    try {
      return { db: openPrepared(file, open), warning: null };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return startAnew(file, open, (error as Error).message);
    }
  }
  return startAnew(file, open, 'it is not a plain file');
}

/** The file's content is the problem: trying again would not help. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof ForeignSchemaError || hasCode(error, [SQLITE_CORRUPT, SQLITE_NOTADB]);
}

/** The open file is in order and only has to wait: for space, or for another process. */
export const isPassing = (error: unknown): boolean =>
  hasCode(error, [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL]);

const hasCode = (error: unknown, codes: readonly number[]): boolean =>
  codes.includes((error as { sqliteCode?: number }).sqliteCode ?? 0);

function startAnew(file: string, open: OpenDatabase, reason: string): OpenedDatabase {
  const aside = setAside(file);
  return {
    db: openPrepared(file, open),
    warning: `The traffic log could not be read (${reason}). It was set aside as ${aside} and a new one was started.`,
  };
}

function openPrepared(file: string, open: OpenDatabase): DatabaseSyncInstance {
  createPrivately(file);
  const db = open(file);
  try {
    prepareSchema(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite gives its side files the mode of the main one, so that is created first; the umask is not trusted. */
function createPrivately(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  if (process.platform !== 'win32') chmodSync(file, 0o600);
}

/** A link or folder in the log's place was not put there by us. */
function isUnusualFile(file: string): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile();
}

function setAside(file: string): string {
  let number = 1;
  while (number < MAX_SET_ASIDE && exists(`${file}.corrupt-${number}`)) number += 1;
  const target = `${file}.corrupt-${number}`;
  for (const suffix of ['-wal', '-shm', '']) {
    rmSync(target + suffix, { recursive: true, force: true });
    if (exists(file + suffix)) renameSync(file + suffix, target + suffix);
  }
  return target;
}

const exists = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;
