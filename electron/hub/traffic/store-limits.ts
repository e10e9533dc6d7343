import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { statSync } from 'node:fs';

export interface StoreLimits {
  /** Size of the file and its write-ahead log together. */
  maxBytes: number;
  maxAgeMs: number;
}

/** What is deleted at once: a few milliseconds, so that writing and reading go on in between (D08). */
const SLICE_ROWS = 500;
const SLICE_BYTES = 4 * 1024 * 1024;
const SLICE_PAGES = 500;

/** About what a row takes without its bodies, indexes included. */
const ROW_BYTES = 300;

/** Deletes at most one slice; true when another is needed. The oldest go first, by id. */
export function trimSlice(
  db: DatabaseSyncInstance,
  file: string,
  { maxBytes, maxAgeMs, nowMs }: StoreLimits & { nowMs: number },
): boolean {
  const outdated = lastOutdated(db, nowMs - maxAgeMs);
  if (outdated !== null) {
    deleteUpTo(db, outdated);
    return true;
  }
  if (sizeOf(db, file) <= maxBytes) return false;
  if (freePages(db) > 0) {
    db.exec(`PRAGMA incremental_vacuum(${SLICE_PAGES})`);
    return true;
  }
  // What waits in the write-ahead log is counted twice until it is written back.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const excess = sizeOf(db, file) - maxBytes;
  if (excess <= 0) return false;
  const boundary = boundaryFor(db, Math.min(excess, SLICE_BYTES));
  if (boundary === null) return false;
  deleteUpTo(db, boundary);
  return true;
}

/** The last of the rows at the beginning that are older than `since`; null when the first is not. */
function lastOutdated(db: DatabaseSyncInstance, since: number): number | null {
  const oldest = (limit: number): { id: number; at: number }[] =>
    db.prepare('SELECT id, at FROM exchanges ORDER BY id LIMIT ?').all(limit) as { id: number; at: number }[];
  const [first] = oldest(1);
  if (!first || first.at >= since) return null;
  const rows = oldest(SLICE_ROWS);
  const firstKept = rows.findIndex(({ at }) => at >= since);
  return (firstKept === -1 ? rows.at(-1) : rows[firstKept - 1])?.id ?? null;
}

/** The id up to which rows of about that many bytes stand; null when there are none. */
function boundaryFor(db: DatabaseSyncInstance, bytes: number): number | null {
  const body = (key: string): string =>
    `coalesce((SELECT octet_length(text) FROM bodies WHERE bodies.id = ${key}), 0)`;
  const size = `${ROW_BYTES} + ${body('exchanges.id * 2')} + ${body('exchanges.id * 2 + 1')}`;
  const rows = db
    .prepare(`SELECT id, ${size} AS bytes FROM exchanges ORDER BY id LIMIT ?`)
    .all(SLICE_ROWS) as { id: number; bytes: number }[];
  let sum = 0;
  for (const row of rows) {
    sum += row.bytes;
    if (sum >= bytes) return row.id;
  }
  return rows.at(-1)?.id ?? null;
}

function deleteUpTo(db: DatabaseSyncInstance, id: number): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.prepare('DELETE FROM exchanges WHERE id <= ?').run(id);
    db.prepare('DELETE FROM bodies WHERE id <= ?').run(id * 2 + 1);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

const pragma = (db: DatabaseSyncInstance, name: string): number =>
  Number(Object.values(db.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[0]);

const freePages = (db: DatabaseSyncInstance): number => pragma(db, 'freelist_count');

function sizeOf(db: DatabaseSyncInstance, file: string): number {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return pragma(db, 'page_count') * pragma(db, 'page_size') + log;
}
