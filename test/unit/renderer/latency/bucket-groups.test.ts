import { expect, it } from 'vitest';
import {
  axisTicks,
  countsIn,
  groupBuckets,
  positionOf,
  termOf,
} from '../../../../renderer/features/latency/bucket-groups.ts';
import { groupReached, heatLevel, heatMapOf } from '../../../../renderer/features/latency/heat-levels.ts';

/** 1, 2, 4 … 1024 ms. */
const boundsMs = Array.from({ length: 11 }, (_, index) => 2 ** index);
const only = (...indexes: number[]): number[] =>
  boundsMs.map((_, index) => (indexes.includes(index) ? 3 : 0));

it('draws the part that holds calls, and widens the axis around it', () => {
  const groups = groupBuckets({ boundsMs, counts: only(4, 6) }, 40);
  const held = groups.filter(({ first, last }) => last >= first);
  expect(held.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [8, 16],
    [16, 32],
    [32, 64],
  ]);
  expect(groups.length).toBeGreaterThanOrEqual(12);
  expect(
    groups.every(({ toMs }, index) => groups[index + 1]?.fromMs === toMs || index === groups.length - 1),
  ).toBe(true);
  const counts = countsIn(groups, only(4, 6));
  expect(counts.filter((count) => count > 0)).toEqual([3, 3]);
  expect([counts[0], counts.at(-1)]).toEqual([0, 0]);
});

it('keeps every call when buckets are drawn together', () => {
  const counts = boundsMs.map((_, index) => index + 1);
  const groups = groupBuckets({ boundsMs, counts }, 6);
  expect(groups.filter(({ first, last }) => last >= first)).toHaveLength(4);
  expect(countsIn(groups, counts).reduce((sum, count) => sum + count, 0)).toBe(66);
});

it('reads buckets of which only those with calls were sent', () => {
  const groups = groupBuckets({ boundsMs: [47], counts: [1] }, 40);
  const held = groups.find(({ last }) => last === 0)!;
  expect(held.toMs).toBe(47);
  expect(held.fromMs).toBeCloseTo(31.3, 1);
  expect(positionOf(groups, 40)).toBeGreaterThan(groups.indexOf(held));
});

it('filters below and above without bounds, and between them with both', () => {
  const held = groupBuckets({ boundsMs, counts: only(4, 5, 6) }, 40).filter(
    ({ first, last }) => last >= first,
  );
  expect(held.map(termOf)).toEqual(['dur:0ms..16ms', 'dur:16ms..32ms', 'dur:>=32ms']);
});

it('draws nothing without calls', () => {
  expect(groupBuckets({ boundsMs, counts: only() }, 40)).toEqual([]);
  expect(axisTicks([], 1)).toEqual([]);
});

it('finds a duration on the axis by its logarithm', () => {
  const groups = groupBuckets({ boundsMs, counts: only(4, 6) }, 40);
  const index = groups.findIndex(({ fromMs }) => fromMs === 8);
  expect(positionOf(groups, Math.sqrt(8 * 16))).toBeCloseTo(index + 0.5);
  expect(positionOf(groups, 1e9)).toBeNull();
  expect(positionOf(groups, 0)).toBeNull();
});

it('writes powers of ten first, and never two too close together', () => {
  const groups = groupBuckets({ boundsMs, counts: only(1, 9) }, 40);
  expect(axisTicks(groups, 3).map(({ ms }) => ms)).toEqual([1, 10, 100, 1_000]);
  const ticks = axisTicks(groups, 1);
  for (const [index, tick] of ticks.slice(1).entries()) {
    expect(tick.at - ticks[index]!.at).toBeGreaterThanOrEqual(1);
  }
});

it('shades a lone call beside ten thousand, and the most calls darkest', () => {
  expect(heatLevel(0, 10_000)).toBe(0);
  expect(heatLevel(1, 10_000)).toBe(1);
  expect(heatLevel(10_000, 10_000)).toBe(5);
  expect(heatLevel(1, 1)).toBe(5);
  const levels = [1, 3, 10, 100, 1_000, 10_000].map((count) => heatLevel(count, 10_000));
  expect(levels).toEqual(levels.toSorted((a, b) => a - b));
});

it('sums each slice of time by group, and says where half of it lies', () => {
  const groups = groupBuckets({ boundsMs, counts: only(4, 6) }, 40);
  const { columns, peak } = heatMapOf(
    [
      { at: 0, counts: only(4) },
      { at: 60_000, counts: boundsMs.map(() => 0) },
      { at: 120_000, counts: boundsMs.map((_, index) => (index === 6 ? 8 : index === 4 ? 2 : 0)) },
    ],
    groups,
  );
  expect(peak).toBe(8);
  expect(columns.map(({ total }) => total)).toEqual([3, 0, 10]);
  const endOf = (column: number, share: number) => {
    const reached = groupReached(columns[column]!, share);
    return reached === null ? null : groups[reached]!.toMs;
  };
  expect(endOf(0, 0.5)).toBe(16);
  expect(endOf(1, 0.5)).toBeNull();
  expect(endOf(2, 0.2)).toBe(16);
  expect(endOf(2, 0.5)).toBe(64);
});
