import type { DatabaseSyncInstance } from '@photostructure/sqlite';

/** Kept in `user_version`. A file with another number is set aside, not converted: the log is no document. */
export const SCHEMA_VERSION = 1;

/*
 * NOCASE on the names makes comparison, LIKE and the filter's predicate agree. Indexes: by time; by tool; and by
 * what is rare and looked for: failures, and calls without an answer, at no cost for the many successes.
 */
const TABLES = `
  CREATE TABLE exchanges (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    session TEXT NOT NULL COLLATE NOCASE,
    client TEXT NOT NULL COLLATE NOCASE,
    project TEXT COLLATE NOCASE,
    server TEXT NOT NULL COLLATE NOCASE,
    instance TEXT NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    method TEXT NOT NULL COLLATE NOCASE,
    tool TEXT COLLATE NOCASE,
    rpc_id TEXT,
    outcome TEXT NOT NULL,
    failed INTEGER NOT NULL,
    error_code REAL,
    error_message TEXT COLLATE NOCASE,
    request_bytes INTEGER NOT NULL,
    response_bytes INTEGER,
    duration_ms REAL,
    hub_ms REAL,
    hub_in_ms REAL,
    server_ms REAL,
    hub_out_ms REAL
  );
  CREATE INDEX exchanges_at ON exchanges(at);
  CREATE INDEX exchanges_tool ON exchanges(tool, id);
  CREATE INDEX exchanges_failed ON exchanges(id) WHERE failed = 1;
  CREATE INDEX exchanges_failed_tool ON exchanges(tool, id) WHERE failed = 1;
  CREATE INDEX exchanges_pending ON exchanges(id) WHERE outcome = 'pending';
  CREATE TABLE bodies (
    -- The exchange's id twice, plus one for the response: one key, oldest first.
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    truncated INTEGER NOT NULL,
    redactions INTEGER NOT NULL
  );
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Creates the tables of an empty file; throws for one that holds something else. */
export function prepareSchema(db: DatabaseSyncInstance): void {
  // Takes effect on an empty file only, before its first table.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;');
  // A small write-ahead file, since it counts towards the size limit.
  db.exec('PRAGMA wal_autocheckpoint = 256; PRAGMA journal_size_limit = 1048576; PRAGMA cache_size = -8192;');
  const version = (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
  if (version === SCHEMA_VERSION) return;
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  if (version !== 0 || tables !== 0) throw new ForeignSchemaError(version);
  db.exec(`BEGIN; ${TABLES} COMMIT;`);
}

/** The file is a database of another version of Patchbay, or of another program. */
export class ForeignSchemaError extends Error {
  constructor(version: number) {
    super(`it has schema version ${version}, this Patchbay uses ${SCHEMA_VERSION}`);
    this.name = 'ForeignSchemaError';
  }
}
