import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import { histogram } from '../../../electron/hub/traffic/store-histogram.ts';
import { StoreOrigins } from '../../../electron/hub/traffic/store-origins.ts';
import { candidateRanges } from '../../../electron/hub/traffic/store-ranges.ts';
import { StoreReading } from '../../../electron/hub/traffic/store-reading.ts';
import { batch, filter, type Stored, stored, taken } from './stored-fixture.ts';
import { temporaryFolders } from './temporary-folder.ts';

const NOW = 1_700_000_000_000;
const folder = temporaryFolders();
const files = new Map<ExchangeStore, string>();
const connections: DatabaseSyncInstance[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const db of connections.splice(0)) db.close();
  for (const store of files.keys()) store.close();
  files.clear();
});

function storeOf(rows: number, make: (id: number) => Stored): ExchangeStore {
  const file = path.join(folder(), 'traffic.db');
  const store = new ExchangeStore(file);
  files.set(store, file);
  for (let first = 1; first <= rows; first += 1_000) {
    const ids = Array.from({ length: Math.min(1_000, rows - first + 1) }, (_, index) => first + index);
    store.write(batch(ids.map(make)));
  }
  return store;
}

const search = (store: ExchangeStore, text: string, limit = 100) =>
  taken(store.search({ filter: filter(text), limit, before: undefined, nowMs: NOW }));

const idsOf = ({ steps, value }: ReturnType<typeof search>): number[] =>
  [...steps.flatMap(({ exchanges }) => exchanges), ...value.exchanges].map(({ id }) => id);

/** A clock on which so much passes between two looks at it: how far a step gets is no matter of the machine. */
function clockThatGoesBy(ms: number): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += ms));
}

describe('a search that must look through the log', () => {
  test('says how far it is, and brings each match once, newest first', () => {
    const store = storeOf(120_000, (id) =>
      stored({ id, method: id % 30_000 === 0 ? 'rare' : 'ping', tool: null }),
    );
    clockThatGoesBy(8);
    const answer = search(store, 'method:rare');
    const { steps, value } = answer;
    expect(steps.length).toBeGreaterThan(0);
    const shares = steps.map(({ scanned }) => scanned);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
    expect([idsOf(answer), value.more]).toEqual([[120_000, 90_000, 60_000, 30_000], false]);
  });

  test('ends as soon as it has enough', () => {
    const store = storeOf(40_000, (id) => stored({ id }));
    clockThatGoesBy(0);
    const answer = search(store, 'issue', 50);
    expect([idsOf(answer).length, answer.value.more]).toEqual([50, true]);
    expect(answer.steps).toEqual([]);
  });
});

/** The same log for questions that are not asked of the store as a whole. */
function readingOf(store: ExchangeStore): StoreReading {
  const file = files.get(store)!;
  const db = new DatabaseSync(file);
  connections.push(db);
  return new StoreReading(db, new StoreOrigins(db));
}

describe('what few exchanges have is found without looking through the others', () => {
  const passedOver = (store: ExchangeStore, text: string): { ranges: number; ids: number } => {
    const ranges = [...candidateRanges(readingOf(store), { filter: filter(text), nowMs: NOW })];
    return { ranges: ranges.length, ids: ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0) };
  };

  test.each([
    ['status:failed', { outcome: 'lost' }],
    ['status:pending', { outcome: 'pending' }],
    ['dur:>1s', { durationMs: 1_500 }],
    ['is:bookmarked', {}],
    ['session:needle status:error', { sessionId: 'needle', outcome: 'error' }],
  ] as const)('by an index: %s', (text, changes) => {
    const store = storeOf(20_000, (id) => stored({ id, at: NOW, ...(id < 100 ? changes : {}) }));
    if (text === 'is:bookmarked')
      for (let id = 1; id < 100; id += 1)
        store.annotate({ exchange: id, bookmarked: true, note: null, at: NOW });
    // One statement, which the index answers.
    expect(passedOver(store, text).ranges).toBe(1);
    expect(idsOf(search(store, text)).length).toBe(99);
  });

  test.each([
    ['tool:needle', { tool: 'needle' }],
    ['server:needle', { server: 'needle' }],
    ['server:needle tool:create_issue', { server: 'needle' }],
    ['client:need* tool:needle', { client: 'needle', tool: 'needle' }],
    ['project:needle -status:error', { project: '/home/needle' }],
    ['until:1h', { at: NOW - 3_600_001 }],
  ] as const)('by groups of rows: %s', (text, changes) => {
    const store = storeOf(20_000, (id) => stored({ id, at: NOW, ...(id < 100 ? changes : {}) }));
    // An origin is noted ten thousand ids ahead.
    expect(passedOver(store, text).ids).toBeLessThanOrEqual(11_000);
    expect(idsOf(search(store, text)).length).toBe(99);
  });

  test('what is nowhere costs nothing', () => {
    const store = storeOf(5_000, (id) => stored({ id, at: NOW }));
    for (const text of [
      'tool:nobody',
      'server:nobody',
      'status:lost',
      'until:1h',
      'since:2030-01-01',
      'is:bookmarked',
    ])
      expect([text, idsOf(search(store, text))]).toEqual([text, []]);
    expect(passedOver(store, 'server:nobody tool:create_issue').ids).toBe(0);
  });
});

test('ids are counted where rows are too many, with the same result', () => {
  const rows = 20_000;
  const store = storeOf(rows, (id) =>
    stored({
      id,
      at: NOW - rows + id,
      outcome: id % 1_000 === 0 ? 'error' : 'ok',
      method: 'ping',
      tool: null,
    }),
  );
  store.annotate({ exchange: 3, bookmarked: true, note: null, at: NOW });
  while (store.trim({ maxBytes: 1e9, maxAgeMs: rows - 500 }, NOW));
  const reading = readingOf(store);
  for (const [from, until] of [
    [NOW - rows, NOW],
    [NOW - 15_000, NOW - 2_500],
    [NOW - rows, NOW + 5_000],
  ] as const) {
    const query = { filter: filter(''), from, until, slices: 10, nowMs: NOW };
    const byIds = taken(histogram(reading, query, 100)).value;
    expect(byIds).toEqual(taken(histogram(reading, query)).value);
    expect(byIds.reduce((sum, { failed }) => sum + failed, 0)).toBeGreaterThan(5);
  }
});

test('slices are a second long at least, and none is asked for in no time', () => {
  const store = storeOf(10, (id) => stored({ id, at: NOW + id }));
  const of = (until: number): number[] =>
    taken(store.histogram({ filter: filter(''), from: NOW, until, slices: 240, nowMs: NOW })).value.map(
      ({ count }) => count,
    );
  expect([of(NOW), of(NOW + 5), of(NOW + 2_500)]).toEqual([[], [4], [10, 0, 0]]);
});
