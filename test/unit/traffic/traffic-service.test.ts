import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTrafficServiceWith } from '../../../electron/hub/traffic/create-traffic-service.ts';
import { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import type { SessionTap } from '../../../electron/hub/traffic/tap.ts';
import type { TrafficService } from '../../../electron/hub/traffic/traffic-service.ts';
import type { Exchange, LiveBatch } from '../../../shared/model/exchange.ts';
import { HubSettings } from '../../../shared/model/settings.ts';
import { sameThreadStore, type SameThreadStore } from './same-thread-store.ts';
import { batch, stored } from './stored-fixture.ts';
import { temporaryFolders } from './temporary-folder.ts';

const MINUTE = 60_000;
const folders = temporaryFolders();

let file = '';
let now = 0;
let store: SameThreadStore;
let service: TrafficService;
let tap: SessionTap;

function start(settings: Partial<HubSettings> = {}): void {
  store = sameThreadStore(() => now);
  service = createTrafficServiceWith(
    { file, settings: HubSettings.parse(settings), now: () => now },
    store.open,
  );
  tap = service.tap.openSession({
    sessionId: 's1',
    client: 'claude-code',
    project: '/home/me/web',
    server: 'github',
    instanceId: 'i1',
  });
}

function send(direction: 'up' | 'down', message: object, at = performance.now()): void {
  const frame = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  tap.frame(direction === 'up' ? 'client-to-server' : 'server-to-client', frame, at, at);
}

function call(id: number, tool = 'create_issue', answer: object = { result: {} }): void {
  const at = performance.now();
  send('up', { id, method: 'tools/call', params: { name: tool } }, at);
  send('down', { id, ...answer }, at + 5);
}

const list = async (filter = '', limit = 100): Promise<Exchange[]> =>
  (await service.list({ filter, limit })).exchanges;

const rejected = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error as { code?: string }).code,
  );

beforeEach(() => {
  file = path.join(folders(), 'traffic.db');
  now = 28_333_333 * MINUTE;
});

afterEach(async () => {
  vi.useRealTimers();
  await service.close();
});

/** Only what the service waits with; messages to the store go on arriving. */
const fakeTimers = (): void => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

test('what was tapped can be listed, filtered and read, at once', async () => {
  start();
  call(1, 'create_issue');
  call(2, 'delete_issue', { error: { code: -32_000, message: 'no' } });
  send('up', { id: 3, method: 'tools/call', params: { name: 'slow' } });
  expect((await list()).map(({ id, tool, outcome }) => [id, tool, outcome])).toEqual([
    [3, 'slow', 'pending'],
    [2, 'delete_issue', 'error'],
    [1, 'create_issue', 'ok'],
  ]);
  expect((await list('status:error')).map(({ id }) => id)).toEqual([2]);
  const page = await service.list({ filter: '', limit: 1, before: 3 });
  expect([page.exchanges[0]?.id, page.more]).toEqual([2, true]);
  const detail = await service.get(2);
  expect(detail.request?.text).toContain('"delete_issue"');
  expect(detail.response?.text).toContain('-32000');
  expect(detail.phases).toEqual({ queueMs: 0, hubInMs: 0, serverMs: 5, hubOutMs: 0 });
  expect(await rejected(service.get(99))).toBe('NOT_FOUND');
  expect(await rejected(service.list({ filter: 'foo:bar', limit: 1 }))).toBe('FILTER_INVALID');
  expect(await rejected(service.latency({ filter: 'foo:bar', sinceMs: 1, compare: false }))).toBe(
    'FILTER_INVALID',
  );
  expect(await rejected(service.live('foo:bar', new AbortController().signal).next())).toBe('FILTER_INVALID');
  expect([service.dropped, service.storeError, service.storeWarning]).toEqual([0, null, null]);
});

test('E16 the store is sent frames as they are, and keeps none of their secrets', async () => {
  start();
  send('up', { id: 1, method: 'tools/call', params: { name: 'x', arguments: { password: 'hunter2' } } });
  const detail = await service.get((await list())[0]!.id);
  expect(detail.request).toMatchObject({ redactions: 1, truncated: false });
  expect(JSON.stringify(detail)).not.toContain('hunter2');
});

test('ids go on where the last hub ended', async () => {
  start();
  call(1);
  await service.close();
  start();
  call(1);
  expect((await list()).map(({ id }) => id)).toEqual([2, 1]);
});

describe('settings', () => {
  test('bodies off, limit, and limits of the store', async () => {
    start({ captureBodies: false });
    call(1);
    expect((await service.get(1)).request ?? 'none').toBe('none');
    service.applySettings(HubSettings.parse({ captureLimitBytes: 10, historyMaxDays: 3, historyMaxMb: 7 }));
    call(2);
    await list();
    expect((await service.get(2)).request).toMatchObject({ bytes: 79, truncated: true });
    expect(store.sent).toContainEqual({
      type: 'limits',
      limits: { maxBytes: 7 * 1_048_576, maxAgeMs: 3 * 86_400_000 },
    });
  });
});

test('switched off, nothing is kept, and what status and metrics tell goes on', async () => {
  start({ recordTraffic: false });
  const reading = service.live('', new AbortController().signal).next();
  call(1);
  call(2, 'x', { error: { code: 1, message: 'no' } });
  expect(await list()).toEqual([]);
  expect(store.sent.map(({ type }) => type)).not.toContain('write');
  expect([...service.countsLastHour()]).toEqual([['github', { calls: 2, errors: 1 }]]);
  expect(
    (await service.latency({ filter: '', sinceMs: MINUTE, compare: false })).map(({ tool }) => tool),
  ).toEqual(['create_issue', 'x']);
  expect([...service.totals.exchanges()].length).toBe(2);
  expect([...service.totals.durations()]).toMatchObject([{ server: 'github', count: 2, sumSeconds: 0.01 }]);
  service.applySettings(HubSettings.parse({}));
  call(3);
  expect((await list()).map(({ rpcId }) => rpcId)).toEqual(['3']);
  expect(((await reading) as { value: LiveBatch }).value.rows.map(({ rpcId }) => rpcId)).toEqual(['3']);
});

describe('live', () => {
  const next = async (reading: AsyncGenerator<LiveBatch>): Promise<string[]> => {
    const { value } = (await reading.next()) as { value: LiveBatch };
    return [...value.rows.map(({ id, outcome }) => `${id} ${outcome}`), `${value.dropped} dropped`];
  };

  test('rows come in batches, and again when they are answered', async () => {
    start();
    const end = new AbortController();
    const reading = service.live('', end.signal);
    const first = next(reading);
    send('up', { id: 1, method: 'a' });
    call(2);
    expect(await first).toEqual(['1 pending', '2 ok', '0 dropped']);
    const second = next(reading);
    send('down', { id: 1, result: {} });
    expect(await second).toEqual(['1 ok', '0 dropped']);
    const last = reading.next();
    end.abort();
    expect((await last).done).toBe(true);
  });

  test('each with its filter; a row shown waiting is shown finished', async () => {
    start();
    const pending = service.live('status:pending', new AbortController().signal);
    const errors = service.live('status:error', new AbortController().signal);
    const firsts = [next(pending), next(errors)];
    send('up', { id: 1, method: 'a' });
    await list();
    send('down', { id: 1, error: { code: 1, message: 'x' } });
    await list();
    expect(await Promise.all(firsts)).toEqual([
      ['1 pending', '0 dropped'],
      ['1 error', '0 dropped'],
    ]);
    expect(await next(pending)).toEqual(['1 error', '0 dropped']);
  });

  test('B12 who reads slowly gets the first thousand and the count of the rest', async () => {
    start();
    const reading = service.live('', new AbortController().signal);
    const first = next(reading);
    call(0);
    expect(await first).toEqual(['1 ok', '0 dropped']);
    for (let id = 1; id <= 2_500; id += 1) call(id);
    await list();
    const { value } = (await reading.next()) as { value: LiveBatch };
    expect(value.rows.length).toBe(1_000);
    // A row that was answered after it had been passed over counts twice.
    expect(value.dropped).toBeGreaterThanOrEqual(1_500);
    expect((await list('', 1_000)).length).toBe(1_000);
  });

  test('ends with the service', async () => {
    start();
    const reading = service.live('', new AbortController().signal).next();
    call(1);
    await reading;
    const last = service.live('', new AbortController().signal).next();
    await service.close();
    expect((await last).done).toBe(true);
  });
});

describe('stats', () => {
  const counts = async (filter: string, sinceMs: number): Promise<unknown> =>
    (await service.latency({ filter, sinceMs, compare: false })).map(({ tool, count, errors }) => [
      tool,
      count,
      errors,
    ]);

  test('of this process, of earlier ones, and of both together', async () => {
    const before = new ExchangeStore(file);
    const rows = [
      stored({ id: 1, at: now - 120 * MINUTE, durationMs: 100 }),
      stored({ id: 2, at: now - 30 * MINUTE, durationMs: 100, outcome: 'error' }),
      stored({ id: 3, at: now - 1, tool: 'old', durationMs: 1 }),
    ];
    before.write(batch(rows));
    before.close();
    start();
    now += 10;
    call(1);
    call(2);
    expect(await counts('', 60 * MINUTE)).toEqual([
      ['create_issue', 3, 1],
      ['old', 1, 0],
    ]);
    expect(await counts('', 180 * MINUTE)).toEqual([
      ['create_issue', 4, 1],
      ['old', 1, 0],
    ]);
    expect(await counts('tool:create*', 60 * MINUTE)).toEqual([['create_issue', 3, 1]]);
    expect(await counts('status:error', 60 * MINUTE)).toEqual([['create_issue', 1, 1]]);
    const [row] = await service.latency({ filter: '', sinceMs: 60 * MINUTE, compare: false });
    expect(row).toMatchObject({ server: 'github', maxMs: 100 });
    expect(row!.p50Ms / 5).toBeCloseTo(1, 1);
    expect(row!.spark.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  test('need no store for what happened in this process', async () => {
    start();
    call(1);
    await list();
    now += 5 * MINUTE;
    const asked = store.sent.length;
    expect(await counts('', 2 * MINUTE)).toEqual([]);
    expect(store.sent.length).toBe(asked);
    expect(await counts('', 60 * MINUTE)).toEqual([['create_issue', 1, 0]]);
  });

  test('counts of the last hour', () => {
    start();
    call(1);
    call(2, 'x', { result: { isError: true } });
    send('down', { id: 9, method: 'roots/list' });
    send('up', { id: 9, result: {} });
    expect([...service.countsLastHour()]).toEqual([['github', { calls: 2, errors: 1 }]]);
  });
});

describe('D06 without a usable store', () => {
  test('traffic goes on, recent rows are shown, and what is lost is counted', async () => {
    file = path.join(folders(), 'missing', 'traffic.db');
    start();
    call(1);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(service.storeError).toContain('ENOENT');
    call(2, 'other');
    expect((await list()).map(({ id }) => id)).toEqual([2, 1]);
    expect((await list('tool:other')).length).toBe(1);
    expect(await service.get(1)).toMatchObject({ exchange: { id: 1 }, request: null });
    expect((await service.latency({ filter: '', sinceMs: MINUTE, compare: false })).length).toBe(2);
    expect((await service.latency({ filter: 'tool:other', sinceMs: MINUTE, compare: false })).length).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(service.dropped).toBe(2);
  });

  test('a worker that dies: unconfirmed rows are counted, questions fail, ids do not start again', async () => {
    start();
    call(1);
    await list();
    store.hold(true);
    store.sent.length = 0;
    call(2);
    const question = rejected(service.list({ filter: '', limit: 1 }));
    await vi.waitFor(() => expect(store.sent.at(-1)?.type).toBe('search'));
    store.crash();
    expect(await question).toBe('INTERNAL');
    expect([service.dropped, service.storeError]).toEqual([1, 'the worker ended']);
    call(3);
    expect((await list()).map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  test('a worker that hangs: memory stays bounded, and closing takes 2 s at most', async () => {
    start();
    call(0);
    await list();
    store.hold(true);
    for (let id = 1; id <= 21_500; id += 1) call(id);
    expect(service.dropped).toBeGreaterThan(0);
    fakeTimers();
    const closing = service.close();
    await vi.advanceTimersByTimeAsync(2_000);
    await closing;
  });

  test('rows of a store that opens late are never written over', async () => {
    const before = new ExchangeStore(file);
    before.write(batch([stored({ id: 1, tool: 'kept' }), stored({ id: 2, tool: 'kept' })]));
    before.close();
    start();
    store.hold(true);
    fakeTimers();
    // The first worker dies before it could say which ids are taken.
    store.crash();
    call(1, 'early');
    expect((await list()).map(({ id }) => id)).toEqual([1]);
    store.hold(false);
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(() => expect([store.starts(), service.storeError]).toEqual([2, null]));
    call(2, 'late');
    expect((await list()).map(({ id, tool }) => [id, tool])).toEqual([
      [3, 'late'],
      [2, 'kept'],
      [1, 'kept'],
    ]);
  });
});
