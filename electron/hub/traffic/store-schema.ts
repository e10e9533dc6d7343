import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { FIRST_FAILURE, PENDING } from './exchange-batch.ts';

/** In the words of the partial indexes, which SQLite compares with those of a question. */
export const FAILED = `outcome >= ${FIRST_FAILURE}`;
export const UNANSWERED = `outcome = ${PENDING}`;
const SLOW_US = 1_000_000;
/** From here on a call counts as slow: few are, and they are what people look for. */
export const SLOW_MS = SLOW_US / 1_000;
export const SLOW = `duration_us >= ${SLOW_US}`;

/**
 * Kept in `user_version`. A file with another number is set aside, not converted. So that no log is lost that way,
 * in either direction, what came later is added to tables of this version (see ADDITIONS) and this number stays.
 */
export const SCHEMA_VERSION = 2;

/*
 * Writing is what costs, so a row holds little and has few indexes. Who spoke to whom stands in `origins`; bodies of
 * many rows stand in one blob of `slices`; durations are microseconds, the rest as CELL and OUTCOMES number it.
 * NOCASE on the names makes comparison, LIKE and the filter's predicate agree.
 *
 * Indexes by row exist for what is rare and looked for: failures, and calls without an answer. Time and tool are
 * found by groups of rows: `slices` say from when and up to when, `tool_blocks` which tools 256 consecutive ids have,
 * `origins` between which ids they were used.
 */
const TABLES = `
  CREATE TABLE origins (
    id INTEGER PRIMARY KEY,
    -- No exchange with a larger id uses it.
    until_id INTEGER NOT NULL,
    session TEXT NOT NULL COLLATE NOCASE,
    client TEXT NOT NULL COLLATE NOCASE,
    project TEXT COLLATE NOCASE,
    server TEXT NOT NULL COLLATE NOCASE,
    instance TEXT NOT NULL
  );
  CREATE TABLE exchanges (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    method TEXT NOT NULL COLLATE NOCASE,
    tool TEXT COLLATE NOCASE,
    -- A number where the id is a plain integer, else its JSON text.
    rpc_id,
    outcome INTEGER NOT NULL,
    error_code,
    error_message TEXT COLLATE NOCASE,
    request_bytes INTEGER NOT NULL,
    response_bytes INTEGER,
    duration_us INTEGER,
    queue_us INTEGER,
    hub_in_us INTEGER,
    server_us INTEGER,
    hub_out_us INTEGER,
    -- Where the body stands, as bodyPlace says it.
    request_body INTEGER,
    response_body INTEGER
  );
  CREATE INDEX exchanges_failed ON exchanges(id) WHERE ${FAILED};
  CREATE INDEX exchanges_failed_tool ON exchanges(tool, id) WHERE ${FAILED};
  CREATE INDEX exchanges_pending ON exchanges(id) WHERE ${UNANSWERED};
  CREATE TABLE slices (
    id INTEGER PRIMARY KEY,
    -- Smallest id of its rows, and the largest id so far.
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    -- The latest time of its rows.
    until_at INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    data BLOB NOT NULL
  );
  CREATE INDEX slices_until ON slices(until_at, first_id);
  CREATE TABLE tool_blocks (
    -- '' where the block has more tools than are kept.
    tool TEXT NOT NULL COLLATE NOCASE,
    block INTEGER NOT NULL,
    PRIMARY KEY (tool, block)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/*
 * What files written before do not have. An earlier Patchbay reads and writes around it: it names its columns, finds
 * defaults that say "not known", and SQLite keeps the indexes.
 */
const ADDITIONS = `
  CREATE TABLE IF NOT EXISTS annotations (
    exchange INTEGER PRIMARY KEY,
    bookmarked INTEGER NOT NULL,
    note TEXT,
    at INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS annotations_at ON annotations(at);
  -- Bookmarked exchanges whose neighbours were deleted, with their bodies out of the blobs that went.
  CREATE TABLE IF NOT EXISTS kept (
    exchange INTEGER PRIMARY KEY,
    request BLOB,
    response BLOB
  );
  CREATE INDEX IF NOT EXISTS exchanges_slow ON exchanges(id) WHERE ${SLOW};
  CREATE INDEX IF NOT EXISTS slices_since ON slices(since_at, last_id);
`;

const ADDED_COLUMNS = [
  // The earliest time of rows that came with the slice; NULL where that is not known.
  { table: 'slices', column: 'since_at', type: 'INTEGER' },
  // No exchange with a smaller id uses it.
  { table: 'origins', column: 'first_id', type: 'INTEGER NOT NULL DEFAULT 0' },
] as const;

/** Creates the tables of an empty file and what an older one lacks; throws for one that holds something else. */
export function prepareSchema(db: DatabaseSyncInstance): void {
  // Takes effect on an empty file only, before its first table.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;');
  // A small write-ahead file, since it counts towards the size limit.
  db.exec('PRAGMA wal_autocheckpoint = 512; PRAGMA journal_size_limit = 1048576; PRAGMA cache_size = -8192;');
  const version = (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
  if (version === SCHEMA_VERSION) return addWhatIsMissing(db);
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  if (version !== 0 || tables !== 0) throw new ForeignSchemaError(version);
  db.exec(`BEGIN; ${TABLES} COMMIT;`);
  addWhatIsMissing(db);
}

function addWhatIsMissing(db: DatabaseSyncInstance): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const { table, column, type } of ADDED_COLUMNS) {
      const columns = db.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[];
      if (!columns.some(({ name }) => name === column))
        db.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
    }
    db.exec(`${ADDITIONS} COMMIT;`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** The file is a database of another version of Patchbay, or of another program. */
export class ForeignSchemaError extends Error {
  constructor(version: number) {
    super(`it has schema version ${version}, this Patchbay uses ${SCHEMA_VERSION}`);
    this.name = 'ForeignSchemaError';
  }
}
