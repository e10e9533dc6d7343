import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { cutBody, sliceOf } from './store-bodies.ts';
import { BOOKMARKED } from './store-filter.ts';

/** Deleted together when nothing else is left to delete. */
const OLDEST = 100;

interface Place {
  id: number;
  request: number | null;
  response: number | null;
}

/**
 * Puts the bookmarked exchanges up to an id aside, so that all that stands with them can be deleted: the bodies of a
 * thousand exchanges share one blob. Their rows stay where they are.
 */
export function keepBookmarked(db: DatabaseSyncInstance, upTo: number): void {
  const places = db
    .prepare(
      `SELECT id, request_body AS request, response_body AS response FROM exchanges
       WHERE id IN (${BOOKMARKED} AND exchange <= ?) AND id NOT IN (SELECT exchange FROM kept) ORDER BY id`,
    )
    .all(upTo) as Place[];
  if (places.length === 0) return;
  const slice = db.prepare('SELECT data FROM slices WHERE id = ?');
  const bodyAt = (place: number | null): Uint8Array | null => {
    if (place === null) return null;
    const found = slice.get(sliceOf(place)) as { data: Uint8Array } | undefined;
    return found ? cutBody(found.data, place) : null;
  };
  const keep = db.prepare('INSERT INTO kept (exchange, request, response) VALUES (?, ?, ?)');
  const forgetPlaces = db.prepare(
    'UPDATE exchanges SET request_body = NULL, response_body = NULL WHERE id = ?',
  );
  for (const { id, request, response } of places) {
    keep.run(id, bodyAt(request), bodyAt(response));
    forgetPlaces.run(id);
  }
}

/** Deletes those whose bookmark was taken away; true when there were any. */
export function dropUnmarked(db: DatabaseSyncInstance): boolean {
  return dropKept(db, `exchange NOT IN (${BOOKMARKED})`);
}

/** Deletes the oldest few; false when there are none. */
export function dropOldestKept(db: DatabaseSyncInstance): boolean {
  return dropKept(db, `exchange IN (SELECT exchange FROM kept ORDER BY exchange LIMIT ${OLDEST})`);
}

function dropKept(db: DatabaseSyncInstance, which: string): boolean {
  const ids = (db.prepare(`SELECT exchange FROM kept WHERE ${which}`).all() as { exchange: number }[]).map(
    ({ exchange }) => exchange,
  );
  if (ids.length === 0) return false;
  db.exec('BEGIN IMMEDIATE');
  try {
    const statements = [
      'DELETE FROM exchanges WHERE id = ?',
      'DELETE FROM annotations WHERE exchange = ?',
      'DELETE FROM kept WHERE exchange = ?',
    ].map((sql) => db.prepare(sql));
    for (const id of ids) for (const statement of statements) statement.run(id);
    db.exec('COMMIT');
    return true;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Ids of the first and the last exchange that was put aside; null when there is none. All others are larger. */
export function keptSpan(db: DatabaseSyncInstance): { from: number; to: number } | null {
  const { first, last } = db
    .prepare('SELECT min(exchange) AS first, max(exchange) AS last FROM kept')
    .get() as { first: number | null; last: number | null };
  return first === null || last === null ? null : { from: first, to: last };
}
