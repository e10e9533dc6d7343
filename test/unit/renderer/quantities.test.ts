import { expect, it } from 'vitest';
import { parseSize, parseTime, writeSize, writeTime } from '../../../renderer/lib/quantities.ts';

it.each([
  ['30s', 30_000],
  [' 1.5 m ', 90_000],
  ['250', 250],
  ['2H', 7_200_000],
  ['0', 0],
  ['1.5ms', null],
  ['-1s', null],
  ['5d', null],
  ['s', null],
  ['', null],
  ['1e3', null],
])('reads the time %j as %j', (text, ms) => {
  expect(parseTime(text)).toBe(ms);
});

it.each([
  ['512mb', 536_870_912],
  ['1gb', 1_073_741_824],
  ['1024', 1_024],
  ['0.5kb', 512],
  ['5tb', null],
])('reads the size %j as %j', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

it.each([0, 1, 250, 1_000, 1_500, 60_000, 90_000, 3_600_000, 86_400_000])(
  'writes %d ms so that it is read back',
  (ms) => {
    expect(parseTime(writeTime(ms))).toBe(ms);
  },
);

it('writes the largest unit that fits', () => {
  expect(writeTime(300_000)).toBe('5m');
  expect(writeTime(1_500)).toBe('1500ms');
  expect(writeSize(512 * 1_024 ** 2)).toBe('512mb');
  expect(writeSize(1_000)).toBe('1000b');
});
