import { describe, expect, it } from 'vitest';
import { timeOf, withTime } from '../../../renderer/features/traffic/filter-terms.ts';
import {
  barsOf,
  countsIn,
  endOf,
  moveEdge,
  selectionBetween,
  selectionOfSpan,
  spanOfSelection,
  windowAround,
  windowUpTo,
} from '../../../renderer/features/traffic/histogram-scale.ts';

const NOW = Date.UTC(2026, 10, 21, 10, 7, 30);
const day = windowUpTo(NOW, '24h');

describe('the window', () => {
  it('ends with the slice of now, at a whole slice', () => {
    expect(new Date(endOf(day)).toISOString()).toBe('2026-11-21T10:15:00.000Z');
    expect(new Date(day.from).toISOString()).toBe('2026-11-20T10:15:00.000Z');
    expect(windowUpTo(NOW + 60_000, '24h')).toEqual(day);
    expect(windowUpTo(endOf(day), '24h').from).toBe(day.from + day.sliceMs);
  });

  it.each(['1h', '24h', '7d'] as const)('asks for what the hub gives: %s', (span) => {
    const { slices, sliceMs } = windowUpTo(NOW, span);
    expect(slices).toBeLessThanOrEqual(240);
    expect(sliceMs).toBeGreaterThanOrEqual(1_000);
  });

  it('holds every row of a file', () => {
    const rows = [5_500, 900_123, 17_000].map((at) => ({ at }));
    const window = windowAround(rows);
    expect(window.from).toBeLessThanOrEqual(5_500);
    expect(endOf(window)).toBeGreaterThan(900_123);
    expect(windowAround([]).slices).toBeGreaterThan(0);
  });
});

describe('bars', () => {
  it('stand where their calls were', () => {
    const counts = countsIn(day, [
      { at: day.from, count: 3, failed: 1 },
      { at: endOf(day) - 1, count: 2, failed: 0 },
      { at: endOf(day), count: 9, failed: 9 },
    ]);
    expect(counts[0]).toEqual({ count: 3, failed: 1 });
    expect(counts.at(-1)).toEqual({ count: 2, failed: 0 });
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  });

  it('are linear up to the peak, and one failure among ten thousand is seen', () => {
    const bars = barsOf(
      [
        { count: 10_000, failed: 1 },
        { count: 5_000, failed: 5_000 },
        { count: 1, failed: 0 },
        { count: 0, failed: 0 },
      ],
      40,
    );
    expect(bars[0]).toEqual({ height: 40, failedHeight: 2.5 });
    expect(bars[1]).toEqual({ height: 20, failedHeight: 20 });
    expect(bars[2]!.height).toBeGreaterThan(1);
    expect(bars[3]).toEqual({ height: 0, failedHeight: 0 });
  });
});

describe('the brush', () => {
  it('makes filter terms of what it selects', () => {
    const span = spanOfSelection({ start: 4, end: 8 }, day);
    expect(withTime('server:a since:1h', span)).toBe(
      'server:a since:2026-11-20T11:15:00Z until:2026-11-20T12:15:00Z',
    );
  });

  it('stays open towards now, and the whole window is no term', () => {
    expect(spanOfSelection({ start: 90, end: 96 }, day).until).toBeNull();
    expect(spanOfSelection({ start: 0, end: 96 }, day)).toEqual({ since: null, until: null });
  });

  it('reads back what it wrote, and ages as they are now', () => {
    const text = withTime('', spanOfSelection({ start: 4, end: 8 }, day));
    expect(selectionOfSpan(timeOf(text), day, NOW)).toEqual({ start: 4, end: 8 });
    expect(selectionOfSpan({ since: '1h', until: null }, day, NOW)).toEqual({ start: 91.5, end: 96 });
    expect(selectionOfSpan({ since: '30d', until: null }, day, NOW)).toEqual({ start: 0, end: 96 });
    expect(selectionOfSpan({ since: null, until: null }, day, NOW)).toBeNull();
    expect(selectionOfSpan({ since: 'soon', until: null }, day, NOW)).toBeNull();
  });

  it('may be drawn either way and ends at the edges', () => {
    expect(selectionBetween(8, 4, day)).toEqual({ start: 4, end: 9 });
    expect(selectionBetween(-3, 400, day)).toEqual({ start: 0, end: 96 });
    expect(selectionBetween(5, 5, day)).toEqual({ start: 5, end: 6 });
  });

  it('never lets its edges meet', () => {
    expect(moveEdge({ start: 4, end: 8 }, 'start', 9, day)).toEqual({ start: 7, end: 8 });
    expect(moveEdge({ start: 4, end: 8 }, 'end', 2, day)).toEqual({ start: 4, end: 5 });
    expect(moveEdge({ start: 4, end: 8 }, 'start', -1, day)).toEqual({ start: 0, end: 8 });
    expect(moveEdge({ start: 4, end: 8 }, 'end', 200, day)).toEqual({ start: 4, end: 96 });
  });
});
