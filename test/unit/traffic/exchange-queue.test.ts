import { describe, expect, test } from 'vitest';
import { CELL, CELLS, type ExchangeBatch, OUTCOMES } from '../../../electron/hub/traffic/exchange-batch.ts';
import { ExchangeQueue } from '../../../electron/hub/traffic/exchange-queue.ts';
import { ExchangeRecord } from '../../../electron/hub/traffic/exchange-record.ts';

function queueWith(batches: ExchangeBatch[] = []): { queue: ExchangeQueue; batches: ExchangeBatch[] } {
  return { queue: new ExchangeQueue({ onBatch: (_, batch) => batches.push(batch) }), batches };
}

const origin = { sessionId: 's', client: 'c', project: null, server: 'github', instanceId: 'i' };
const live = (): ExchangeRecord => new ExchangeRecord(origin, 'client-to-server', 'request');

const column = ({ rows, cells }: ExchangeBatch, cell: number): number[] =>
  Array.from({ length: rows }, (_, row) => cells[row * CELLS + cell]!);

test('nothing is given a number before it is known which are free', () => {
  const { queue, batches } = queueWith();
  const [first, second] = [live(), live()];
  queue.changed(first);
  queue.changed(second);
  queue.flush();
  expect(batches).toEqual([]);
  queue.idsAfter(41);
  queue.flush();
  expect(column(batches[0]!, CELL.id)).toEqual([42, 43]);
  queue.idsAfter(10);
  queue.changed(live());
  queue.changed(first);
  queue.flush();
  expect(column(batches[1]!, CELL.id)).toEqual([44, 42]);
});

test('a batch holds each row once, as it is at that moment', () => {
  const { queue, batches } = queueWith();
  queue.idsAfter(0);
  const record = live();
  queue.changed(record);
  record.outcome = 'error';
  queue.changed(record);
  queue.flush();
  record.outcome = 'lost';
  expect(column(batches[0]!, CELL.outcome).map((number) => OUTCOMES[number])).toEqual(['error']);
});

test('passes on by itself: after 100 ms, or when a thousand wait', async () => {
  const passed = new Promise<number>((resolve) => {
    const queue = new ExchangeQueue({ onBatch: (records) => resolve(records.length) });
    queue.idsAfter(0);
    queue.changed(live());
  });
  expect(await passed).toBe(1);
  const { queue, batches } = queueWith();
  queue.idsAfter(0);
  for (let count = 0; count < 1_500; count += 1) {
    queue.changed(live());
    queue.settle();
  }
  expect(batches.map(({ rows }) => rows)).toEqual([1_000]);
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
    const [sent] = batches as [ExchangeBatch];
    expect(column(sent, CELL.requestOffset)).toEqual([0, -1]);
    expect(column(sent, CELL.responseOffset)).toEqual([-1, 5]);
    expect([column(sent, CELL.requestLength)[0], column(sent, CELL.responseLength)[1]]).toEqual([5, 200_000]);
    expect(Buffer.from(sent.bodies).toString('utf8', 0, 6)).toBe('hellox');
    expect(sent.bodyBytes).toBe(200_005);
  });

  test('have room for 32 MiB between two batches; what does not fit is counted', () => {
    const { queue, batches } = queueWith();
    queue.idsAfter(0);
    const frame = Buffer.alloc(16 * 1024 * 1024);
    const records = [live(), live(), live()];
    for (const record of records) {
      queue.changed(record);
      queue.capture(record, 'request', frame, frame.length);
    }
    expect(queue.dropped).toBe(1);
    queue.flush();
    queue.changed(records[2]!);
    queue.capture(records[2]!, 'request', frame, frame.length);
    queue.flush();
    expect(batches.map((sent) => column(sent, CELL.requestOffset))).toEqual([[0, frame.length, -1], [0]]);
    expect(queue.dropped).toBe(1);
  });

  test('a batch ends early when they are large, with the frame that made it so', () => {
    const { queue, batches } = queueWith();
    queue.idsAfter(0);
    const record = live();
    queue.changed(record);
    queue.settle();
    queue.capture(record, 'request', Buffer.alloc(1024 * 1024), 1024 * 1024);
    expect(batches).toEqual([]);
    queue.settle();
    expect(batches.map(({ rows, bodyBytes }) => [rows, bodyBytes])).toEqual([[1, 1024 * 1024]]);
  });

  test('buffers that come back are used again', () => {
    const { queue, batches } = queueWith();
    queue.idsAfter(0);
    const pass = (): ExchangeBatch => {
      const record = live();
      queue.changed(record);
      queue.capture(record, 'request', Buffer.from('x'), 10);
      queue.flush();
      return batches.at(-1)!;
    };
    const first = pass();
    const second = pass();
    queue.recycle(first);
    const third = pass();
    expect([second.cells.buffer, second.bodies.buffer]).not.toContain(first.cells.buffer);
    expect([third.cells.buffer === first.cells.buffer, third.bodies.buffer === first.bodies.buffer]).toEqual([
      true,
      true,
    ]);
    // What the first batch said of its frames is not left in the cells.
    const record = live();
    queue.recycle(third);
    queue.changed(record);
    queue.flush();
    expect(column(batches.at(-1)!, CELL.requestOffset)).toEqual([-1]);
  });
});

test('at most 20,000 rows wait; the rest is counted', () => {
  const { queue, batches } = queueWith();
  for (let count = 0; count < 20_010; count += 1) queue.changed(live());
  queue.idsAfter(0);
  queue.flush();
  expect([batches[0]?.rows, queue.dropped]).toEqual([20_000, 10]);
});
