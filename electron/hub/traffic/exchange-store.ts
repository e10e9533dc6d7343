import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { existsSync } from 'node:fs';
import type { Annotation, ExchangeDetail, TimeSlice } from '../../../shared/model/exchange.ts';
import { type ExchangeBatch, outcomeNumber } from './exchange-batch.ts';
import type { LatencySpread, SpreadPeriod } from './latency-spread.ts';
import type { LatencyTable } from './latency-table.ts';
import { annotate, dropOrphans, listAnnotations } from './store-annotations.ts';
import { latencies, type LatencyQuery, spread } from './store-calls.ts';
import { contextOf, type LoggedContext } from './store-context.ts';
import { histogram, type HistogramQuery } from './store-histogram.ts';
import { type StoreLimits, tidy, trimSlice } from './store-limits.ts';
import { type OpenDatabase, openDatabase } from './store-open.ts';
import { StoreOrigins } from './store-origins.ts';
import { StoreReading } from './store-reading.ts';
import { toPhases } from './store-rows.ts';
import { UNANSWERED } from './store-schema.ts';
import { type ListQuery, search } from './store-search.ts';
import { StoreWriter } from './store-writer.ts';

const TIDY_EVERY_MS = 10 * 60_000;

/**
 * Exchanges and their bodies in one SQLite file. Everything here blocks and may throw what SQLite throws; it runs in
 * a worker. Nothing unredacted is ever handed to SQLite. What may take long is a generator: between its steps the
 * store can write.
 */
export class ExchangeStore {
  /** That an unreadable file was set aside; null in the usual case. */
  readonly warning: string | null;
  readonly #file: string;
  readonly #db: DatabaseSyncInstance;
  readonly #reading: StoreReading;
  readonly #writer: StoreWriter;
  #tidiedAt = 0;

  constructor(file: string, open?: OpenDatabase) {
    const { db, warning } = openDatabase(file, open);
    this.#file = file;
    this.#db = db;
    this.warning = warning;
    const origins = new StoreOrigins(db);
    this.#reading = new StoreReading(db, origins);
    this.#writer = new StoreWriter(db, origins);
    // Whoever was still waiting when the last hub ended never got an answer.
    db.exec(`UPDATE exchanges SET outcome = ${outcomeNumber('lost')} WHERE ${UNANSWERED}`);
    dropOrphans(db);
  }

  /** The largest id in the file, 0 when it is empty. */
  maxId(): number {
    return this.#reading.maxId();
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
  search(query: ListQuery): ReturnType<typeof search> {
    return search(this.#reading, query);
  }

  get(id: number): ExchangeDetail | null {
    const row = this.#reading.row(id);
    if (!row) return null;
    const body = this.#reading.bodies();
    return {
      exchange: this.#reading.exchange(row),
      request: body(row, 'request'),
      response: body(row, 'response'),
      phases: toPhases(row),
    };
  }

  /** Null when there is no such exchange. */
  context(query: { id: number; nowMs: number }): Generator<void, LoggedContext | null> {
    return contextOf(this.#reading, query);
  }

  histogram(query: HistogramQuery): Generator<void, TimeSlice[]> {
    return histogram(this.#reading, query);
  }

  /** Finished calls of clients, by server and tool. */
  latencies(query: LatencyQuery): Generator<void, LatencyTable> {
    return latencies(this.#reading, query);
  }

  /** Finished calls of clients, all together. */
  spread(query: LatencyQuery & { period: SpreadPeriod }): Generator<void, LatencySpread> {
    return spread(this.#reading, query);
  }

  /** Newest change first. */
  annotations(): Annotation[] {
    return listAnnotations(this.#db);
  }

  /** False when there is no such exchange. */
  annotate(annotation: Annotation): boolean {
    return annotate(this.#db, annotation);
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
    this.#reading.forget();
    if (this.#db.isOpen) this.#db.close();
  }
}
