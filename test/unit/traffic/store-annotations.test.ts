import { DatabaseSync } from '@photostructure/sqlite';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import { batch, filter, found, type Stored, stored } from './stored-fixture.ts';
import { temporaryFolders } from './temporary-folder.ts';

const NOW = 1_700_000_000_000;
const OLD = NOW - 1_000_000;
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

const ids = (store: ExchangeStore, text = ''): number[] =>
  found(store, { filter: filter(text), limit: 10_000, before: undefined, nowMs: NOW }).exchanges.map(
    ({ id }) => id,
  );

const range = (first: number, last: number, make: (id: number) => Stored): Stored[] =>
  Array.from({ length: last - first + 1 }, (_, index) => make(first + index));

const mark = (store: ExchangeStore, exchange: number, note: string | null = null): boolean =>
  store.annotate({ exchange, bookmarked: true, note, at: NOW });

const trimOld = (store: ExchangeStore, maxAgeMs = 500_000): void => {
  while (store.trim({ maxBytes: 1e9, maxAgeMs }, NOW));
};

function change(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

describe('annotations', () => {
  test('are kept per exchange, newest change first, and go when they say nothing', () => {
    const { store } = openStore();
    store.write(batch(range(1, 3, (id) => stored({ id }))));
    expect(store.annotate({ exchange: 9, bookmarked: true, note: null, at: 1 })).toBe(false);
    store.annotate({ exchange: 1, bookmarked: false, note: 'why?', at: 1 });
    store.annotate({ exchange: 2, bookmarked: true, note: null, at: 2 });
    store.annotate({ exchange: 1, bookmarked: true, note: '', at: 3 });
    expect(store.annotations()).toEqual([
      { exchange: 1, bookmarked: true, note: '', at: 3 },
      { exchange: 2, bookmarked: true, note: null, at: 2 },
    ]);
    expect(ids(store, 'is:bookmarked')).toEqual([2, 1]);
    store.annotate({ exchange: 2, bookmarked: false, note: null, at: 4 });
    expect([store.annotations().length, ids(store, 'is:bookmarked')]).toEqual([1, [1]]);
  });

  test('at most ten thousand are kept; the oldest go first', () => {
    const { store, file } = openStore();
    store.write(batch([stored({ id: 20_001 }), stored({ id: 20_002 })]));
    change(
      file,
      `INSERT INTO annotations WITH RECURSIVE ids(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < 10000)
       SELECT id, 1, NULL, id FROM ids`,
    );
    for (const id of [20_001, 20_002]) store.annotate({ exchange: id, bookmarked: true, note: null, at: id });
    const left = store.annotations();
    expect([left.length, left.at(-1)?.exchange]).toEqual([10_000, 3]);
  });

  test('go with their exchanges, but a bookmarked one stays, with its bodies', () => {
    const { store, file } = openStore();
    store.write(
      batch(
        range(1, 500, (id) => stored({ id, at: OLD, tool: `t${id}`, server: 'a', sessionId: 'gone' })),
        { exchangeId: 7, part: 'request', text: '{"seven":"ä"}' },
        { exchangeId: 7, part: 'response', text: '{"result":1}', bytes: 99 },
        { exchangeId: 8, part: 'request', text: '{"eight":8}' },
      ),
    );
    store.write(batch([stored({ id: 30_000, at: NOW, server: 'b' })]));
    mark(store, 7, 'keep');
    store.annotate({ exchange: 8, bookmarked: false, note: 'goes', at: NOW });
    trimOld(store);
    expect(ids(store)).toEqual([30_000, 7]);
    expect(store.annotations().map(({ exchange }) => exchange)).toEqual([7]);
    expect(store.get(7)).toMatchObject({
      exchange: { server: 'a', sessionId: 'gone' },
      request: { text: '{"seven":"ä"}', truncated: false },
      response: { bytes: 99, truncated: true },
    });
    expect(
      ['server:a', 'tool:t7', 'until:10m', 'since:1d', 't7', 'is:bookmarked'].map((text) =>
        ids(store, text).includes(7),
      ),
    ).toEqual(Array.from({ length: 6 }, () => true));
    store.close();
    const again = openStore(file).store;
    expect(again.get(7)?.request?.text).toBe('{"seven":"ä"}');
    trimOld(again);
    expect(ids(again)).toEqual([30_000, 7]);
  });

  test('what is no longer bookmarked goes when its time comes', () => {
    const { store } = openStore();
    store.write(batch(range(1, 20, (id) => stored({ id, at: OLD }))));
    store.write(batch([stored({ id: 21, at: NOW })]));
    mark(store, 3);
    mark(store, 4);
    trimOld(store);
    store.annotate({ exchange: 3, bookmarked: false, note: 'not that important', at: NOW });
    expect(ids(store)).toEqual([21, 4, 3]);
    trimOld(store);
    expect([ids(store), store.annotations().map(({ exchange }) => exchange)]).toEqual([[21, 4], [4]]);
  });

  test('bookmarked exchanges go too when nothing else is left and it is still too much', () => {
    const { store } = openStore();
    const text = JSON.stringify({ a: 'x y '.repeat(20_000) });
    for (let id = 1; id <= 60; id += 1) {
      store.write(batch([stored({ id, at: NOW })], { exchangeId: id, part: 'request', text }));
      mark(store, id);
    }
    while (store.trim({ maxBytes: 2_000_000, maxAgeMs: 1e12 }, NOW));
    const left = ids(store);
    expect(left.length).toBeLessThan(60);
    expect(store.annotations().length).toBe(left.length);
  });
});

describe('a log of an earlier Patchbay', () => {
  /** Takes away what that one did not know. */
  const makeOld = (file: string): void =>
    change(
      file,
      `DROP INDEX slices_since; DROP INDEX exchanges_slow; DROP TABLE annotations; DROP TABLE kept;
       ALTER TABLE slices DROP COLUMN since_at; ALTER TABLE origins DROP COLUMN first_id;`,
    );

  test('is not set aside, and everything in it is found', () => {
    const { store, file } = openStore();
    store.write(batch(range(1, 10, (id) => stored({ id, at: OLD, durationMs: 2_000 }))));
    store.close();
    makeOld(file);
    const { store: again } = openStore(file);
    expect([
      again.warning,
      readdirSync(path.dirname(file)).filter((name) => name.includes('corrupt')),
    ]).toEqual([null, []]);
    again.write(batch([stored({ id: 11, at: NOW })]));
    const asked = ['until:10m', 'since:1h', 'server:github', 'dur:>1s', 'is:bookmarked'];
    expect(asked.map((text) => ids(again, text).length)).toEqual([10, 11, 11, 10, 0]);
    expect(mark(again, 3)).toBe(true);
    expect(ids(again, 'is:bookmarked')).toEqual([3]);
  });

  test('that one may write to it in between', () => {
    const { store, file } = openStore();
    store.write(batch(range(1, 10, (id) => stored({ id, at: OLD }))));
    mark(store, 2);
    store.close();
    change(
      file,
      `INSERT INTO origins (until_id, session, client, project, server, instance) VALUES (90, 's', 'c', NULL, 'x', 'i');
       INSERT INTO exchanges (id, at, origin, direction, kind, method, outcome, request_bytes)
         VALUES (11, ${OLD + 5}, 2, 0, 0, 'ping', 0, 1);
       INSERT INTO slices (id, first_id, last_id, until_at, rows, data) VALUES (2, 11, 11, ${OLD + 5}, 1, x'');
       DELETE FROM exchanges WHERE id = 2;`,
    );
    const { store: again } = openStore(file);
    again.write(batch([stored({ id: 12, at: NOW })]));
    expect(['until:10m', 'server:x', 'since:1h'].map((text) => ids(again, text).includes(11))).toEqual([
      true,
      true,
      true,
    ]);
    expect(again.annotations()).toEqual([]);
  });
});
