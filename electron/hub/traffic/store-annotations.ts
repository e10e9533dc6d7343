import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Annotation } from '../../../shared/model/exchange.ts';

const MAX_ANNOTATIONS = 10_000;

interface AnnotationRow {
  exchange: number;
  bookmarked: number;
  note: string | null;
  at: number;
}

/** Removes what was written to exchanges that are gone: an earlier Patchbay deletes them without it. */
export function dropOrphans(db: DatabaseSyncInstance): void {
  const gone = (table: string): string =>
    `DELETE FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM exchanges WHERE id = exchange)`;
  db.exec(`${gone('annotations')}; ${gone('kept')}`);
}

/** Newest change first. */
export function listAnnotations(db: DatabaseSyncInstance): Annotation[] {
  const rows = db
    .prepare('SELECT * FROM annotations ORDER BY at DESC, exchange DESC')
    .all() as AnnotationRow[];
  return rows.map(({ bookmarked, ...row }) => ({ ...row, bookmarked: bookmarked === 1 }));
}

/** False when there is no such exchange. Neither bookmark nor note: the annotation goes. */
export function annotate(db: DatabaseSyncInstance, { exchange, bookmarked, note, at }: Annotation): boolean {
  if (!db.prepare('SELECT 1 FROM exchanges WHERE id = ?').get(exchange)) return false;
  if (!bookmarked && note === null) {
    db.prepare('DELETE FROM annotations WHERE exchange = ?').run(exchange);
    return true;
  }
  const put = 'INSERT OR REPLACE INTO annotations (exchange, bookmarked, note, at) VALUES (?, ?, ?, ?)';
  db.prepare(put).run(exchange, bookmarked ? 1 : 0, note, at);
  db.prepare(
    `DELETE FROM annotations WHERE exchange IN
     (SELECT exchange FROM annotations ORDER BY at DESC, exchange DESC LIMIT -1 OFFSET ${MAX_ANNOTATIONS})`,
  ).run();
  return true;
}
