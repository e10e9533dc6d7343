import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Found } from '../../../electron/hub/traffic/store-search.ts';
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

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the server says to a question, the last of it last. */
async function answerTo(call: number): Promise<FromStore[]> {
  const own = (): FromStore[] => said.filter((message) => 'call' in message && message.call === call);
  while (!['answer', 'refused'].includes(own().at(-1)?.type ?? '')) await turn();
  return own();
}

const ids = async (): Promise<unknown> => {
  const query = { filter: filter(''), limit: 100, before: undefined, nowMs: now };
  said = said.filter((message) => !('call' in message));
  server.receive({ type: 'search', call: 1, query });
  const answers = (await answerTo(1)) as { found?: Found; answer?: Found }[];
  return answers.flatMap(({ found, answer }) => (found ?? answer)!.exchanges.map(({ id }) => id));
};

const left = (): string[] => readdirSync(path.dirname(file)).toSorted();

beforeEach(() => {
  file = path.join(folders(), 'traffic.db');
  now = 1_700_000_000_000;
});

afterEach(() => server.receive({ type: 'close' }));

test('says what it holds, confirms each write, answers in order', async () => {
  start();
  expect(said).toEqual([{ type: 'opened', maxId: 0, warning: null }]);
  write(1);
  write(2);
  expect(said.slice(1)).toMatchObject([
    { type: 'written', dropped: 0, error: null },
    { type: 'written', dropped: 0, error: null },
  ]);
  expect(await ids()).toEqual([2, 1]);
  server.receive({ type: 'close' });
  start();
  expect(said[0]).toEqual({ type: 'opened', maxId: 2, warning: null });
});

describe('D06 a full disk', () => {
  test('drops rows, says so, and recovers by itself', async () => {
    start();
    write(1);
    const db = connections[0]!;
    const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number };
    db.exec(`PRAGMA max_page_count = ${pages}`);
    write(2, 'x'.repeat(50_000));
    expect(said.at(-1)).toMatchObject({ type: 'written', dropped: 1, error: 'database or disk is full' });
    expect(await ids()).toEqual([1]);
    db.exec('PRAGMA max_page_count = 1000000');
    write(3);
    expect(said.at(-1)).toMatchObject({ type: 'written', dropped: 0, error: null });
    expect(await ids()).toEqual([3, 1]);
  });

  test('a file that cannot be created is tried again later', async () => {
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
    expect(await ids()).toEqual([3]);
  });

  test('a file deleted while it is in use', async () => {
    start();
    write(1);
    for (const name of left()) rmSync(path.join(path.dirname(file), name));
    now += 5_000;
    write(2);
    expect(said.at(-1)).toMatchObject({ type: 'written', dropped: 0, error: null });
    expect([await ids(), left().includes('traffic.db')]).toEqual([[2], true]);
  });

  test('any other trouble: the file is opened again after a while', async () => {
    start();
    connections[0]!.exec('PRAGMA query_only = 1');
    write(1);
    expect(said.slice(-2)).toMatchObject([{ dropped: 1 }, { type: 'unavailable' }]);
    write(2);
    expect(said.at(-1)).toMatchObject({ dropped: 1, error: 'attempt to write a readonly database' });
    now += 5_000;
    write(3);
    expect(await ids()).toEqual([3]);
  });

  test('D07 a locked file', async () => {
    start();
    connections[0]!.exec('PRAGMA busy_timeout = 1');
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    write(1);
    expect(said.at(-1)).toMatchObject({ dropped: 1, error: 'database is locked' });
    other.exec('ROLLBACK');
    other.close();
    write(2);
    expect(await ids()).toEqual([2]);
  });
});

describe('D07 a damaged file is set aside', () => {
  const warned = (): unknown => (said[0] as { warning: string }).warning;

  test('at the start', async () => {
    writeFileSync(file, 'no database at all, but long enough to be taken for one'.repeat(100));
    start();
    expect(warned()).toContain(`${file}.corrupt-1`);
    write(1);
    expect(await ids()).toEqual([1]);
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

  test('E09 a link or a folder in its place is not followed', async () => {
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
    expect(await ids()).toEqual([1]);
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
  server.receive(age(120_000));
  await turn();
  expect(await ids()).toEqual([5, 4, 3, 2, 1]);
  now += 121_000;
  write(6);
  await turn();
  await turn();
  expect(await ids()).toEqual([6]);
});

describe('a long question', () => {
  const query = { filter: filter(''), from: 0, until: Number.MAX_SAFE_INTEGER };

  function startWithMany(): void {
    start();
    write(1);
    // Past the store, which would take longer.
    connections[0]!.exec(
      `INSERT INTO exchanges (id, at, origin, direction, kind, method, tool, outcome, request_bytes)
       WITH RECURSIVE ids(id) AS (SELECT 2 UNION ALL SELECT id + 1 FROM ids WHERE id < 60000)
       SELECT id, ${now}, 1, 0, 0, 'tools/call', 'create_issue', 0, 100 FROM ids`,
    );
  }

  test('lets rows be written meanwhile', async () => {
    startWithMany();
    server.receive({ type: 'latencies', call: 9, query: { ...query, nowMs: now } });
    write(100_000);
    expect(said.at(-1)?.type).toBe('written');
    expect((await answerTo(9)).at(-1)).toMatchObject({ answer: [{ tool: 'create_issue', count: 60_000 }] });
  });

  test('takes turns with others', async () => {
    startWithMany();
    server.receive({ type: 'latencies', call: 9, query: { ...query, nowMs: now } });
    server.receive({ type: 'get', call: 10, query: { id: 7 } });
    expect(said.at(-1)).toMatchObject({ type: 'answer', call: 10, answer: { exchange: { id: 7 } } });
    await answerTo(9);
  });

  test('is not answered when nobody waits for it any more', async () => {
    startWithMany();
    server.receive({ type: 'latencies', call: 9, query: { ...query, nowMs: now } });
    server.receive({ type: 'cancel', call: 9 });
    server.receive({ type: 'latencies', call: 11, query: { ...query, nowMs: now } });
    await answerTo(11);
    expect(said.some((message) => 'call' in message && message.call === 9)).toBe(false);
  });

  test('is refused when its file is given up in the middle', async () => {
    startWithMany();
    server.receive({ type: 'latencies', call: 9, query: { ...query, nowMs: now } });
    for (const name of left()) rmSync(path.join(path.dirname(file), name));
    now += 5_000;
    write(100_000);
    expect((await answerTo(9)).at(-1)).toMatchObject({ type: 'refused' });
    expect(said.at(-1)).toMatchObject({ type: 'written', dropped: 0 });
    expect(await ids()).toEqual([100_000]);
  });
});
