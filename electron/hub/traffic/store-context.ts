import { foldCase } from '../../../shared/filter/pattern.ts';
import type { Condition, Filter } from '../../../shared/filter/filter.ts';
import type { CapturedBody, Exchange } from '../../../shared/model/exchange.ts';
import { progressTokenOf } from './progress-token.ts';
import { placesOf } from './store-ranges.ts';
import type { StoreReading } from './store-reading.ts';
import type { ExchangeRow } from './store-rows.ts';
import { search } from './store-search.ts';
import { Turn } from './store-turn.ts';

const MAX_MESSAGES = 200;
/** Bodies are for a glance; the whole one is read with its exchange. */
const MAX_BODY = 32_768;
const MAX_NEARBY = 50;
const NEARBY_MS = 30_000;
const MAX_SAME_TOOL = 20;
/** Turns that the search for calls of the same tool may take: a rare one is not looked for through years. */
const SAME_TOOL_TURNS = 25;
const PIECE_IDS = 5_000;
/** Ids that are looked at in one direction: a call that runs for a day does not have the whole log read. */
const MAX_IDS = 500_000;

/** What the log has of the surroundings of an exchange, oldest first. */
export interface LoggedContext {
  exchange: Exchange;
  messages: { exchange: Exchange; body: CapturedBody | null }[];
  nearby: Exchange[];
  sameTool: Exchange[];
}

/** Null when there is no such exchange. */
export function* contextOf(
  reading: StoreReading,
  { id, nowMs }: { id: number; nowMs: number },
): Generator<void, LoggedContext | null> {
  const row = reading.row(id);
  if (!row) return null;
  const exchange = reading.exchange(row);
  const isCall = exchange.kind === 'request' && exchange.direction === 'client-to-server';
  return {
    exchange,
    messages: isCall ? yield* messagesOf(reading, row, exchange, nowMs) : [],
    nearby: yield* nearbyOf(reading, exchange, nowMs),
    sameTool: exchange.kind === 'request' ? yield* sameToolAs(reading, exchange, nowMs) : [],
  };
}

/**
 * What the server said in this conversation while the call ran. Progress names its call; the rest does not, so that
 * with several calls at a time a message may belong to another one.
 */
function* messagesOf(
  reading: StoreReading,
  row: ExchangeRow,
  call: Exchange,
  nowMs: number,
): Generator<void, LoggedContext['messages']> {
  const end = endOf(call, nowMs);
  const { dense } = placesOf(reading, { filter: NO_FILTER, nowMs, from: call.at, until: end + 1 });
  const sql = `at BETWEEN ? AND ? AND direction = 1
    AND (kind = 0 OR method IN ('notifications/progress', 'notifications/message'))
    AND origin IN (SELECT id FROM origins WHERE session = ? AND server = ?)`;
  const params = [call.at, end, call.sessionId, call.server];
  const body = reading.bodies();
  const token = progressTokenOf(body(row, 'request'), ['params', '_meta']);
  const messages: LoggedContext['messages'] = [];
  const last = Math.min(dense?.to ?? 0, call.id + MAX_IDS);
  const turn = new Turn();
  for (let from = call.id + 1; from <= last; from += PIECE_IDS) {
    const rows = reading
      .statement(`SELECT * FROM exchanges WHERE id BETWEEN ? AND ? AND ${sql} ORDER BY id`)
      .all(from, Math.min(last, from + PIECE_IDS - 1), ...params) as ExchangeRow[];
    for (const message of rows) {
      const captured = body(message, 'request');
      if (message.method === 'notifications/progress') {
        const other = progressTokenOf(captured, ['params']);
        // Where one of the bodies was not kept, time has to tell.
        if (token !== undefined && other !== undefined && token !== other) continue;
      }
      messages.push({ exchange: reading.exchange(message), body: captured && cut(captured) });
      if (messages.length === MAX_MESSAGES) return messages;
    }
    if (!turn.isOver) continue;
    yield;
    turn.begin();
  }
  return messages;
}

function* nearbyOf(reading: StoreReading, exchange: Exchange, nowMs: number): Generator<void, Exchange[]> {
  const [from, until] = [exchange.at - NEARBY_MS, exchange.at + NEARBY_MS + 1];
  const { dense } = placesOf(reading, { filter: NO_FILTER, nowMs, from, until });
  if (!dense) return [];
  const sql = `kind = 0 AND at >= ? AND at < ? AND origin IN (SELECT id FROM origins WHERE session = ?)`;
  const found: [earlier: Exchange[], later: Exchange[]] = [[], []];
  const turn = new Turn();
  for (const [side, order] of (['DESC', 'ASC'] as const).entries()) {
    const statement = reading.statement(
      `SELECT * FROM exchanges WHERE id BETWEEN ? AND ? AND ${sql} ORDER BY id ${order} LIMIT ?`,
    );
    for (let passed = 0; passed < MAX_IDS && found[side]!.length < MAX_NEARBY; passed += PIECE_IDS) {
      const near = side === 0 ? exchange.id - 1 - passed : exchange.id + 1 + passed;
      const far = side === 0 ? near - PIECE_IDS + 1 : near + PIECE_IDS - 1;
      if (near < dense.from || near > dense.to) break;
      const wanted = MAX_NEARBY - found[side]!.length;
      const rows = statement.all(
        Math.min(near, far),
        Math.max(near, far),
        from,
        until,
        exchange.sessionId,
        wanted,
      ) as ExchangeRow[];
      found[side]!.push(...rows.map((row) => reading.exchange(row)));
      if (!turn.isOver) continue;
      yield;
      turn.begin();
    }
  }
  const [earlier, later] = found;
  const half = MAX_NEARBY / 2;
  const before = earlier.slice(0, Math.max(half, MAX_NEARBY - later.length));
  return [...before.toReversed(), ...later.slice(0, MAX_NEARBY - before.length)];
}

function* sameToolAs(reading: StoreReading, exchange: Exchange, nowMs: number): Generator<void, Exchange[]> {
  const { id, server, method, tool, direction } = exchange;
  const filter: Filter = {
    terms: [
      named('server', server),
      named('method', method),
      tool === null ? anyTool(true) : named('tool', tool),
      term({ field: 'is', values: [direction === 'client-to-server' ? 'from-client' : 'from-server'] }),
      term({ field: 'is', values: ['request'] }),
    ],
  };
  const steps = search(reading, { filter, limit: MAX_SAME_TOOL, before: id, nowMs });
  const found: Exchange[] = [];
  for (let turns = 0; turns < SAME_TOOL_TURNS; turns += 1) {
    const { done, value } = steps.next();
    found.push(...value.exchanges);
    if (done) break;
    yield;
  }
  return found.toReversed();
}

const NO_FILTER: Filter = { terms: [] };

const term = (condition: Condition, negated = false): Filter['terms'][number] => ({
  negated,
  condition,
  start: 0,
  end: 0,
});

const named = (field: 'server' | 'method' | 'tool', name: string): Filter['terms'][number] =>
  term({ field, patterns: [[foldCase(name)]] });

const anyTool = (negated: boolean): Filter['terms'][number] =>
  term({ field: 'tool', patterns: [['', '']] }, negated);

/** Epoch milliseconds; a call without an answer still runs. The clock of durations is finer than that of times. */
export const endOf = ({ at, durationMs, outcome }: Exchange, nowMs: number): number =>
  outcome === 'pending' ? nowMs : Math.ceil(at + (durationMs ?? 0)) + 1;

const cut = (body: CapturedBody): CapturedBody =>
  body.text.length <= MAX_BODY ? body : { ...body, text: body.text.slice(0, MAX_BODY), truncated: true };
