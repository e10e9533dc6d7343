import { describe, expect, it } from 'vitest';
import { foldedLines, type LineList } from '../../../renderer/features/traffic/line-list.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { exchange, exchanges } from './exchange-samples.ts';

const rowsOf = (rows: readonly Exchange[]) => ({
  rowCount: rows.length,
  rowAt: (index: number) => rows[index],
  indexOf: (id: number) => rows.findIndex((row) => row.id === id),
});

const shown = (lines: LineList): [number, number][] =>
  Array.from({ length: lines.count }, (_, index) => {
    const { exchange: row, count } = lines.at(index)!;
    return [row.id, count];
  });

const folded = (rows: readonly Exchange[], unfolded: readonly number[] = []): LineList =>
  foldedLines(rowsOf(rows), new Set(unfolded));

describe('runs of equal calls', () => {
  it('become one line that shows the newest and how many there are', () => {
    expect(shown(folded([...exchanges(1, 19), exchange(20, { tool: 'other' })]))).toEqual([
      [19, 19],
      [20, 1],
    ]);
  });

  it('stay apart while they are short', () => {
    expect(shown(folded(exchanges(1, 3)))).toHaveLength(3);
  });

  it.each<[string, Partial<Exchange>]>([
    ['session', { sessionId: 's2' }],
    ['server', { server: 'other' }],
    ['method', { method: 'tools/list' }],
    ['tool', { tool: 'other' }],
    ['outcome', { outcome: 'tool-error' }],
    ['error code', { errorCode: -32_000 }],
    ['direction', { direction: 'server-to-client' }],
  ])('end where the %s differs', (_, change) => {
    const rows = [...exchanges(1, 4), exchange(5, change), ...exchanges(6, 9)];
    expect(shown(folded(rows))).toEqual([
      [4, 4],
      [5, 1],
      [9, 4],
    ]);
  });

  it('never swallow calls that wait for their answer', () => {
    expect(folded(exchanges(1, 6, { outcome: 'pending', durationMs: null })).count).toBe(6);
    expect(folded(exchanges(1, 6, { outcome: 'pending', kind: 'notification' })).count).toBe(1);
  });

  it('unfold when asked to by any of their calls, with a mark at the first', () => {
    const lines = folded([...exchanges(1, 5), exchange(6, { tool: 'b' }), ...exchanges(7, 10)], [3]);
    expect(shown(lines)).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 1],
      [6, 1],
      [10, 4],
    ]);
    expect(lines.at(0)!.unfolded).toBe(5);
    expect(lines.at(1)!.unfolded).toBe(0);
  });

  it('are found by any of their calls', () => {
    const lines = folded([exchange(1, { tool: 'a' }), ...exchanges(2, 6), exchange(7, { tool: 'b' })]);
    expect([1, 2, 4, 6, 7].map((id) => lines.indexOf(id))).toEqual([0, 1, 1, 1, 2]);
    expect(lines.indexOf(99)).toBe(-1);
  });

  it('tell the slowest call', () => {
    const rows = exchanges(1, 6).map((row, index) => ({ ...row, durationMs: index === 2 ? 900 : 4 }));
    expect(folded(rows).at(0)!.slowestMs).toBe(900);
  });

  it('tell none where nothing was waited for', () => {
    const rows = exchanges(1, 6).map((row) => ({ ...row, durationMs: null }));
    expect(folded(rows).at(0)!.slowestMs).toBeNull();
  });
});
