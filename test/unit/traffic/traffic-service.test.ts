import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTrafficServiceWith } from '../../../electron/hub/traffic/create-traffic-service.ts';
import { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import type { SessionTap } from '../../../electron/hub/traffic/tap.ts';
import type { TrafficService } from '../../../electron/hub/traffic/traffic-service.ts';
import type { Exchange, LiveBatch, SearchStep, UsageSample } from '../../../shared/model/exchange.ts';
import type { StderrLine } from '../../../shared/model/server.ts';
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
let stderr: StderrLine[] = [];
let usage: UsageSample[] = [];
let annotationChanges = 0;

function start(settings: Partial<HubSettings> = {}): void {
  store = sameThreadStore(() => now);
  service = createTrafficServiceWith(
    {
      file,
      settings: HubSettings.parse(settings),
      now: () => now,
      surroundings: { stderr: () => stderr, usage: () => usage },
      onAnnotations: () => (annotationChanges += 1),
    },
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
  stderr = [];
  usage = [];
  annotationChanges = 0;
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

  describe('credit', () => {
    const batchOf = async (reading: AsyncGenerator<LiveBatch>): Promise<LiveBatch> =>
      ((await reading.next()) as { value: LiveBatch }).value;

    /** Reads four batches without saying so. */
    async function fourBatches(reading: AsyncGenerator<LiveBatch>): Promise<LiveBatch[]> {
      const batches: LiveBatch[] = [];
      for (let number = 1; number <= 4; number += 1) {
        const next = batchOf(reading);
        call(number);
        await list();
        batches.push(await next);
      }
      return batches;
    }

    test('a reader is at most four batches behind; what comes meanwhile is joined', async () => {
      start();
      const reading = service.live('', new AbortController().signal);
      const batches = await fourBatches(reading);
      expect(batches.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
      const { feed } = batches[0]!;
      service.took(feed, 1);
      const fifth = batchOf(reading);
      call(5);
      expect((await fifth).number).toBe(5);
      let arrived = false;
      const sixth = batchOf(reading).finally(() => (arrived = true));
      for (let number = 6; number <= 8; number += 1) {
        call(number);
        await list();
      }
      expect(arrived).toBe(false);
      service.took('another', 5);
      service.took(feed, 5);
      expect(await sixth).toMatchObject({
        feed,
        number: 6,
        dropped: 0,
        rows: [{ id: 6 }, { id: 7 }, { id: 8 }],
      });
    });

    test('one that never says what it took gets a batch a second', async () => {
      start();
      const reading = service.live('', new AbortController().signal);
      await fourBatches(reading);
      fakeTimers();
      let arrived = false;
      const next = batchOf(reading).finally(() => (arrived = true));
      call(5);
      await list();
      await vi.advanceTimersByTimeAsync(900);
      expect(arrived).toBe(false);
      await vi.advanceTimersByTimeAsync(200);
      expect((await next).rows.map(({ id }) => id)).toEqual([5]);
    });

    test('what a reader without credit has no room for is counted', async () => {
      start();
      const reading = service.live('', new AbortController().signal);
      const batches = await fourBatches(reading);
      for (let id = 5; id <= 1_504; id += 1) call(id);
      await list();
      service.took(batches[3]!.feed, 4);
      const { rows, dropped } = await batchOf(reading);
      expect([rows.length, dropped]).toEqual([1_000, 500]);
    });
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

describe('search', () => {
  const steps = async (filter: string, limit = 100): Promise<SearchStep[]> => {
    const found: SearchStep[] = [];
    for await (const step of service.search({ filter, limit }, new AbortController().signal))
      found.push(step);
    return found;
  };

  test('brings what matches, and says at the end whether there is more', async () => {
    start();
    call(1);
    call(2, 'other');
    call(3);
    const found = await steps('tool:create*');
    expect(found.flatMap(({ exchanges }) => exchanges.map(({ id }) => id))).toEqual([3, 1]);
    expect(found.at(-1)).toMatchObject({ scanned: 1, end: { more: false } });
    expect((await steps('', 2)).at(-1)?.end).toEqual({ more: true });
    expect(await rejected(steps('foo:bar'))).toBe('FILTER_INVALID');
  });

  test('is taken back when its reader stops or its signal aborts', async () => {
    start();
    call(1);
    await list();
    store.hold(true);
    store.sent.length = 0;
    const end = new AbortController();
    const aborted = service.search({ filter: 'x', limit: 1 }, end.signal).next();
    await vi.waitFor(() => expect(store.sent.at(-1)?.type).toBe('search'));
    end.abort();
    expect((await aborted).done).toBe(true);
    expect(store.sent.at(-1)).toMatchObject({ type: 'cancel' });
    store.hold(false);
    expect((await list()).length).toBe(1);
  });

  test('a histogram nobody waits for is taken back', async () => {
    start();
    await list();
    store.hold(true);
    const end = new AbortController();
    const query = { filter: 'x', from: 0, until: now, slices: 10 };
    const asked = service.histogram(query, end.signal);
    await vi.waitFor(() => expect(store.sent.at(-1)?.type).toBe('histogram'));
    end.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect(store.sent.at(-1)).toMatchObject({ type: 'cancel' });
    await expect(service.histogram(query, end.signal)).rejects.toThrow('aborted');
    store.hold(false);
  });
});

test('a histogram counts matches and failures over time', async () => {
  start();
  call(1);
  now += 5_000;
  call(2, 'x', { error: { code: 1, message: 'no' } });
  const slices = await service.histogram({ filter: '', from: now - 9_000, until: now + 1_000, slices: 5 });
  expect(slices.map(({ at, count, failed }) => [at - now, count, failed])).toEqual([
    [-9_000, 0, 0],
    [-7_000, 0, 0],
    [-5_000, 1, 0],
    [-3_000, 0, 0],
    [-1_000, 1, 1],
  ]);
});

describe('annotations', () => {
  test('are told, changed and filtered by', async () => {
    start();
    call(1);
    call(2);
    await service.annotate(2, { bookmarked: true, note: 'look' });
    expect(await service.annotations()).toEqual([{ exchange: 2, bookmarked: true, note: 'look', at: now }]);
    expect([annotationChanges, (await list('is:bookmarked')).map(({ id }) => id)]).toEqual([1, [2]]);
    expect(await rejected(service.annotate(99, { bookmarked: true, note: null }))).toBe('NOT_FOUND');
    await service.annotate(2, { bookmarked: false, note: null });
    expect([annotationChanges, await service.annotations()]).toEqual([2, []]);
  });

  test('a live view of what is bookmarked shows a call that is answered later', async () => {
    start();
    send('up', { id: 1, method: 'a' });
    const [waiting] = await list();
    await service.annotate(waiting!.id, { bookmarked: true, note: null });
    await service.close();
    start();
    const reading = service.live('is:bookmarked', new AbortController().signal).next();
    await service.annotate(waiting!.id, { bookmarked: true, note: 'again' });
    call(2);
    await list();
    await service.close();
    // The new call is none of them.
    expect((await reading).done).toBe(true);
  });
});

describe('what happened around a call', () => {
  const notify = (method: string, params: object): void => send('down', { method, params });
  const progress = (token: unknown): void =>
    notify('notifications/progress', { progressToken: token, progress: 1 });
  const idsOf = (rows: readonly { id: number }[]): number[] => rows.map(({ id }) => id);

  test('its messages, its neighbours, its like', async () => {
    start();
    call(1);
    notify('notifications/message', { level: 'info', data: 'before' });
    now += 10;
    const at = performance.now();
    send(
      'up',
      { id: 5, method: 'tools/call', params: { name: 'create_issue', _meta: { progressToken: 7 } } },
      at,
    );
    progress(7);
    progress('7');
    notify('notifications/message', { level: 'info', data: 'while it ran' });
    notify('notifications/tools/list_changed', {});
    send('down', { id: 1, method: 'roots/list' });
    send('up', { id: 1, result: { roots: [] } });
    now += 20;
    send('down', { id: 5, result: {} }, at + 20);
    now += 2_000;
    notify('notifications/message', { level: 'info', data: 'after' });
    call(6, 'other');
    const all = await list();
    const target = all.find(({ rpcId }) => rpcId === '5')!;
    const context = await service.context(target.id);
    expect(
      context.messages.map(({ exchange: { method }, body }) => [method, body?.text.includes('7')]),
    ).toEqual([
      ['notifications/progress', true],
      ['notifications/message', false],
      ['roots/list', false],
    ]);
    const own = all.filter(({ kind, id }) => kind === 'request' && id !== target.id);
    expect(idsOf(context.nearby)).toEqual(idsOf(own).toReversed());
    expect(context.sameTool.map(({ rpcId }) => rpcId)).toEqual(['1']);
    expect(await rejected(service.context(999))).toBe('NOT_FOUND');
  });

  test('progress without a body is told by time', async () => {
    start({ captureBodies: false });
    const at = performance.now();
    send('up', { id: 5, method: 'tools/call', params: { name: 'x', _meta: { progressToken: 7 } } }, at);
    progress(8);
    send('down', { id: 5, result: {} }, at + 20);
    const { messages } = await service.context(1);
    expect(messages).toMatchObject([{ exchange: { method: 'notifications/progress' }, body: null }]);
  });

  test('what its instance wrote and used', async () => {
    start();
    const line = (ago: number, text: string, instanceId = 'i1'): StderrLine => ({
      at: now - ago,
      instanceId,
      text,
    });
    const reading = (ago: number): UsageSample => ({ at: now - ago, rssBytes: ago, cpuPercent: 1 });
    stderr = [line(1_001, 'too early'), line(900, 'early'), line(0, 'now'), line(0, 'other', 'i2')];
    usage = [reading(4_000), reading(2_000), reading(-2), reading(-9_000), reading(-11_000)];
    call(1);
    const context = await service.context((await list())[0]!.id);
    expect(context.stderr.map(({ text }) => text)).toEqual(['early', 'now']);
    expect(context.usage.map(({ rssBytes }) => rssBytes)).toEqual([2_000, -2, -9_000]);
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

  test('are compared with the period before', async () => {
    const before = new ExchangeStore(file);
    const old = (id: number, minutesAgo: number, durationMs: number, tool = 'create_issue') =>
      stored({ id, at: now - minutesAgo * MINUTE, durationMs, tool });
    before.write(batch([old(1, 90, 100), old(2, 70, 100, 'gone'), old(3, 30, 10)]));
    before.close();
    start();
    call(1);
    call(2, 'new');
    for (const filter of ['', 'server:github', 'method:tools/call']) {
      const rows = await service.latency({ filter, sinceMs: 60 * MINUTE, compare: true });
      expect(rows.map(({ tool, count, previous }) => [tool, count, previous?.count ?? null])).toEqual([
        ['create_issue', 2, 1],
        ['new', 1, null],
      ]);
      expect(rows[0]!.previous).toMatchObject({ errors: 0, p50Ms: rows[0]!.previous!.p99Ms });
      expect(rows[0]!.previous!.p50Ms / 100).toBeCloseTo(1, 1);
    }
    expect(
      (await service.latency({ filter: '', sinceMs: 60 * MINUTE, compare: false }))[0]!.previous,
    ).toBeNull();
  });

  test('how durations lie, from memory, from the store, and from both', async () => {
    const before = new ExchangeStore(file);
    before.write(
      batch([
        stored({ id: 1, at: now - 30 * MINUTE, durationMs: 100, hubMs: 0.5 }),
        stored({ id: 2, at: now - 2 * 60 * MINUTE, durationMs: 1 }),
        stored({ id: 3, at: now - 30 * MINUTE, outcome: 'lost', durationMs: null, hubMs: null }),
      ]),
    );
    before.close();
    start();
    call(1);
    call(2);
    for (const filter of ['', '-server:other', 'method:tools/call']) {
      const { boundsMs, counts, slices, total, hub } = await service.distribution({
        filter,
        sinceMs: 60 * MINUTE,
      });
      expect(total).toMatchObject({ count: 4, errors: 1, maxMs: 100 });
      expect([boundsMs[0], boundsMs.at(-1)]).toEqual([6.8, 100]);
      expect([counts[0], counts.at(-1), counts.length]).toEqual([2, 1, boundsMs.length]);
      expect([slices.length, slices[30]!.counts.at(-1), slices.at(-1)!.counts[0]]).toEqual([60, 1, 2]);
      expect(hub.p99Ms).toBeCloseTo(0.5, 2);
    }
    expect((await service.distribution({ filter: 'server:other', sinceMs: MINUTE })).total.count).toBe(0);
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
