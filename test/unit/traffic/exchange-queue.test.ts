import { describe, expect, test } from 'vitest';
import { ExchangeQueue, type LiveExchange } from '../../../electron/hub/traffic/exchange-queue.ts';
import type { BodyBatch, StoredExchange } from '../../../electron/hub/traffic/stored-exchange.ts';
import { exchange } from './exchange-fixture.ts';

interface Batch {
  rows: StoredExchange[];
  bodies: BodyBatch;
}

function queueWith(batches: Batch[] = []): { queue: ExchangeQueue; batches: Batch[] } {
  return { queue: new ExchangeQueue({ onBatch: (rows, bodies) => batches.push({ rows, bodies }) }), batches };
}

const live = (): LiveExchange => ({ exchange: exchange({ id: 0 }), phases: null, isQueued: false });

test('nothing is given a number before it is known which are free', () => {
  const { queue, batches } = queueWith();
  const [first, second] = [live(), live()];
  queue.changed(first);
  queue.changed(second);
  queue.flush();
  expect(batches).toEqual([]);
  queue.idsAfter(41);
  queue.flush();
  expect(batches[0]?.rows.map((row) => row.exchange.id)).toEqual([42, 43]);
  queue.idsAfter(10);
  queue.changed(live());
  queue.changed(first);
  queue.flush();
  expect(batches[1]?.rows.map((row) => row.exchange.id)).toEqual([44, 42]);
});

test('a batch holds each row once, as it is at that moment', () => {
  const { queue, batches } = queueWith();
  queue.idsAfter(0);
  const record = live();
  queue.changed(record);
  record.exchange.outcome = 'error';
  queue.changed(record);
  queue.flush();
  record.exchange.outcome = 'lost';
  expect(batches[0]?.rows.map((row) => row.exchange.outcome)).toEqual(['error']);
});

test('passes on by itself: after 100 ms, or when a thousand wait', async () => {
  const passed = new Promise<number>((resolve) => {
    const queue = new ExchangeQueue({ onBatch: (rows) => resolve(rows.length) });
    queue.idsAfter(0);
    queue.changed(live());
  });
  expect(await passed).toBe(1);
  const { queue, batches } = queueWith();
  queue.idsAfter(0);
  for (let count = 0; count < 1_500; count += 1) queue.changed(live());
  expect(batches.map(({ rows }) => rows.length)).toEqual([1_000]);
});

describe('frames', () => {
  test('are copied, cut, and belong to their rows', () => {
    const { queue, batches } = queueWith();
    const [first, second] = [live(), live()];
    const frame = Buffer.from('hello world');
    queue.changed(first);
    queue.capture(first, 'request', frame, 5);
    queue.changed(second);
    queue.capture(second, 'response', Buffer.from('x'.repeat(200_000)), 1_000_000);
    frame.fill(0);
    queue.idsAfter(6);
    queue.flush();
    const { data, entries } = batches[0]!.bodies;
    expect(entries).toEqual([
      { exchangeId: 7, part: 'request', offset: 0, length: 5, bytes: 11 },
      { exchangeId: 8, part: 'response', offset: 5, length: 200_000, bytes: 200_000 },
    ]);
    expect(Buffer.from(data).toString('utf8', 0, 6)).toBe('hellox');
  });

  test('have room for 32 MiB between two batches; what does not fit is counted', () => {
    const { queue, batches } = queueWith();
    queue.idsAfter(0);
    const frame = Buffer.alloc(16 * 1024 * 1024);
    const record = live();
    queue.changed(record);
    for (let count = 0; count < 3; count += 1) queue.capture(record, 'request', frame, frame.length);
    expect(queue.dropped).toBe(1);
    queue.flush();
    queue.changed(record);
    queue.capture(record, 'request', frame, frame.length);
    queue.flush();
    expect([queue.dropped, batches.map(({ bodies }) => bodies.entries.length)]).toEqual([1, [2, 1]]);
  });
});

test('at most 20,000 rows wait; the rest is counted', () => {
  const { queue, batches } = queueWith();
  for (let count = 0; count < 20_010; count += 1) queue.changed(live());
  queue.idsAfter(0);
  queue.flush();
  expect([batches[0]?.rows.length, queue.dropped]).toEqual([20_000, 10]);
});
