import type { Filter } from '../../../shared/filter/filter.ts';
import { type SqlCondition, namedOrigins, namedTools, rareKind, timeRange } from './store-filter.ts';
import { keptSpan } from './store-kept.ts';
import type { StoreReading } from './store-reading.ts';
import { type IdRange, toolRanges } from './store-tools.ts';

/** Ids that one statement passes over at most. */
const PIECE_IDS = 10_000;
/** Rows that one statement finds by an index at most. */
const PIECE_ROWS = 2_000;
/** Spans of origins that are used one by one; beyond that their neighbours are taken with them. */
const MAX_SPANS = 2_000;

export interface RangesQuery {
  filter: Filter;
  nowMs: number;
  /** Only exchanges with a smaller id. */
  before?: number | undefined;
  /** Epoch milliseconds, `until` exclusive. */
  from?: number;
  until?: number;
}

/** Where matches may stand: among those put aside long ago, and among the others, whose ids are all larger. */
export interface Places {
  dense: IdRange | null;
  kept: IdRange | null;
}

export function placesOf(reading: StoreReading, query: RangesQuery): Places {
  const asked = timeRange(query.filter, query.nowMs);
  const from = Math.max(asked.from, query.from ?? 0);
  const until = Math.min(asked.until, query.until ?? Number.MAX_SAFE_INTEGER);
  const last = query.before === undefined ? Number.MAX_SAFE_INTEGER : query.before - 1;
  const kept = keptSpan(reading.db);
  const dense = {
    from: Math.max((kept?.to ?? 0) + 1, from > 0 ? firstSince(reading, from) : 0),
    to: Math.min(last, until < Number.MAX_SAFE_INTEGER ? lastUntil(reading, until) : reading.maxId()),
  };
  return {
    dense: orNothing(dense),
    kept: kept && orNothing({ from: kept.from, to: Math.min(kept.to, last) }),
  };
}

/**
 * Ids between which matches may stand, and nowhere else, newest first. What a range costs to look through is bounded:
 * between two of them others can have their turn.
 */
export function* candidateRanges(reading: StoreReading, query: RangesQuery): Generator<IdRange> {
  const { dense, kept } = placesOf(reading, query);
  const origins = namedOrigins(query.filter);
  if (dense) {
    const spans = origins ? originRanges(reading, origins, dense) : [dense];
    for (const span of spans) yield* rangesIn(reading, query.filter, span);
  }
  // At most as many rows as there are bookmarks.
  if (kept) yield kept;
}

function* rangesIn(reading: StoreReading, filter: Filter, span: IdRange): Generator<IdRange> {
  const rare = rareKind(filter);
  if (rare !== null) return yield* rareRanges(reading, rare, span);
  const tools = namedTools(filter);
  for (const { from, to } of tools ? toolRanges(reading.db, tools, span) : [span]) {
    for (let last = to; last >= from; last -= PIECE_IDS)
      yield { from: Math.max(from, last - PIECE_IDS + 1), to: last };
  }
}

/** By an index of few rows: as many ids as hold a bounded number of them. */
function* rareRanges(reading: StoreReading, kind: string, within: IdRange): Generator<IdRange> {
  const sql = `SELECT id AS number FROM exchanges WHERE ${kind} AND id BETWEEN ? AND ?
               ORDER BY id DESC LIMIT 1 OFFSET ${PIECE_ROWS - 1}`;
  let { to } = within;
  while (to >= within.from) {
    const from = reading.number(sql, within.from, to) ?? within.from;
    yield { from, to };
    to = from - 1;
  }
}

/** Where exchanges of these origins may stand, newest first. */
function* originRanges(reading: StoreReading, origins: SqlCondition, within: IdRange): Generator<IdRange> {
  const spans = reading
    .statement(
      `SELECT first_id AS "from", until_id AS "to" FROM origins
       WHERE ${origins.sql} AND until_id >= ? AND first_id <= ? ORDER BY until_id DESC LIMIT ${MAX_SPANS + 1}`,
    )
    .all(...origins.params, within.from, within.to) as IdRange[];
  const rest = spans.length > MAX_SPANS ? spans.pop() : undefined;
  // The others end no later than this one.
  if (rest) spans.push({ from: within.from, to: rest.to });
  const joined: IdRange[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const span = { from: Math.max(from, within.from), to: Math.min(to, within.to) };
    const last = joined.at(-1);
    if (last && span.from <= last.to + 1) last.to = Math.max(last.to, span.to);
    else joined.push(span);
  }
  yield* joined.toReversed();
}

/** No exchange with a smaller id is of that time (epoch milliseconds) or later. */
function firstSince(reading: StoreReading, moment: number): number {
  const sql = 'SELECT min(first_id) AS number FROM slices WHERE until_at >= ?';
  return reading.number(sql, moment) ?? Number.MAX_SAFE_INTEGER;
}

/** No exchange with a larger id is of an earlier time (epoch milliseconds). */
function lastUntil(reading: StoreReading, moment: number): number {
  const known = 'SELECT max(last_id) AS number FROM slices WHERE since_at < ?';
  const unknown = 'SELECT max(last_id) AS number FROM slices WHERE since_at IS NULL';
  return Math.max(reading.number(known, moment) ?? 0, reading.number(unknown) ?? 0);
}

const orNothing = (range: IdRange): IdRange | null => (range.from <= range.to ? range : null);
