import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FromStore, StoreStart, ToStore } from '../../../electron/hub/traffic/store-messages.ts';
import { serveStore, type StoreServer } from '../../../electron/hub/traffic/store-server.ts';
import { batch, filter, stored } from './stored-fixture.ts';
import { temporaryFolders } from './temporary-folder.ts';

const folders = temporaryFolders();
const limits: StoreStart['limits'] = { maxBytes: 100_000_000, maxAgeMs: 1e12 };

let file = '';
let now = 0;
let said: FromStore[] = [];
/** The connections the server has opened, to be tampered with. */
let connections: DatabaseSyncInstance[] = [];
let server: StoreServer;

function start(): void {
  said = [];
  connections = [];
  server = serveStore({
    file,
    limits,
    now: () => now,
    send: (message) => said.push(message),
    open: (name) => {
      const db = new DatabaseSync(name);
      connections.push(db);
      return db;
    },
  });
}

const write = (id: number, errorMessage: string | null = null): void =>
  server.receive({ type: 'write', batch: batch([stored({ id, at: now, errorMessage })]), above: 0 });

const ids = (): unknown => {
  const query = { filter: filter(''), limit: 100, before: undefined, nowMs: now };
  server.receive({ type: 'list', call: 1, query });
  const answer = said.at(-1) as { answer: { exchanges: { id: number }[] } };
  return answer.answer.exchanges.map(({ id }) => id);
};

const left = (): string[] => readdirSync(path.dirname(file)).toSorted();

beforeEach(() => {
  file = path.join(folders(), 'traffic.db');
  now = 1_700_000_000_000;
});

afterEach(() => server.receive({ type: 'close' }));

test('says what it holds, confirms each write, answers in order', () => {
  start();
  expect(said).toEqual([{ type: 'opened', maxId: 0, warning: null }]);
  write(1);
  write(2);
  expect(said.slice(1)).toMatchObject([
    { type: 'written', dropped: 0, error: null },
    { type: 'written', dropped: 0, error: null },
  ]);
  expect(ids()).toEqual([2, 1]);
  server.receive({ type: 'close' });
  start();
  expect(said[0]).toEqual({ type: 'opened', maxId: 2, warning: null });
});

describe('D06 a full disk', () => {
  test('drops rows, says so, and recovers by itself', () => {
    start();
    write(1);
    const db = connections[0]!;
    const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number };
    db.exec(`PRAGMA max_page_count = ${pages}`);
    write(2, 'x'.repeat(50_000));
    expect(said.at(-1)).toMatchObject({ type: 'written', dropped: 1, error: 'database or disk is full' });
    expect(ids()).toEqual([1]);
    db.exec('PRAGMA max_page_count = 1000000');
    write(3);
    expect(said.at(-1)).toMatchObject({ type: 'written', dropped: 0, error: null });
    expect(ids()).toEqual([3, 1]);
  });

  test('a file that cannot be created is tried again later', () => {
    const folder = path.dirname(file);
    rmSync(folder, { recursive: true });
    start();
    expect(said[0]?.type).toBe('unavailable');
    write(1);
    expect(said.at(-1)).toMatchObject({ type: 'written', dropped: 1 });
    server.receive({ type: 'get', call: 1, query: { id: 1 } });
    expect(said.at(-1)).toMatchObject({ type: 'refused', call: 1 });
    mkdirSync(folder);
    write(2);
    expect(said.at(-1)).toMatchObject({ dropped: 1 });
    now += 5_000;
    write(3);
    expect(ids()).toEqual([3]);
  });

  test('a file deleted while it is in use', () => {
    start();
    write(1);
    for (const name of left()) rmSync(path.join(path.dirname(file), name));
    now += 5_000;
    write(2);
    expect(said.at(-1)).toMatchObject({ type: 'written', dropped: 0, error: null });
    expect([ids(), left().includes('traffic.db')]).toEqual([[2], true]);
  });

  test('any other trouble: the file is opened again after a while', () => {
    start();
    connections[0]!.exec('PRAGMA query_only = 1');
    write(1);
    expect(said.slice(-2)).toMatchObject([{ dropped: 1 }, { type: 'unavailable' }]);
    write(2);
    expect(said.at(-1)).toMatchObject({ dropped: 1, error: 'attempt to write a readonly database' });
    now += 5_000;
    write(3);
    expect(ids()).toEqual([3]);
  });

  test('D07 a locked file', () => {
    start();
    connections[0]!.exec('PRAGMA busy_timeout = 1');
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    write(1);
    expect(said.at(-1)).toMatchObject({ dropped: 1, error: 'database is locked' });
    other.exec('ROLLBACK');
    other.close();
    write(2);
    expect(ids()).toEqual([2]);
  });
});

describe('D07 a damaged file is set aside', () => {
  const warned = (): unknown => (said[0] as { warning: string }).warning;

  test('at the start', () => {
    writeFileSync(file, 'no database at all, but long enough to be taken for one'.repeat(100));
    start();
    expect(warned()).toContain(`${file}.corrupt-1`);
    write(1);
    expect(ids()).toEqual([1]);
    expect(left()).toContain('traffic.db.corrupt-1');
  });

  test('in the middle of the work', () => {
    start();
    write(1);
    server.receive({ type: 'close' });
    // The page behind the first is overwritten: the file opens, and fails when it is used.
    const page = 4_096;
    const damaged = Buffer.alloc(page * 40, 0xa5);
    const db = new DatabaseSync(file);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    start();
    expect(said[0]).toMatchObject({ type: 'opened', maxId: 1 });
    const handle = connections[0]!;
    handle.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    writeFileSync(file, damaged, { flag: 'r+' });
    handle.exec('PRAGMA cache_size = 0; PRAGMA shrink_memory');
    for (let id = 2; id < 5; id += 1) write(id);
    expect(said.some((message) => message.type === 'opened' && message.warning !== null)).toBe(true);
    expect(said.at(-1)).toMatchObject({ type: 'written', dropped: 0, error: null });
    expect(left()).toContain('traffic.db.corrupt-1');
  });

  test('D09 a database of another version, or of another program', () => {
    const foreign = new DatabaseSync(file);
    foreign.exec('CREATE TABLE t (a); PRAGMA user_version = 99');
    foreign.close();
    start();
    expect(warned()).toContain('version 99');
    expect(existsSync(`${file}.corrupt-1`)).toBe(true);
  });

  test('E09 a link or a folder in its place is not followed', () => {
    const target = path.join(path.dirname(file), 'elsewhere');
    symlinkSync(target, file);
    start();
    write(1);
    expect(warned()).toContain('not a plain file');
    expect(existsSync(target)).toBe(false);
    server.receive({ type: 'close' });
    rmSync(file);
    mkdirSync(path.join(file, 'sub'), { recursive: true });
    start();
    write(1);
    expect(ids()).toEqual([1]);
    expect(left()).toContain('traffic.db.corrupt-2');
  });

  test('at most five are kept', () => {
    for (let round = 0; round < 7; round += 1) {
      writeFileSync(file, 'x'.repeat(5_000));
      for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
      start();
      server.receive({ type: 'close' });
    }
    expect(left().filter((name) => /corrupt-\d$/.test(name)).length).toBe(5);
  });
});

test('D08 limits hold at the start and within a minute of traffic', async () => {
  start();
  for (let id = 1; id <= 5; id += 1) write(id);
  const age = (maxAgeMs: number): ToStore => ({ type: 'limits', limits: { ...limits, maxAgeMs } });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  server.receive(age(120_000));
  await turn();
  expect(ids()).toEqual([5, 4, 3, 2, 1]);
  now += 121_000;
  write(6);
  await turn();
  await turn();
  expect(ids()).toEqual([6]);
});

test('a long question lets rows be written meanwhile', async () => {
  start();
  const rows = Array.from({ length: 12_000 }, (_, index) => stored({ id: index + 1 }));
  server.receive({ type: 'write', batch: batch(rows), above: 0 });
  const query = { filter: filter(''), from: 0, until: Number.MAX_SAFE_INTEGER, nowMs: now };
  server.receive({ type: 'latencies', call: 9, query });
  write(20_000);
  expect(said.at(-1)?.type).toBe('written');
  while (said.at(-1)?.type !== 'answer') await new Promise((resolve) => setImmediate(resolve));
  expect(said.at(-1)).toMatchObject({ call: 9, answer: [{ tool: 'create_issue', count: 12_001 }] });
});
