import { expect, it } from 'vitest';
import { visibleRows } from '../../../renderer/features/traffic/visible-rows.ts';

const seen = { startIndex: 100, endIndex: 119, count: 1_000, overscan: 5, pendingShift: 0 };

it('draws what the last scroll event saw, and a little around it', () => {
  expect(visibleRows({ ...seen, isFollowing: false })).toEqual(Array.from({ length: 37 }, (_, i) => 88 + i));
});

it('keeps the first row drawn while a person scrolls a little', () => {
  const first = (startIndex: number): number | undefined =>
    visibleRows({ ...seen, startIndex, endIndex: startIndex + 19, isFollowing: false })[0];
  expect([first(101), first(104), first(108), first(109)]).toEqual([96, 96, 96, 104]);
});

it('draws the end while following, also when a batch is larger than the overscan', () => {
  const rows = visibleRows({ ...seen, isFollowing: true });
  expect([rows[0], rows.at(-1)]).toEqual([975, 999]);
});

it('moves along with rows that came in front before the scroll event told', () => {
  const rows = visibleRows({ ...seen, isFollowing: false, pendingShift: 500 });
  expect([rows[0], rows.at(-1)]).toEqual([592, 624]);
});

it('stays within the list when rows went away above', () => {
  const rows = visibleRows({ ...seen, isFollowing: false, pendingShift: -500 });
  expect([rows[0], rows.at(-1)]).toEqual([0, 24]);
});

it('draws all of a list that is shorter than the viewport', () => {
  expect(visibleRows({ ...seen, startIndex: 0, endIndex: 2, count: 3, isFollowing: true })).toEqual([
    0, 1, 2,
  ]);
  expect(visibleRows({ ...seen, startIndex: 0, endIndex: 0, count: 0, isFollowing: true })).toEqual([]);
});
