import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { existsSync } from 'node:fs';
import type { Filter } from '../../../shared/filter/filter.ts';
import type { CapturedBody, Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { type ExchangeBatch, OUTCOMES, outcomeNumber, PENDING } from './exchange-batch.ts';
import { LatencyTable } from './latency-table.ts';
import { readBody, sliceOf } from './store-bodies.ts';
import { earliest, namedTools, toSql } from './store-filter.ts';
import { type StoreLimits, tidy, trimSlice } from './store-limits.ts';
import { type OpenDatabase, openDatabase } from './store-open.ts';
import { StoreOrigins } from './store-origins.ts';
import { type ExchangeRow, toExchange, toMs, toPhases } from './store-rows.ts';
import { type IdRange, toolRanges } from './store-tools.ts';
import { StoreWriter } from './store-writer.ts';

/** Ids that one step of a latency question passes over; between steps the store can write. */
const LATENCY_STEP = 5_000;
const TIDY_EVERY_MS = 10 * 60_000;

type LatencyRow = Pick<
  ExchangeRow,
  'at' | 'origin' | 'method' | 'tool' | 'outcome' | 'duration_us' | 'hub_in_us' | 'hub_out_us'
>;
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
  readonly #origins: StoreOrigins;
  readonly #writer: StoreWriter;
  /** The shapes of question are few: each is prepared once. */
  readonly #prepared = new Map<string, Statement>();
  #tidiedAt = 0;

  constructor(file: string, open?: OpenDatabase) {
    const { db, warning } = openDatabase(file, open);
    this.#file = file;
    this.#db = db;
    this.warning = warning;
    this.#origins = new StoreOrigins(db);
    this.#writer = new StoreWriter(db, this.#origins);
    // Whoever was still waiting when the last hub ended never got an answer.
    db.exec(`UPDATE exchanges SET outcome = ${outcomeNumber('lost')} WHERE outcome = ${PENDING}`);
  }

  /** The largest id in the file, 0 when it is empty. */
  maxId(): number {
    return this.#number('SELECT max(id) AS number FROM exchanges') ?? 0;
  }

  /** Someone deleted the file: SQLite would go on writing to what nobody can open any more. */
  isGone(): boolean {
    return !existsSync(this.#file);
  }

  /** Writes the rows with ids larger than `above`, all or nothing, and says how many they were. */
  write(batch: ExchangeBatch, above = 0): number {
    return this.#writer.write(batch, above);
  }

  /** Newest first. */
  list(query: ListQuery): { exchanges: Exchange[]; more: boolean } {
    const { filter, limit, nowMs } = query;
    const { sql, params } = toSql(filter, nowMs);
    const statement = this.#statement(
      `SELECT * FROM exchanges WHERE ${sql} AND id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?`,
    );
    const rows: ExchangeRow[] = [];
    for (const { from, to } of this.#ranges(query)) {
      const wanted = limit + 1 - rows.length;
      rows.push(...(statement.all(...params, from, to, wanted) as ExchangeRow[]));
      if (rows.length > limit) break;
    }
    const exchanges = rows.slice(0, limit).map((row) => toExchange(row, this.#origins.get(row.origin)));
    return { exchanges, more: rows.length > limit };
  }

  get(id: number): ExchangeDetail | null {
    const row = this.#statement('SELECT * FROM exchanges WHERE id = ?').get(id) as ExchangeRow | undefined;
    if (!row) return null;
    return {
      exchange: toExchange(row, this.#origins.get(row.origin)),
      request: this.#body(row.request_body, row.request_bytes),
      response: this.#body(row.response_body, row.response_bytes ?? 0),
      phases: toPhases(row),
    };
  }

  /** Counts finished calls of clients into a table, a slice of rows with each step; returns the table at the end. */
  *latencies({ filter, from, until, nowMs }: LatencyQuery): Generator<void, LatencyTable> {
    const { sql, params } = toSql(filter, nowMs);
    const table = new LatencyTable();
    const statement = this.#statement(
      `SELECT at, origin, method, tool, outcome, duration_us, hub_in_us, hub_out_us FROM exchanges
       WHERE id BETWEEN ? AND ? AND at >= ? AND at < ? AND kind = 0 AND direction = 0
       AND outcome <> ${PENDING} AND ${sql}`,
    );
    let first = this.#firstSince(from);
    for (;;) {
      const next = first + LATENCY_STEP;
      for (const row of statement.all(first, next - 1, from, until, ...params) as LatencyRow[]) {
        const { hub_in_us: hubIn, hub_out_us: hubOut } = row;
        table.record({
          at: row.at,
          server: this.#origins.get(row.origin).server,
          method: row.method,
          tool: row.tool,
          outcome: OUTCOMES[row.outcome]!,
          durationMs: toMs(row.duration_us),
          hubMs: hubIn === null ? null : toMs(hubIn + (hubOut ?? 0)),
        });
      }
      if (next > this.maxId()) return table;
      first = next;
      yield;
    }
  }

  /** Deletes one slice of what is too old or too much; true when there is more to do. */
  trim(limits: StoreLimits, nowMs: number): boolean {
    if (trimSlice(this.#db, this.#file, { ...limits, nowMs })) return true;
    if (nowMs - this.#tidiedAt < TIDY_EVERY_MS) return false;
    this.#tidiedAt = nowMs;
    tidy(this.#db);
    this.#writer.forget();
    return false;
  }

  close(): void {
    this.#prepared.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  /** Where matches may stand, newest first. */
  *#ranges({ filter, before, nowMs }: ListQuery): Generator<IdRange> {
    const moment = earliest(filter, nowMs);
    const first = moment === 0 ? 0 : this.#firstSince(moment);
    const last = before === undefined ? this.maxId() : before - 1;
    const tools = namedTools(filter);
    if (tools === null) {
      if (first <= last) yield { from: first, to: last };
      return;
    }
    for (const { from, to } of toolRanges(this.#db, tools, last)) {
      if (to < first) return;
      yield { from: Math.max(from, first), to: Math.min(to, last) };
    }
  }

  /** No exchange with a smaller id is of that time (epoch milliseconds) or later. */
  #firstSince(moment: number): number {
    const sql = 'SELECT min(first_id) AS number FROM slices WHERE until_at >= ?';
    return this.#number(sql, moment) ?? Number.MAX_SAFE_INTEGER;
  }

  #body(place: number | null, bytes: number): CapturedBody | null {
    if (place === null) return null;
    const slice = this.#statement('SELECT data FROM slices WHERE id = ?').get(sliceOf(place)) as
      { data: Uint8Array } | undefined;
    return slice ? readBody(slice.data, place, bytes) : null;
  }

  #number(sql: string, ...params: number[]): number | null {
    return (this.#statement(sql).get(...params) as { number: number | null }).number;
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
