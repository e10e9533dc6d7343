import { expect, it } from 'vitest';
import {
  axisTicks,
  countsIn,
  groupBuckets,
  positionOf,
} from '../../../../renderer/features/latency/bucket-groups.ts';
import { groupReached, heatLevel, heatMapOf } from '../../../../renderer/features/latency/heat-levels.ts';

/** 1, 2, 4 … 1024 ms. */
const boundsMs = Array.from({ length: 11 }, (_, index) => 2 ** index);
const only = (...indexes: number[]): number[] =>
  boundsMs.map((_, index) => (indexes.includes(index) ? 3 : 0));

it('draws the part that holds calls, with an empty bucket on each side', () => {
  const groups = groupBuckets({ boundsMs, counts: only(4, 6) }, 40);
  expect(groups.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [4, 8],
    [8, 16],
    [16, 32],
    [32, 64],
    [64, 128],
  ]);
  expect(countsIn(groups, only(4, 6))).toEqual([0, 3, 0, 3, 0]);
});

it('keeps every call when buckets are drawn together', () => {
  const counts = boundsMs.map((_, index) => index + 1);
  const groups = groupBuckets({ boundsMs, counts }, 4);
  expect(groups).toHaveLength(4);
  expect(countsIn(groups, counts).reduce((sum, count) => sum + count, 0)).toBe(66);
});

it('starts at zero and ends open where the buckets do', () => {
  const groups = groupBuckets({ boundsMs, counts: only(0, 10) }, 40);
  expect(groups[0]!.fromMs).toBe(0);
  expect(groups.at(-1)!.toMs).toBeNull();
});

it('draws nothing without calls', () => {
  expect(groupBuckets({ boundsMs, counts: only() }, 40)).toEqual([]);
  expect(axisTicks([], 1)).toEqual([]);
});

it('finds a duration on the axis by its logarithm', () => {
  const groups = groupBuckets({ boundsMs, counts: only(4, 6) }, 40);
  expect(positionOf(groups, 4)).toBe(0);
  expect(positionOf(groups, Math.sqrt(8 * 16))).toBeCloseTo(1.5);
  expect(positionOf(groups, 3)).toBeNull();
  expect(positionOf(groups, 1_000)).toBeNull();
});

it('writes powers of ten first, and never two too close together', () => {
  const groups = groupBuckets({ boundsMs, counts: only(1, 9) }, 40);
  expect(axisTicks(groups, 3).map(({ ms }) => ms)).toEqual([10, 100]);
  const ticks = axisTicks(groups, 1);
  expect(ticks.map(({ ms }) => ms)).toContain(10);
  expect(ticks.map(({ ms }) => ms)).toContain(100);
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
  expect(groupReached(columns[0]!, 0.5)).toBe(1);
  expect(groupReached(columns[1]!, 0.5)).toBeNull();
  expect(groupReached(columns[2]!, 0.5)).toBe(3);
  expect(groupReached(columns[2]!, 1)).toBe(3);
});
