import { expect, it } from 'vitest';
import { plainLines, sortedLines, withCurrentRows } from '../../../renderer/features/traffic/line-list.ts';
import { sortRows } from '../../../renderer/features/traffic/sort-rows.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { exchange, exchanges } from './exchange-samples.ts';

const rowsOf = (rows: readonly Exchange[]) => ({
  rowCount: rows.length,
  rowAt: (index: number) => rows[index],
  indexOf: (id: number) => rows.findIndex((row) => row.id === id),
});
const ids = (rows: readonly Exchange[]): number[] => rows.map(({ id }) => id);

it('lists what happened in its order', () => {
  const lines = plainLines(rowsOf(exchanges(5, 8)));
  expect([lines.count, lines.at(1)!.exchange.id, lines.indexOf(7), lines.at(4)]).toEqual([
    4,
    6,
    2,
    undefined,
  ]);
});

it('sorts by a column, the newer first among equals, what has no value last', () => {
  const rows = [
    exchange(1, { durationMs: 9 }),
    exchange(2, { durationMs: null }),
    exchange(3, { durationMs: 100 }),
    exchange(4, { durationMs: 9 }),
  ];
  expect(ids(sortRows(rows, 'duration', false))).toEqual([4, 1, 3, 2]);
  expect(ids(sortRows(rows, 'duration', true))).toEqual([3, 4, 1, 2]);
  expect(ids(sortRows(rows, 'time', true))).toEqual([4, 3, 2, 1]);
});

it('sorts names as people do and outcomes from quiet to loud', () => {
  const named = ['item10', 'item9', 'Item1'].map((tool, index) => exchange(index + 1, { tool }));
  expect(ids(sortRows(named, 'method', false))).toEqual([3, 2, 1]);
  const outcomes = (['lost', 'ok', 'error'] as const).map((outcome, index) =>
    exchange(index + 1, { outcome }),
  );
  expect(ids(sortRows(outcomes, 'outcome', true))).toEqual([1, 3, 2]);
});

it('keeps sorted rows in their place and shows what became of them', () => {
  const before = [exchange(1, { durationMs: null, outcome: 'pending' }), exchange(2, { durationMs: 3 })];
  const lines = sortedLines(rowsOf(before), { column: 'duration', isDescending: true });
  const now = rowsOf([exchange(1, { durationMs: 50 }), ...exchanges(2, 9)]);
  const current = withCurrentRows(lines, now);
  expect(current.count).toBe(2);
  expect(current.at(1)!.exchange).toMatchObject({ id: 1, outcome: 'ok', durationMs: 50 });
  expect(current.indexOf(1)).toBe(1);
  // A row that left the ring stays as it was last seen.
  expect(withCurrentRows(lines, rowsOf(exchanges(8, 9))).at(0)!.exchange.id).toBe(2);
});
