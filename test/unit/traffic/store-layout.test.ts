import { DatabaseSync } from '@photostructure/sqlite';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import { batch, filter, found, type Stored, stored } from './stored-fixture.ts';
import { temporaryFolders } from './temporary-folder.ts';

const NOW = 1_700_000_000_000;
const folder = temporaryFolders();
const open: ExchangeStore[] = [];

afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

function openStore(file = path.join(folder(), 'traffic.db')): { store: ExchangeStore; file: string } {
  const store = new ExchangeStore(file);
  open.push(store);
  return { store, file };
}

const ids = (store: ExchangeStore, text: string, limit = 10_000, before?: number): number[] =>
  found(store, { filter: filter(text), limit, before, nowMs: NOW }).exchanges.map(({ id }) => id);

const range = (first: number, last: number, make: (id: number) => Stored): Stored[] =>
  Array.from({ length: last - first + 1 }, (_, index) => make(first + index));

/** How many rows a table has, read by another connection. */
function count(file: string, table: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { count: number };
  db.close();
  return row.count;
}

describe('bodies of many rows in one blob', () => {
  test('an answer that comes later stands beside its request', () => {
    const { store } = openStore();
    store.write(
      batch([stored({ id: 1, outcome: 'pending' })], { exchangeId: 1, part: 'request', text: '{"a":1}' }),
    );
    store.write(batch([stored({ id: 1 })], { exchangeId: 1, part: 'response', text: '{"b":"é"}' }));
    const { request, response } = store.get(1)!;
    expect([request?.text, response?.text]).toEqual(['{"a":1}', '{"b":"é"}']);
  });

  test('large ones, several to a batch, and one behind another', () => {
    const { store, file } = openStore();
    const text = (id: number): string => JSON.stringify({ id, text: `${id} `.repeat(150_000) });
    const rows = range(1, 6, (id) => stored({ id }));
    const requests = rows.map(({ exchange: { id } }) => ({
      exchangeId: id,
      part: 'request' as const,
      text: text(id),
    }));
    store.write(batch(rows, ...requests, { exchangeId: 6, part: 'response', text: '{"last":"password=x"}' }));
    store.close();
    const again = openStore(file).store;
    for (let id = 1; id <= 6; id += 1) expect(again.get(id)?.request?.text === text(id)).toBe(true);
    expect(again.get(6)?.response).toMatchObject({ text: '{"last":"password=[redacted]"}', redactions: 1 });
    expect(count(file, 'slices')).toBeGreaterThan(1);
  });

  test('a store without bodies says so', () => {
    const { store } = openStore();
    store.write(batch([stored()]));
    expect(store.get(1)).toMatchObject({ request: null, response: null });
  });
});

test('rows that are not ours to write over are left out', () => {
  const { store } = openStore();
  store.write(batch([stored({ id: 1, tool: 'kept' }), stored({ id: 2, tool: 'kept' })]));
  expect(store.write(batch(range(1, 4, (id) => stored({ id, tool: 'new' }))), 2)).toBe(2);
  expect(ids(store, 'tool:kept')).toEqual([2, 1]);
  expect(ids(store, 'tool:new')).toEqual([4, 3]);
});

test('a write that fails leaves nothing behind, and the next one is whole', () => {
  const { store } = openStore();
  const broken = batch([stored({ id: 1, tool: 'x' }), stored({ id: 2, tool: 'x' })]);
  // A method that is not in the table of texts: SQLite refuses the row.
  const [first] = broken.texts.splice(0, 1);
  broken.texts.push(first!);
  broken.texts.length = 1;
  expect(() => store.write(broken)).toThrow();
  expect(ids(store, '')).toEqual([]);
  store.write(batch([stored({ id: 1, tool: 'x', server: 'a' })]));
  expect([ids(store, 'tool:x'), ids(store, 'server:a')]).toEqual([[1], [1]]);
});

describe('a tool by its name', () => {
  test('is found wherever it stands, also in pages', () => {
    const { store } = openStore();
    const tool = (id: number): string => (id % 700 === 0 ? 'Rare' : id % 3 === 0 ? 'third' : 'common');
    store.write(batch(range(1, 5_000, (id) => stored({ id, tool: tool(id) }))));
    expect(ids(store, 'tool:rare')).toEqual([4900, 4200, 3500, 2800, 2100, 1400, 700]);
    expect(ids(store, 'tool:rare', 2, 3500)).toEqual([2800, 2100]);
    expect(ids(store, 'tool:rare,third', 3, 701)).toEqual([700, 699, 696]);
    expect(ids(store, 'tool:rare tool:third')).toEqual([]);
    expect(ids(store, 'tool:nobody')).toEqual([]);
    expect(ids(store, '-tool:common').length).toBe(1_666 + 5);
  });

  test('is found among more tools than an entry is kept of', () => {
    const { store } = openStore();
    store.write(batch(range(1, 600, (id) => stored({ id, tool: `t${id}` }))));
    for (const id of [1, 63, 64, 65, 66, 200, 256, 257, 600]) expect(ids(store, `tool:t${id}`)).toEqual([id]);
  });

  test('is found when the first state of its call was lost', () => {
    const { store } = openStore();
    store.write(batch(range(2, 1_000, (id) => stored({ id, tool: 'other' }))));
    store.write(batch([stored({ id: 1, tool: 'late' })]));
    expect(ids(store, 'tool:late')).toEqual([1]);
  });
});

test('since: a time finds what was written in any order', () => {
  const { store } = openStore();
  const at = (id: number): number => NOW - (id % 2 === 0 ? 10 : 1_000_000) * 1_000 - id;
  for (let first = 1; first <= 401; first += 100)
    store.write(batch(range(first, first + 99, (id) => stored({ id, at: at(id) }))));
  expect(ids(store, 'since:1h').length).toBe(250);
  expect(ids(store, 'since:1s')).toEqual([]);
  expect(ids(store, '-since:1h').length).toBe(250);
});

describe('until: a time', () => {
  test('finds what was written before it, and the rest is not looked through', () => {
    const { store } = openStore();
    store.write(batch(range(1, 10, (id) => stored({ id, at: NOW - 3_600_001 }))));
    store.write(batch(range(11, 20, (id) => stored({ id, at: NOW - 3_600_000 }))));
    expect(ids(store, 'until:1h').length).toBe(10);
    expect(ids(store, '-until:1h').length).toBe(10);
    expect(ids(store, 'until:2h')).toEqual([]);
  });

  test('finds a row whose first state was lost, and one that is answered much later', () => {
    const { store } = openStore();
    const [early, late] = [NOW - 7_200_000, NOW - 1_000];
    store.write(batch([stored({ id: 1, at: early, outcome: 'pending' })]));
    store.write(batch([stored({ id: 10, at: late })]));
    store.write(batch([stored({ id: 5, at: early }), stored({ id: 1, at: early })]));
    expect(ids(store, 'until:1h')).toEqual([5, 1]);
  });
});

test('an origin is found for a row that comes back after it was deleted', () => {
  const { store } = openStore();
  const old = NOW - 1_000_000;
  store.write(batch([stored({ id: 5, at: old, server: 'a', outcome: 'pending' })]));
  store.write(batch([stored({ id: 30_000, at: NOW, server: 'b' })]));
  while (store.trim({ maxBytes: 1e9, maxAgeMs: 500_000 }, NOW));
  store.write(batch([stored({ id: 30_001, at: NOW, server: 'a' })]));
  store.write(batch([stored({ id: 5, at: old, server: 'a' })]));
  expect(ids(store, 'server:a')).toEqual([30_001, 5]);
});

describe('D08 what belongs to deleted rows', () => {
  test('goes with them, and what is still used stays', () => {
    const { store, file } = openStore();
    const old = NOW - 1_000_000;
    for (let id = 1; id <= 15_000; id += 5_000) {
      const rows = range(id, id + 4_999, (one) =>
        stored({ id: one, at: old, sessionId: `gone-${one % 50}`, tool: `t${one % 20}` }),
      );
      store.write(batch(rows));
    }
    store.write(batch([stored({ id: 30_000, at: NOW, sessionId: 'alive', tool: 't1' })]));
    expect([count(file, 'origins'), count(file, 'tool_blocks')]).toEqual([51, 59 * 20 + 1]);
    const limits = { maxBytes: 1e9, maxAgeMs: 500_000 };
    while (store.trim(limits, NOW));
    expect(['exchanges', 'slices', 'origins', 'tool_blocks'].map((table) => count(file, table))).toEqual([
      1, 1, 1, 1,
    ]);
    store.write(batch([stored({ id: 30_001, at: NOW, sessionId: 'alive', tool: 't1' })]));
    expect([ids(store, 'session:alive'), ids(store, 'tool:t1')]).toEqual([
      [30_001, 30_000],
      [30_001, 30_000],
    ]);
  });

  test('one slice deletes a bounded number of rows, whatever their size', () => {
    const { store } = openStore();
    const text = JSON.stringify({ a: 'x y '.repeat(5_000) });
    for (let first = 1; first <= 1_901; first += 100) {
      const rows = range(first, first + 99, (id) => stored({ id }));
      store.write(
        batch(
          rows,
          ...rows.map(({ exchange: { id } }) => ({ exchangeId: id, part: 'request' as const, text })),
        ),
      );
    }
    let before = ids(store, '').length;
    for (let more = true; more;) {
      more = store.trim({ maxBytes: 2_000_000, maxAgeMs: 1e12 }, NOW);
      const left = ids(store, '').length;
      expect(before - left).toBeLessThanOrEqual(500);
      before = left;
    }
    expect(before).toBeGreaterThan(20);
    expect(before).toBeLessThan(200);
  });
});

test('a session that lives on keeps its name through ten thousands of rows', () => {
  const { store } = openStore();
  for (let first = 1; first <= 40_001; first += 10_000)
    store.write(batch(range(first, first + 9_999, (id) => stored({ id, sessionId: 'long' }))));
  expect(ids(store, 'session:long', 1)).toEqual([50_000]);
  expect(store.get(1)?.exchange.sessionId).toBe('long');
});
