import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import type { LiveBatch } from '../../../shared/model/exchange.ts';
import { HubSettings } from '../../../shared/model/settings.ts';
import { MINUTE, rejected, ServiceStage } from './service-stage.ts';
import { batch, stored } from './stored-fixture.ts';

const stage = new ServiceStage();

test('what was tapped can be listed, filtered and read, at once', async () => {
  stage.start();
  stage.call(1, 'create_issue');
  stage.call(2, 'delete_issue', { error: { code: -32_000, message: 'no' } });
  stage.send('up', { id: 3, method: 'tools/call', params: { name: 'slow' } });
  expect((await stage.list()).map(({ id, tool, outcome }) => [id, tool, outcome])).toEqual([
    [3, 'slow', 'pending'],
    [2, 'delete_issue', 'error'],
    [1, 'create_issue', 'ok'],
  ]);
  expect((await stage.list('status:error')).map(({ id }) => id)).toEqual([2]);
  const page = await stage.service.list({ filter: '', limit: 1, before: 3 });
  expect([page.exchanges[0]?.id, page.more]).toEqual([2, true]);
  const detail = await stage.service.get(2);
  expect(detail.request?.text).toContain('"delete_issue"');
  expect(detail.response?.text).toContain('-32000');
  expect(detail.phases).toEqual({ queueMs: 0, hubInMs: 0, serverMs: 5, hubOutMs: 0 });
  expect(await rejected(stage.service.get(99))).toBe('NOT_FOUND');
  expect(await rejected(stage.service.list({ filter: 'foo:bar', limit: 1 }))).toBe('FILTER_INVALID');
  expect(await rejected(stage.service.latency({ filter: 'foo:bar', sinceMs: 1, compare: false }))).toBe(
    'FILTER_INVALID',
  );
  expect(await rejected(stage.service.live('foo:bar', new AbortController().signal).next())).toBe(
    'FILTER_INVALID',
  );
  expect([stage.service.dropped, stage.service.storeError, stage.service.storeWarning]).toEqual([
    0,
    null,
    null,
  ]);
});

test('E16 the store is sent frames as they are, and keeps none of their secrets', async () => {
  stage.start();
  stage.send('up', {
    id: 1,
    method: 'tools/call',
    params: { name: 'x', arguments: { password: 'hunter2' } },
  });
  const detail = await stage.service.get((await stage.list())[0]!.id);
  expect(detail.request).toMatchObject({ redactions: 1, truncated: false });
  expect(JSON.stringify(detail)).not.toContain('hunter2');
});

test('ids go on where the last hub ended', async () => {
  stage.start();
  stage.call(1);
  await stage.service.close();
  stage.start();
  stage.call(1);
  expect((await stage.list()).map(({ id }) => id)).toEqual([2, 1]);
});

describe('settings', () => {
  test('bodies off, limit, and limits of the store', async () => {
    stage.start({ captureBodies: false });
    stage.call(1);
    expect((await stage.service.get(1)).request ?? 'none').toBe('none');
    stage.service.applySettings(
      HubSettings.parse({ captureLimitBytes: 10, historyMaxDays: 3, historyMaxMb: 7 }),
    );
    stage.call(2);
    await stage.list();
    expect((await stage.service.get(2)).request).toMatchObject({ bytes: 79, truncated: true });
    expect(stage.store.sent).toContainEqual({
      type: 'limits',
      limits: { maxBytes: 7 * 1_048_576, maxAgeMs: 3 * 86_400_000 },
    });
  });
});

test('switched off, nothing is kept, and what status and metrics tell goes on', async () => {
  stage.start({ recordTraffic: false });
  const reading = stage.service.live('', new AbortController().signal).next();
  stage.call(1);
  stage.call(2, 'x', { error: { code: 1, message: 'no' } });
  expect(await stage.list()).toEqual([]);
  expect(stage.store.sent.map(({ type }) => type)).not.toContain('write');
  expect([...stage.service.countsLastHour()]).toEqual([['github', { calls: 2, errors: 1 }]]);
  expect(
    (await stage.service.latency({ filter: '', sinceMs: MINUTE, compare: false })).map(({ tool }) => tool),
  ).toEqual(['create_issue', 'x']);
  expect([...stage.service.totals.exchanges()].length).toBe(2);
  expect([...stage.service.totals.durations()]).toMatchObject([
    { server: 'github', count: 2, sumSeconds: 0.01 },
  ]);
  stage.service.applySettings(HubSettings.parse({}));
  stage.call(3);
  expect((await stage.list()).map(({ rpcId }) => rpcId)).toEqual(['3']);
  expect(((await reading) as { value: LiveBatch }).value.rows.map(({ rpcId }) => rpcId)).toEqual(['3']);
});

describe('D06 without a usable store', () => {
  test('traffic goes on, recent rows are shown, and what is lost is counted', async () => {
    stage.file = path.join(stage.folder(), 'missing', 'traffic.db');
    stage.start();
    stage.call(1);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stage.service.storeError).toContain('ENOENT');
    stage.call(2, 'other');
    expect((await stage.list()).map(({ id }) => id)).toEqual([2, 1]);
    expect((await stage.list('tool:other')).length).toBe(1);
    expect(await stage.service.get(1)).toMatchObject({ exchange: { id: 1 }, request: null });
    expect((await stage.service.latency({ filter: '', sinceMs: MINUTE, compare: false })).length).toBe(2);
    expect(
      (await stage.service.latency({ filter: 'tool:other', sinceMs: MINUTE, compare: false })).length,
    ).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stage.service.dropped).toBe(2);
  });

  test('a worker that dies: unconfirmed rows are counted, questions fail, ids do not start again', async () => {
    stage.start();
    stage.call(1);
    await stage.list();
    stage.store.hold(true);
    stage.store.sent.length = 0;
    stage.call(2);
    const question = rejected(stage.service.list({ filter: '', limit: 1 }));
    await vi.waitFor(() => expect(stage.store.sent.at(-1)?.type).toBe('search'), { timeout: 10_000 });
    stage.store.crash();
    expect(await question).toBe('INTERNAL');
    expect([stage.service.dropped, stage.service.storeError]).toEqual([1, 'the worker ended']);
    stage.call(3);
    expect((await stage.list()).map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  test('a worker that hangs: memory stays bounded, and closing takes 2 s at most', async () => {
    stage.start();
    stage.call(0);
    await stage.list();
    stage.store.hold(true);
    for (let id = 1; id <= 21_500; id += 1) stage.call(id);
    expect(stage.service.dropped).toBeGreaterThan(0);
    stage.fakeTimers();
    const closing = stage.service.close();
    await vi.advanceTimersByTimeAsync(2_000);
    await closing;
  });

  test('rows of a store that opens late are never written over', async () => {
    const before = new ExchangeStore(stage.file);
    before.write(batch([stored({ id: 1, tool: 'kept' }), stored({ id: 2, tool: 'kept' })]));
    before.close();
    stage.start();
    stage.store.hold(true);
    stage.fakeTimers();
    // The first worker dies before it could say which ids are taken.
    stage.store.crash();
    stage.call(1, 'early');
    expect((await stage.list()).map(({ id }) => id)).toEqual([1]);
    stage.store.hold(false);
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.waitFor(() => expect([stage.store.starts(), stage.service.storeError]).toEqual([2, null]), {
      timeout: 10_000,
    });
    stage.call(2, 'late');
    expect((await stage.list()).map(({ id, tool }) => [id, tool])).toEqual([
      [3, 'late'],
      [2, 'kept'],
      [1, 'kept'],
    ]);
  });
});
