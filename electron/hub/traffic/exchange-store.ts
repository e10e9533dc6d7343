import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { existsSync } from 'node:fs';
import type { Filter } from '../../../shared/filter/filter.ts';
import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { type LatencySample, LatencyTable } from './latency-table.ts';
import { redactJson } from './redaction.ts';
import { type OpenDatabase, openDatabase } from './store-open.ts';
import { type StoreLimits, trimSlice } from './store-limits.ts';
import { toSql } from './store-filter.ts';
import {
  type BodyRow,
  exchangeCells,
  type ExchangeRow,
  toBody,
  toExchange,
  toPhases,
  UPSERT_EXCHANGE,
} from './store-rows.ts';
import type { BodyBatch, BodyEntry, StoredExchange } from './stored-exchange.ts';

/** Rows that one step of a latency question reads; between steps the store can write. */
const LATENCY_STEP = 5_000;

type Statement = ReturnType<DatabaseSyncInstance['prepare']>;

export interface ListQuery {
  filter: Filter;
  limit: number;
  /** Only exchanges with a smaller id. */
  before: number | undefined;
  /** Epoch milliseconds; what `since` in the filter counts back from. */
  nowMs: number;
}

export interface LatencyQuery {
  filter: Filter;
  /** Epoch milliseconds, `until` exclusive. */
  from: number;
  until: number;
  nowMs: number;
}

/**
 * Exchanges and their bodies in one SQLite file. Everything here blocks and may throw what SQLite throws; it runs in
 * a worker. Nothing unredacted is ever handed to SQLite.
 */
export class ExchangeStore {
  /** That an unreadable file was set aside; null in the usual case. */
  readonly warning: string | null;
  readonly #file: string;
  readonly #db: DatabaseSyncInstance;
  readonly #upsert: Statement;
  readonly #insertBody: Statement;
  /** The shapes of question are few: each is prepared once. */
  readonly #prepared = new Map<string, Statement>();

  constructor(file: string, open?: OpenDatabase) {
    const { db, warning } = openDatabase(file, open);
    this.#file = file;
    this.#db = db;
    this.warning = warning;
    this.#upsert = db.prepare(UPSERT_EXCHANGE);
    this.#insertBody = db.prepare(
      'INSERT OR REPLACE INTO bodies (id, text, bytes, truncated, redactions) VALUES (?, ?, ?, ?, ?)',
    );
    // Whoever was still waiting when the last hub ended never got an answer.
    db.exec(`UPDATE exchanges SET outcome = 'lost', failed = 1 WHERE outcome = 'pending'`);
  }

  /** The largest id in the file, 0 when it is empty. */
  maxId(): number {
    const row = this.#db.prepare('SELECT max(id) AS id FROM exchanges').get() as { id: number | null };
    return row.id ?? 0;
  }

  /** Someone deleted the file: SQLite would go on writing to what nobody can open any more. */
  isGone(): boolean {
    return !existsSync(this.#file);
  }

  /** Writes all or nothing. */
  write(rows: readonly StoredExchange[], bodies: BodyBatch): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      for (const row of rows) this.#upsert.run(...exchangeCells(row));
      for (const entry of bodies.entries) this.#writeBody(entry, bodies.data);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Newest first. */
  list({ filter, limit, before, nowMs }: ListQuery): { exchanges: Exchange[]; more: boolean } {
    const { sql, params } = toSql(filter, nowMs);
    const range = before === undefined ? '' : ' AND id < ?';
    const rows = this.#statement(`SELECT * FROM exchanges WHERE ${sql}${range} ORDER BY id DESC LIMIT ?`).all(
      ...params,
      ...(before === undefined ? [] : [before]),
      limit + 1,
    ) as ExchangeRow[];
    return { exchanges: rows.slice(0, limit).map(toExchange), more: rows.length > limit };
  }

  get(id: number): ExchangeDetail | null {
    const row = this.#statement('SELECT * FROM exchanges WHERE id = ?').get(id) as ExchangeRow | undefined;
    if (!row) return null;
    const body = (key: number): BodyRow | undefined =>
      this.#statement('SELECT text, bytes, truncated, redactions FROM bodies WHERE id = ?').get(key) as
        BodyRow | undefined;
    const request = body(bodyKey(id, 'request'));
    const response = body(bodyKey(id, 'response'));
    return {
      exchange: toExchange(row),
      request: request ? toBody(request) : null,
      response: response ? toBody(response) : null,
      phases: toPhases(row),
    };
  }

  /** Counts finished calls of clients into a table, a slice of rows with each step; returns the table at the end. */
  *latencies({ filter, from, until, nowMs }: LatencyQuery): Generator<void, LatencyTable> {
    const { sql, params } = toSql(filter, nowMs);
    const table = new LatencyTable();
    const first = this.#statement('SELECT min(id) AS id FROM exchanges WHERE at >= ?').get(from) as {
      id: number | null;
    };
    if (first.id === null) return table;
    const statement = this.#statement(
      `SELECT id, at, server, method, tool, outcome, duration_ms AS durationMs, hub_ms AS hubMs FROM exchanges
       WHERE id >= ? AND at >= ? AND at < ? AND kind = 'request' AND direction = 'client-to-server'
       AND outcome <> 'pending' AND ${sql} ORDER BY id LIMIT ?`,
    );
    let next = first.id;
    for (;;) {
      const rows = statement.all(next, from, until, ...params, LATENCY_STEP) as (LatencySample & {
        id: number;
      })[];
      for (const row of rows) table.record(row);
      if (rows.length < LATENCY_STEP) return table;
      next = rows[rows.length - 1]!.id + 1;
      yield;
    }
  }

  /** Deletes one slice of what is too old or too much; true when there is more to do. */
  trim(limits: StoreLimits, nowMs: number): boolean {
    return trimSlice(this.#db, this.#file, { ...limits, nowMs });
  }

  close(): void {
    this.#prepared.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #writeBody({ exchangeId, part, offset, length, bytes }: BodyEntry, data: Uint8Array): void {
    const isTruncated = length < bytes;
    const captured = Buffer.from(data.buffer, data.byteOffset + offset, length);
    const { text, redactions } = redactJson(wholeCharacters(captured).toString('utf8'), isTruncated);
    this.#insertBody.run(bodyKey(exchangeId, part), text, bytes, isTruncated ? 1 : 0, redactions);
  }

  #statement(sql: string): Statement {
    const known = this.#prepared.get(sql);
    if (known) return known;
    if (this.#prepared.size >= 50) this.#prepared.clear();
    const statement = this.#db.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

const bodyKey = (exchangeId: number, part: BodyEntry['part']): number =>
  exchangeId * 2 + (part === 'response' ? 1 : 0);

/** Without the first bytes of a character that the capture limit cut. */
function wholeCharacters(bytes: Buffer): Buffer {
  let start = bytes.length - 1;
  while (start > 0 && start > bytes.length - 4 && (bytes[start]! & 0xc0) === 0x80) start -= 1;
  const lead = bytes[start] ?? 0;
  const needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + needed > bytes.length ? bytes.subarray(0, start) : bytes;
}
