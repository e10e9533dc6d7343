import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { CELL, CELLS, type ExchangeBatch, ORIGIN_TEXTS } from './exchange-batch.ts';
import { bodyPlace, SliceBodies } from './store-bodies.ts';
import type { IdSpan, StoreOrigins } from './store-origins.ts';
import { COLUMNS, UPSERT_MANY, UPSERT_ONE, UPSERT_ROWS } from './store-rows.ts';
import { ToolBlocks } from './store-tools.ts';

type Statement = ReturnType<DatabaseSyncInstance['prepare']>;
type Cell = string | number | null;

const SLICE_ROWS = 1_000;
/** A slice that brought no new row begins at no time. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** Writes batches, each in one transaction: all or nothing. */
export class StoreWriter {
  readonly #db: DatabaseSyncInstance;
  readonly #origins: StoreOrigins;
  readonly #tools: ToolBlocks;
  readonly #upsertOne: Statement;
  readonly #upsertMany: Statement;
  readonly #insertSlice: Statement;
  readonly #bodies = new SliceBodies();
  /** Values of rows that wait to be written together. */
  #values: Cell[] = [];
  #slice: number;
  #rows = 0;
  #firstId = 0;
  #lastId: number;
  #untilAt = 0;
  #sinceAt = NEVER;
  /** The latest time of any row so far. */
  #latestAt = 0;

  constructor(db: DatabaseSyncInstance, origins: StoreOrigins) {
    this.#db = db;
    this.#origins = origins;
    this.#tools = new ToolBlocks(db);
    this.#upsertOne = db.prepare(UPSERT_ONE);
    this.#upsertMany = db.prepare(UPSERT_MANY);
    this.#insertSlice = db.prepare(
      `INSERT INTO slices (id, first_id, last_id, since_at, until_at, rows, data)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    const last = db.prepare('SELECT id, last_id, until_at FROM slices ORDER BY id DESC LIMIT 1').get() as
      { id: number; last_id: number; until_at: number } | undefined;
    this.#slice = (last?.id ?? 0) + 1;
    this.#lastId = last?.last_id ?? 0;
    this.#latestAt = last?.until_at ?? 0;
    this.#beginSlice();
  }

  /** Writes the rows with ids larger than `above` and says how many they were. */
  write(batch: ExchangeBatch, above: number): number {
    const lastId = this.#lastId;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const written = this.#writeRows(batch, above);
      this.#db.exec('COMMIT');
      return written;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.forget();
      // Rows of this batch that come again are new then.
      this.#lastId = lastId;
      throw error;
    }
  }

  /** After rows of the tables were undone or deleted. */
  forget(): void {
    this.#origins.forget();
    this.#tools.forget();
    this.#values = [];
    this.#beginSlice();
  }

  #writeRows(batch: ExchangeBatch, above: number): number {
    const { cells, rows } = batch;
    const bodies = Buffer.from(batch.bodies.buffer, batch.bodies.byteOffset, batch.bodies.byteLength);
    const origins: number[] = [];
    const spans = originSpans(batch, above);
    const known = this.#lastId;
    let written = 0;
    for (let base = 0; base < rows * CELLS; base += CELLS) {
      const id = cells[base + CELL.id]!;
      if (id <= above) continue;
      if (this.#rows >= SLICE_ROWS) this.#endSlice();
      const index = cells[base + CELL.origin]!;
      origins[index] ??= this.#origins.numberOf(originAt(batch, index), spans[index]!);
      if (id > known) this.#noteTime(id, cells[base + CELL.at]!);
      // Its slices must not be deleted before it.
      this.#lastId = Math.max(this.#lastId, id);
      // Before the row: a body may need the next slice.
      const request = this.#addBody(batch, bodies, base + CELL.requestOffset);
      const response = this.#addBody(batch, bodies, base + CELL.responseOffset);
      this.#addRow(batch, base, { origin: origins[index], request, response });
      const tool = cells[base + CELL.tool]!;
      if (tool !== -1) this.#tools.add(batch.texts[tool]!, id);
      written += 1;
    }
    this.#writeValues();
    this.#endSlice();
    return written;
  }

  /** A row that was not written before. One that was keeps its time, and its first slice has it. */
  #noteTime(id: number, at: number): void {
    // Rows between may come yet: their first state was dropped, and they are at least as old.
    const since = id > this.#lastId + 1 ? Math.min(at, this.#latestAt) : at;
    if (since < this.#sinceAt) this.#sinceAt = since;
    if (at > this.#latestAt) this.#latestAt = at;
  }

  #addRow(
    { cells, texts }: ExchangeBatch,
    base: number,
    { origin, request, response }: { origin: number; request: number | null; response: number | null },
  ): void {
    const id = cells[base + CELL.id]!;
    const at = cells[base + CELL.at]!;
    this.#rows += 1;
    if (id < this.#firstId) this.#firstId = id;
    if (at > this.#untilAt) this.#untilAt = at;
    const rpcNumber = cells[base + CELL.rpcNumber]!;
    const errorCode = cells[base + CELL.errorCode]!;
    this.#values.push(
      id,
      at,
      origin,
      cells[base + CELL.direction]!,
      cells[base + CELL.kind]!,
      texts[cells[base + CELL.method]!]!,
      textAt(texts, cells[base + CELL.tool]!),
      Number.isNaN(rpcNumber) ? textAt(texts, cells[base + CELL.rpcText]!) : rpcNumber,
      cells[base + CELL.outcome]!,
      Number.isNaN(errorCode) ? null : errorCode,
      textAt(texts, cells[base + CELL.errorMessage]!),
      cells[base + CELL.requestBytes]!,
      orNull(cells[base + CELL.responseBytes]!),
      orNull(cells[base + CELL.durationUs]!),
      cells[base + CELL.queueUs]!,
      orNull(cells[base + CELL.hubInUs]!),
      orNull(cells[base + CELL.serverUs]!),
      orNull(cells[base + CELL.hubOutUs]!),
      request,
      response,
    );
    if (this.#values.length < UPSERT_ROWS * COLUMNS.length) return;
    this.#upsertMany.run(...this.#values);
    this.#values = [];
  }

  /** The rows that are too few for the statement that takes many. */
  #writeValues(): void {
    for (let from = 0; from < this.#values.length; from += COLUMNS.length) {
      this.#upsertOne.run(...this.#values.slice(from, from + COLUMNS.length));
    }
    this.#values = [];
  }

  /** `cell` is the frame's offset; its length follows, its size on the wire belongs to the same part. */
  #addBody({ cells }: ExchangeBatch, bodies: Buffer, cell: number): number | null {
    const offset = cells[cell]!;
    if (offset === -1) return null;
    if (this.#bodies.isFull) this.#endSlice();
    const base = cell - (cell % CELLS);
    const isRequest = cell - base === CELL.requestOffset;
    const bytes = cells[base + (isRequest ? CELL.requestBytes : CELL.responseBytes)]!;
    const at = this.#bodies.add({ bodies, offset, length: cells[cell + 1]!, bytes });
    return bodyPlace(this.#slice, at);
  }

  #endSlice(): void {
    const { bytes } = this.#bodies;
    if (this.#rows === 0 && bytes.length === 0) return;
    const firstId = Math.min(this.#firstId, this.#lastId);
    const times = [this.#sinceAt, this.#untilAt];
    this.#insertSlice.run(this.#slice, firstId, this.#lastId, ...times, this.#rows, bytes);
    this.#slice += 1;
    this.#beginSlice();
  }

  #beginSlice(): void {
    this.#bodies.clear();
    this.#rows = 0;
    this.#firstId = Number.MAX_SAFE_INTEGER;
    this.#untilAt = 0;
    this.#sinceAt = NEVER;
  }
}

/** By the number of its origin: between which ids a batch's rows stand that will be written. */
function originSpans({ cells, rows }: ExchangeBatch, above: number): IdSpan[] {
  const spans: IdSpan[] = [];
  for (let base = 0; base < rows * CELLS; base += CELLS) {
    const id = cells[base + CELL.id]!;
    if (id <= above) continue;
    const span = (spans[cells[base + CELL.origin]!] ??= { smallest: id, largest: id });
    if (id < span.smallest) span.smallest = id;
    if (id > span.largest) span.largest = id;
  }
  return spans;
}

const originAt = ({ origins }: ExchangeBatch, index: number): (string | null)[] =>
  origins.slice(index * ORIGIN_TEXTS, (index + 1) * ORIGIN_TEXTS);

const textAt = (texts: readonly string[], index: number): string | null =>
  index === -1 ? null : (texts[index] ?? null);

const orNull = (value: number): number | null => (value === -1 ? null : value);
