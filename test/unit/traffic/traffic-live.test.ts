import { describe, expect, test, vi } from 'vitest';
import type { LiveBatch } from '../../../shared/model/exchange.ts';
import { ServiceStage } from './service-stage.ts';

const stage = new ServiceStage();

describe('live', () => {
  const next = async (reading: AsyncGenerator<LiveBatch>): Promise<string[]> => {
    const { value } = (await reading.next()) as { value: LiveBatch };
    return [...value.rows.map(({ id, outcome }) => `${id} ${outcome}`), `${value.dropped} dropped`];
  };

  test('rows come in batches, and again when they are answered', async () => {
    stage.start();
    const end = new AbortController();
    const reading = stage.service.live('', end.signal);
    const first = next(reading);
    stage.send('up', { id: 1, method: 'a' });
    stage.call(2);
    expect(await first).toEqual(['1 pending', '2 ok', '0 dropped']);
    const second = next(reading);
    stage.send('down', { id: 1, result: {} });
    expect(await second).toEqual(['1 ok', '0 dropped']);
    const last = reading.next();
    end.abort();
    expect((await last).done).toBe(true);
  });

  test('each with its filter; a row shown waiting is shown finished', async () => {
    stage.start();
    const pending = stage.service.live('status:pending', new AbortController().signal);
    const errors = stage.service.live('status:error', new AbortController().signal);
    const firsts = [next(pending), next(errors)];
    stage.send('up', { id: 1, method: 'a' });
    await stage.list();
    stage.send('down', { id: 1, error: { code: 1, message: 'x' } });
    await stage.list();
    expect(await Promise.all(firsts)).toEqual([
      ['1 pending', '0 dropped'],
      ['1 error', '0 dropped'],
    ]);
    expect(await next(pending)).toEqual(['1 error', '0 dropped']);
  });

  test('B12 who reads slowly gets the first thousand and the count of the rest', async () => {
    stage.start();
    const reading = stage.service.live('', new AbortController().signal);
    const first = next(reading);
    stage.call(0);
    expect(await first).toEqual(['1 ok', '0 dropped']);
    for (let id = 1; id <= 2_500; id += 1) stage.call(id);
    await stage.list();
    const { value } = (await reading.next()) as { value: LiveBatch };
    expect(value.rows.length).toBe(1_000);
    // A row that was answered after it had been passed over counts twice.
    expect(value.dropped).toBeGreaterThanOrEqual(1_500);
    expect((await stage.list('', 1_000)).length).toBe(1_000);
  });

  describe('credit', () => {
    const batchOf = async (reading: AsyncGenerator<LiveBatch>): Promise<LiveBatch> =>
      ((await reading.next()) as { value: LiveBatch }).value;

    /** Reads four batches without saying so. */
    async function fourBatches(reading: AsyncGenerator<LiveBatch>): Promise<LiveBatch[]> {
      const batches: LiveBatch[] = [];
      for (let number = 1; number <= 4; number += 1) {
        const next = batchOf(reading);
        stage.call(number);
        await stage.list();
        batches.push(await next);
      }
      return batches;
    }

    test('a reader is at most four batches behind; what comes meanwhile is joined', async () => {
      stage.start();
      const reading = stage.service.live('', new AbortController().signal);
      const batches = await fourBatches(reading);
      expect(batches.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
      const { feed } = batches[0]!;
      stage.service.took(feed, 1);
      const fifth = batchOf(reading);
      stage.call(5);
      expect((await fifth).number).toBe(5);
      let arrived = false;
      const sixth = batchOf(reading).finally(() => (arrived = true));
      for (let number = 6; number <= 8; number += 1) {
        stage.call(number);
        await stage.list();
      }
      expect(arrived).toBe(false);
      stage.service.took('another', 5);
      stage.service.took(feed, 5);
      expect(await sixth).toMatchObject({
        feed,
        number: 6,
        dropped: 0,
        rows: [{ id: 6 }, { id: 7 }, { id: 8 }],
      });
    });

    test('one that never says what it took gets a batch a second', async () => {
      stage.start();
      const reading = stage.service.live('', new AbortController().signal);
      await fourBatches(reading);
      stage.fakeTimers();
      let arrived = false;
      const next = batchOf(reading).finally(() => (arrived = true));
      stage.call(5);
      await stage.list();
      await vi.advanceTimersByTimeAsync(900);
      expect(arrived).toBe(false);
      await vi.advanceTimersByTimeAsync(200);
      expect((await next).rows.map(({ id }) => id)).toEqual([5]);
    });

    test('what a reader without credit has no room for is counted', async () => {
      stage.start();
      const reading = stage.service.live('', new AbortController().signal);
      const batches = await fourBatches(reading);
      for (let id = 5; id <= 1_504; id += 1) stage.call(id);
      await stage.list();
      stage.service.took(batches[3]!.feed, 4);
      const { rows, dropped } = await batchOf(reading);
      expect([rows.length, dropped]).toEqual([1_000, 500]);
    });
  });

  test('ends with the service', async () => {
    stage.start();
    const reading = stage.service.live('', new AbortController().signal).next();
    stage.call(1);
    await reading;
    const last = stage.service.live('', new AbortController().signal).next();
    await stage.service.close();
    expect((await last).done).toBe(true);
  });
});
