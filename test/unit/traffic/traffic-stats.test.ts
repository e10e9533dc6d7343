import { describe, expect, test } from 'vitest';
import { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import { MINUTE, ServiceStage } from './service-stage.ts';
import { batch, stored } from './stored-fixture.ts';

const stage = new ServiceStage();

describe('stats', () => {
  const counts = async (filter: string, sinceMs: number): Promise<unknown> =>
    (await stage.service.latency({ filter, sinceMs, compare: false })).map(({ tool, count, errors }) => [
      tool,
      count,
      errors,
    ]);

  test('of this process, of earlier ones, and of both together', async () => {
    const before = new ExchangeStore(stage.file);
    const rows = [
      stored({ id: 1, at: stage.now - 120 * MINUTE, durationMs: 100 }),
      stored({ id: 2, at: stage.now - 30 * MINUTE, durationMs: 100, outcome: 'error' }),
      stored({ id: 3, at: stage.now - 1, tool: 'old', durationMs: 1 }),
    ];
    before.write(batch(rows));
    before.close();
    stage.start();
    stage.now += 10;
    stage.call(1);
    stage.call(2);
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
    const [row] = await stage.service.latency({ filter: '', sinceMs: 60 * MINUTE, compare: false });
    expect(row).toMatchObject({ server: 'github', maxMs: 100 });
    expect(row!.p50Ms / 5).toBeCloseTo(1, 1);
    expect(row!.spark.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  test('need no store for what happened in this process', async () => {
    stage.start();
    stage.call(1);
    await stage.list();
    stage.now += 5 * MINUTE;
    const asked = stage.store.sent.length;
    expect(await counts('', 2 * MINUTE)).toEqual([]);
    expect(stage.store.sent.length).toBe(asked);
    expect(await counts('', 60 * MINUTE)).toEqual([['create_issue', 1, 0]]);
  });

  test('are compared with the period before', async () => {
    const before = new ExchangeStore(stage.file);
    const old = (id: number, minutesAgo: number, durationMs: number, tool = 'create_issue') =>
      stored({ id, at: stage.now - minutesAgo * MINUTE, durationMs, tool });
    before.write(batch([old(1, 90, 100), old(2, 70, 100, 'gone'), old(3, 30, 10)]));
    before.close();
    stage.start();
    stage.call(1);
    stage.call(2, 'new');
    for (const filter of ['', 'server:github', 'method:tools/call']) {
      const rows = await stage.service.latency({ filter, sinceMs: 60 * MINUTE, compare: true });
      expect(rows.map(({ tool, count, previous }) => [tool, count, previous?.count ?? null])).toEqual([
        ['create_issue', 2, 1],
        ['new', 1, null],
      ]);
      expect(rows[0]!.previous).toMatchObject({ errors: 0, p50Ms: rows[0]!.previous!.p99Ms });
      expect(rows[0]!.previous!.p50Ms / 100).toBeCloseTo(1, 1);
    }
    expect(
      (await stage.service.latency({ filter: '', sinceMs: 60 * MINUTE, compare: false }))[0]!.previous,
    ).toBeNull();
  });

  test('how durations lie, from memory, from the store, and from both', async () => {
    const before = new ExchangeStore(stage.file);
    before.write(
      batch([
        stored({ id: 1, at: stage.now - 30 * MINUTE, durationMs: 100, hubMs: 0.5 }),
        stored({ id: 2, at: stage.now - 2 * 60 * MINUTE, durationMs: 1 }),
        stored({ id: 3, at: stage.now - 30 * MINUTE, outcome: 'lost', durationMs: null, hubMs: null }),
      ]),
    );
    before.close();
    stage.start();
    stage.call(1);
    stage.call(2);
    for (const filter of ['', '-server:other', 'method:tools/call']) {
      const { boundsMs, counts, slices, total, hub } = await stage.service.distribution({
        filter,
        sinceMs: 60 * MINUTE,
      });
      expect(total).toMatchObject({ count: 4, errors: 1, maxMs: 100 });
      expect([boundsMs[0], boundsMs.at(-1)]).toEqual([6.8, 100]);
      expect([counts[0], counts.at(-1), counts.length]).toEqual([2, 1, boundsMs.length]);
      expect([slices.length, slices[30]!.counts.at(-1), slices.at(-1)!.counts[0]]).toEqual([60, 1, 2]);
      expect(hub.p99Ms).toBeCloseTo(0.5, 2);
    }
    expect((await stage.service.distribution({ filter: 'server:other', sinceMs: MINUTE })).total.count).toBe(
      0,
    );
  });

  test('counts of the last hour', () => {
    stage.start();
    stage.call(1);
    stage.call(2, 'x', { result: { isError: true } });
    stage.send('down', { id: 9, method: 'roots/list' });
    stage.send('up', { id: 9, result: {} });
    expect([...stage.service.countsLastHour()]).toEqual([['github', { calls: 2, errors: 1 }]]);
  });
});
