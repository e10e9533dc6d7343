import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { statSync } from 'node:fs';
import { dropOldestKept, dropUnmarked, keepBookmarked, keptSpan } from './store-kept.ts';
import { blockOf } from './store-tools.ts';

export interface StoreLimits {
  /** Size of the file and its write-ahead log together. */
  maxBytes: number;
  maxAgeMs: number;
}

/** What is deleted at once: a few milliseconds, so that writing and reading go on in between (D08). */
const SLICE_ROWS = 500;
const SLICE_BYTES = 4 * 1024 * 1024;
const SLICE_PAGES = 500;
/** Share of the limit that is made free as well: else the very next rows are above it, for a minute. */
const ROOM = 0.05;

/** About what a row takes without its bodies, indexes included. */
const ROW_BYTES = 110;
/** Slices that are looked at together; they begin with no more than a row or two. */
const SLICES = 2_000;

/**
 * Deletes at most one slice; true when another is needed. The oldest go first, by id; what is bookmarked stays however
 * old it is, and goes when there is nothing else left to delete.
 */
export function trimSlice(
  db: DatabaseSyncInstance,
  file: string,
  { maxBytes, maxAgeMs, nowMs }: StoreLimits & { nowMs: number },
): boolean {
  if (dropUnmarked(db)) return true;
  const outdated = lastOutdated(db, nowMs - maxAgeMs);
  if (outdated !== null) {
    deleteUpTo(db, outdated);
    return true;
  }
  if (sizeOf(db, file) <= maxBytes) {
    // The file itself shrinks when the log is written back.
    if (bytesOf(file) + bytesOf(`${file}-wal`) > maxBytes) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return false;
  }
  if (freePages(db) > 0) {
    db.exec(`PRAGMA incremental_vacuum(${SLICE_PAGES})`);
    return true;
  }
  // What waits in the write-ahead log is counted twice until it is written back.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const excess = sizeOf(db, file) - maxBytes * (1 - ROOM);
  if (excess <= 0) return false;
  const boundary = boundaryFor(db, Math.min(excess, SLICE_BYTES));
  if (boundary === null) return dropOldestKept(db);
  deleteUpTo(db, boundary);
  return true;
}

/** The last of the rows at the beginning that are older than `since`; null when the first is not. */
function lastOutdated(db: DatabaseSyncInstance, since: number): number | null {
  const after = keptSpan(db)?.to ?? 0;
  const statement = db.prepare('SELECT id, at FROM exchanges WHERE id > ? ORDER BY id LIMIT ?');
  const oldest = (limit: number): { id: number; at: number }[] =>
    statement.all(after, limit) as { id: number; at: number }[];
  const [first] = oldest(1);
  if (!first || first.at >= since) return null;
  const rows = oldest(SLICE_ROWS);
  const firstKept = rows.findIndex(({ at }) => at >= since);
  return (firstKept === -1 ? rows.at(-1) : rows[firstKept - 1])?.id ?? null;
}

/** The id up to which rows of about that many bytes stand, but not too many rows; null when there are none. */
function boundaryFor(db: DatabaseSyncInstance, bytes: number): number | null {
  const slices = db
    .prepare('SELECT last_id AS lastId, rows, length(data) AS bytes FROM slices ORDER BY id LIMIT ?')
    .all(SLICE_ROWS) as { lastId: number; rows: number; bytes: number }[];
  let sumBytes = 0;
  let sumRows = 0;
  for (const slice of slices) {
    sumRows += slice.rows;
    sumBytes += slice.rows * ROW_BYTES + slice.bytes;
    if (sumBytes >= bytes || sumRows >= SLICE_ROWS) return slice.lastId;
  }
  return slices.at(-1)?.lastId ?? null;
}

function deleteUpTo(db: DatabaseSyncInstance, id: number): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    keepBookmarked(db, id);
    for (const [table, column] of Object.entries({ exchanges: 'id', annotations: 'exchange' })) {
      const others = `${column} <= ? AND ${column} NOT IN (SELECT exchange FROM kept)`;
      db.prepare(`DELETE FROM ${table} WHERE ${others}`).run(id);
    }
    while (deleteSlices(db, id));
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Slices are ordered by what they hold as well: no index is needed to find the first ones. */
function deleteSlices(db: DatabaseSyncInstance, id: number): boolean {
  const slices = db.prepare('SELECT id, last_id AS lastId FROM slices ORDER BY id LIMIT ?').all(SLICES) as {
    id: number;
    lastId: number;
  }[];
  const firstKept = slices.findIndex(({ lastId }) => lastId > id);
  const last = firstKept === -1 ? slices.at(-1) : slices[firstKept - 1];
  if (last) db.prepare('DELETE FROM slices WHERE id <= ?').run(last.id);
  return firstKept === -1 && slices.length === SLICES;
}

/** Deletes what belonged to rows that are gone. To be called now and then: it looks through two small tables. */
export function tidy(db: DatabaseSyncInstance): void {
  const smallest = 'SELECT min(id) AS id FROM exchanges WHERE id > ?';
  const { id } = db.prepare(smallest).get(keptSpan(db)?.to ?? 0) as { id: number | null };
  const first = id ?? Number.MAX_SAFE_INTEGER;
  // What was put aside is looked through row by row.
  db.prepare('DELETE FROM tool_blocks WHERE block < ?').run(blockOf(first));
  db.prepare(
    `DELETE FROM origins WHERE until_id < ? AND id NOT IN
     (SELECT origin FROM exchanges WHERE id IN (SELECT exchange FROM kept))`,
  ).run(first);
}

const pragma = (db: DatabaseSyncInstance, name: string): number =>
  Number(Object.values(db.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[0]);

const freePages = (db: DatabaseSyncInstance): number => pragma(db, 'freelist_count');

const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const sizeOf = (db: DatabaseSyncInstance, file: string): number =>
  pragma(db, 'page_count') * pragma(db, 'page_size') + bytesOf(`${file}-wal`);
