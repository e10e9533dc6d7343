import { expect, it } from 'vitest';
import { contextIn } from '../../../renderer/features/traffic/file-hub.ts';
import { fileSnapshot, toOpenedFile } from '../../../renderer/features/traffic/opened-file.ts';
import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { exchange } from './exchange-samples.ts';

const detailOf = (row: Exchange): ExchangeDetail => ({
  exchange: row,
  request: { text: `{"id":${row.id}}`, bytes: 8, truncated: false, redactions: 0 },
  response: null,
  phases: null,
});
const open = (rows: readonly Exchange[]) =>
  toOpenedFile('a.jsonl', { details: rows.map(detailOf), leftOut: 0 });

it('shows a file in the order of the log, each exchange once', () => {
  const file = open([exchange(3), exchange(1), exchange(3, { tool: 'again' })]);
  expect(file.rows.map(({ id, tool }) => [id, tool])).toEqual([
    [1, 'echo'],
    [3, 'again'],
  ]);
  const snapshot = fileSnapshot(file, ({ tool }) => tool === 'again');
  expect([snapshot.rowCount, snapshot.heldCount, snapshot.rowAt(0)?.id, snapshot.indexOf(1)]).toEqual([
    1, 2, 3, -1,
  ]);
});

it('finds around an exchange what its file holds', () => {
  const call = exchange(10, { at: 100_000, durationMs: 500 });
  const file = open([
    exchange(1, { at: 50_000 }),
    exchange(2, { at: 90_000, tool: 'other' }),
    exchange(3, { at: 99_000, sessionId: 's2' }),
    call,
    exchange(11, {
      at: 100_200,
      direction: 'server-to-client',
      kind: 'notification',
      method: 'notifications/progress',
      tool: null,
    }),
    exchange(12, { at: 100_900, direction: 'server-to-client', kind: 'notification', tool: null }),
    exchange(13, { at: 101_000 }),
  ]);
  const context = contextIn(file, detailOf(call));
  expect(context.messages.map((message) => [message.exchange.id, message.body?.text])).toEqual([
    [11, '{"id":11}'],
  ]);
  expect(context.nearby.map(({ id }) => id)).toEqual([2, 13]);
  expect(context.sameTool.map(({ id }) => id)).toEqual([1, 3]);
});
