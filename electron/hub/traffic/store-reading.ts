import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { CapturedBody, Exchange } from '../../../shared/model/exchange.ts';
import { cutBody, readBody, sliceOf } from './store-bodies.ts';
import type { StoreOrigins } from './store-origins.ts';
import { type ExchangeRow, toExchange } from './store-rows.ts';

/** A prepared statement of SQLite. */
export type Statement = ReturnType<DatabaseSyncInstance['prepare']>;

const MAX_PREPARED = 50;

/** What every question needs: prepared statements, rows as exchanges, bodies. */
export class StoreReading {
  readonly db: DatabaseSyncInstance;
  readonly origins: StoreOrigins;
  /** The shapes of question are few: each is prepared once. */
  readonly #prepared = new Map<string, Statement>();

  constructor(db: DatabaseSyncInstance, origins: StoreOrigins) {
    this.db = db;
    this.origins = origins;
  }

  statement(sql: string): Statement {
    const known = this.#prepared.get(sql);
    if (known) return known;
    if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear();
    const statement = this.db.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  /** The value of a question for one number, named `number`. */
  number(sql: string, ...params: (string | number)[]): number | null {
    const row = this.statement(sql).get(...params) as { number: number | null } | undefined;
    return row?.number ?? null;
  }

  /** The largest id in the file, 0 when it is empty. */
  maxId(): number {
    return this.number('SELECT max(id) AS number FROM exchanges') ?? 0;
  }

  row(id: number): ExchangeRow | undefined {
    return this.statement('SELECT * FROM exchanges WHERE id = ?').get(id) as ExchangeRow | undefined;
  }

  exchange(row: ExchangeRow): Exchange {
    return toExchange(row, this.origins.get(row.origin));
  }

  /** The bodies of rows; rows that stand together share a blob, which is read once. */
  bodies(): (row: ExchangeRow, part: 'request' | 'response') => CapturedBody | null {
    let slice = -1;
    let data: Uint8Array | null = null;
    return (row, part) => {
      const place = part === 'request' ? row.request_body : row.response_body;
      const bytes = part === 'request' ? row.request_bytes : (row.response_bytes ?? 0);
      if (place === null) return this.#keptBody(row.id, part, bytes);
      if (sliceOf(place) !== slice) {
        slice = sliceOf(place);
        const found = this.statement('SELECT data FROM slices WHERE id = ?').get(slice);
        data = (found as { data: Uint8Array } | undefined)?.data ?? null;
      }
      const cut = data && cutBody(data, place);
      return cut && readBody(cut, bytes);
    };
  }

  forget(): void {
    this.#prepared.clear();
  }

  #keptBody(id: number, part: 'request' | 'response', bytes: number): CapturedBody | null {
    const found = this.statement(`SELECT ${part} AS cut FROM kept WHERE exchange = ?`).get(id);
    const cut = (found as { cut: Uint8Array | null } | undefined)?.cut;
    return cut ? readBody(cut, bytes) : null;
  }
}
