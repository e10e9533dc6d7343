import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import type { LatencyTable } from '../../../electron/hub/traffic/latency-table.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { clockThatGoesBy } from './clock-that-goes-by.ts';
import { exchange } from './exchange-fixture.ts';
import { plantedSecrets } from './planted-secrets.ts';
import { batch, filter, found, stored } from './stored-fixture.ts';
import { temporaryFolders } from './temporary-folder.ts';

const NOW = 1_700_000_000_000;
const folder = temporaryFolders();
const open: ExchangeStore[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const store of open.splice(0)) store.close();
});

function openStore(file = path.join(folder(), 'traffic.db')): { store: ExchangeStore; file: string } {
  const store = new ExchangeStore(file);
  open.push(store);
  return { store, file };
}

const list = (store: ExchangeStore, text = '', limit = 100, before?: number): Exchange[] =>
  found(store, { filter: filter(text), limit, before, nowMs: NOW }).exchanges;

describe('rows', () => {
  test('come back as they went in, newest first', () => {
    const { store } = openStore();
    const rows = [
      exchange({ id: 1 }),
      exchange({
        id: 2,
        tool: null,
        project: null,
        outcome: 'error',
        errorCode: -32_601,
        errorMessage: 'no',
      }),
      exchange({ id: 3, outcome: 'pending', responseBytes: null, durationMs: null, hubMs: null }),
    ];
    store.write(batch(rows.map((row) => stored(row))));
    expect(list(store)).toEqual(rows.toReversed());
    expect(store.maxId()).toBe(3);
  });

  test('a row written again takes the place of the first', () => {
    const { store } = openStore();
    store.write(batch([stored({ id: 5, outcome: 'pending' })]));
    store.write(batch([stored({ id: 5, outcome: 'ok' })]));
    expect(list(store).map(({ outcome }) => outcome)).toEqual(['ok']);
  });

  test('pages of a list have no gap and no end too early', () => {
    const { store } = openStore();
    store.write(batch(Array.from({ length: 25 }, (_, index) => stored({ id: index + 1 }))));
    const first = found(store, { filter: filter(''), limit: 10, before: undefined, nowMs: NOW });
    expect([first.exchanges.length, first.more]).toEqual([10, true]);
    const last = found(store, { filter: filter(''), limit: 15, before: 16, nowMs: NOW });
    expect([last.exchanges.map(({ id }) => id).at(-1), last.more]).toEqual([1, false]);
  });

  test('C08 E17 hostile names are data', () => {
    const { store } = openStore();
    const names = [
      '__proto__',
      '\u001B[31mred\u0007',
      "'; DROP TABLE exchanges; --",
      '%_\\*',
      '\u202Eabc',
      'a\nb',
    ];
    const rows = names.map((tool, index) => exchange({ id: index + 1, tool, method: tool, server: tool }));
    store.write(batch(rows.map((row) => stored(row))));
    expect(list(store)).toEqual(rows.toReversed());
    expect(list(store, 'tool:"%_\\\\*"').map(({ id }) => id)).toEqual([4]);
    expect([...latencies(store, '').toPlain()].map(({ server }) => server).sort()).toEqual(names.toSorted());
  });

  test('calls that waited when the hub ended are lost', () => {
    const { store, file } = openStore();
    store.write(batch([stored({ id: 1, outcome: 'pending' })]));
    store.close();
    expect(list(openStore(file).store, 'status:failed').map(({ outcome }) => outcome)).toEqual(['lost']);
  });
});

describe('bodies', () => {
  test('come back with sizes and redactions', () => {
    const { store } = openStore();
    const request = '{"method":"tools/call","params":{"password":"hunter2"}}';
    const phases = { queueMs: 3, hubInMs: 0.1, serverMs: 2, hubOutMs: 0.2 };
    store.write(
      batch(
        [stored({ id: 1 }, phases)],
        { exchangeId: 1, part: 'request', text: request },
        { exchangeId: 1, part: 'response', text: '{"result":"abc d', bytes: 9_000 },
      ),
    );
    expect(store.get(1)).toEqual({
      exchange: exchange({ id: 1, requestBytes: 55, responseBytes: 9_000, hubMs: 0.3 }),
      request: { text: request.replace('hunter2', '[redacted]'), bytes: 55, truncated: false, redactions: 1 },
      // A cut text loses its last word.
      response: { text: '{"result":"abc ', bytes: 9_000, truncated: true, redactions: 0 },
      phases,
    });
    expect(store.get(2)).toBeNull();
  });

  test('a character cut in half is left out', () => {
    const { store } = openStore();
    const whole = Buffer.from('{"a":"x ä"}');
    const text = whole.subarray(0, whole.indexOf('ä') + 1);
    store.write(batch([stored()], { exchangeId: 1, part: 'request', text, bytes: 99 }));
    expect(store.get(1)?.request?.text).toBe('{"a":"x ');
  });

  test('E16 no planted secret is in any byte of the files', () => {
    const { store, file } = openStore();
    const rows = plantedSecrets.map((_, index) => stored({ id: index + 1 }));
    const frames = plantedSecrets.flatMap(({ payload }, index) => {
      const exchangeId = index + 1;
      const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'm', params: payload });
      const response = JSON.stringify({
        result: { content: [{ type: 'text', text: JSON.stringify(payload) }] },
      });
      return [
        { exchangeId, part: 'request' as const, text: request },
        { exchangeId, part: 'response' as const, text: response },
      ];
    });
    store.write(batch(rows, ...frames));
    store.close();
    const bytes = readdirSync(path.dirname(file)).map((name) =>
      readFileSync(path.join(path.dirname(file), name)),
    );
    expect(Buffer.concat(bytes).includes('[redacted]')).toBe(true);
    const found = plantedSecrets.filter(({ secret }) => bytes.some((part) => part.includes(secret)));
    expect(found.map(({ name }) => name)).toEqual([]);
  });
});

test('the files are the owner’s alone, whatever the umask', () => {
  if (process.platform === 'win32') return;
  const { store, file } = openStore();
  store.write(batch([stored()]));
  const modes = readdirSync(path.dirname(file)).map((name) => {
    const { mode } = statSync(path.join(path.dirname(file), name));
    return `${name} ${(mode & 0o777).toString(8)}`;
  });
  expect(modes.toSorted()).toEqual(['traffic.db 600', 'traffic.db-shm 600', 'traffic.db-wal 600']);
});

test('the longest filter is no problem for SQLite', () => {
  const { store } = openStore();
  store.write(batch([stored()]));
  for (const text of ['a '.repeat(50), `tool:${'x*,'.repeat(49)}create*`, `project:${'x*,'.repeat(49)}web`]) {
    expect(() => list(store, text)).not.toThrow();
  }
});

describe('latencies', () => {
  test('are counted over finished calls of clients in the time asked for', () => {
    const { store } = openStore();
    const rows = [
      stored({ id: 1, at: NOW - 1, durationMs: 10, hubMs: 1 }),
      stored({ id: 2, at: NOW, durationMs: 20, outcome: 'tool-error' }),
      stored({ id: 3, at: NOW, outcome: 'pending' }),
      stored({ id: 4, at: NOW, kind: 'notification' }),
      stored({ id: 5, at: NOW, direction: 'server-to-client' }),
      stored({ id: 6, at: NOW, method: 'initialize', tool: null }),
      stored({ id: 7, at: NOW + 1 }),
    ];
    store.write(batch(rows));
    const found = latencies(store, '', NOW, NOW + 1).toPlain();
    expect(found.map(({ tool, count, errors }) => [tool, count, errors])).toEqual([
      ['create_issue', 1, 1],
      ['initialize', 1, 0],
    ]);
    expect(
      latencies(store, 'status:ok', NOW - 1)
        .toPlain()
        .map(({ count }) => count),
    ).toEqual([2, 1]);
  });

  test('long histories are read in steps', () => {
    const { store } = openStore();
    // Many rows of one moment: a step must not lose those beyond its end.
    store.write(batch(Array.from({ length: 14_000 }, (_, index) => stored({ id: index + 1, at: NOW }))));
    clockThatGoesBy(25);
    let steps = 0;
    const reading = store.latencies({ filter: filter(''), from: 0, until: NOW + 1, nowMs: NOW });
    let step = reading.next();
    for (; !step.done; step = reading.next()) steps += 1;
    expect([steps, step.value.toPlain()[0]?.count]).toEqual([2, 14_000]);
  });
});

describe('D08 limits', () => {
  const limits = { maxBytes: 1_000_000_000, maxAgeMs: 1_000_000_000 };
  const trim = (store: ExchangeStore, changes: Partial<typeof limits>): number => {
    let slices = 0;
    while (store.trim({ ...limits, ...changes }, NOW)) slices += 1;
    return slices;
  };

  test('rows that are too old go with their bodies', () => {
    const { store } = openStore();
    const rows = Array.from({ length: 1_200 }, (_, index) =>
      stored({ id: index + 1, at: NOW - (1_200 - index) * 1_000 }),
    );
    store.write(
      batch(
        rows,
        { exchangeId: 1, part: 'response', text: '{}' },
        { exchangeId: 1_200, part: 'response', text: '{}' },
      ),
    );
    expect(trim(store, { maxAgeMs: 100_000 })).toBe(3);
    expect(list(store, '', 1_000).length).toBe(100);
    expect([store.get(1), store.get(1_200)?.response?.text]).toEqual([null, '{}']);
  });

  test('the oldest rows go when the file is too large, and the file gets smaller', () => {
    const { store, file } = openStore();
    const text = `{"a":"${'x y '.repeat(2_000)}"}`;
    for (let id = 1; id <= 500; id += 1)
      store.write(batch([stored({ id })], { exchangeId: id, part: 'request', text }));
    const size = (): number => statSync(file).size + statSync(`${file}-wal`).size;
    expect(size()).toBeGreaterThan(3_000_000);
    trim(store, { maxBytes: 1_000_000 });
    expect(size()).toBeLessThanOrEqual(1_000_000);
    const left = list(store, '', 1_000).map(({ id }) => id);
    expect(left.length).toBeGreaterThan(50);
    expect([left[0], left.at(-1)]).toEqual([500, 500 - left.length + 1]);
  });

  test('an empty store that is still too large is left alone', () => {
    const { store } = openStore();
    expect(trim(store, { maxBytes: 1 })).toBeLessThan(5);
  });
});

function latencies(
  store: ExchangeStore,
  text: string,
  from = 0,
  until = Number.MAX_SAFE_INTEGER,
): LatencyTable {
  const reading = store.latencies({ filter: filter(text), from, until, nowMs: NOW });
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}
