import { expect, it } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatDuration,
  formatMoment,
  formatShare,
  plural,
} from '../../../renderer/lib/format.ts';

it.each([
  [0, '0 ms'],
  [0.04, '<0.1 ms'],
  [0.34, '0.3 ms'],
  [9.96, '10 ms'],
  [842.4, '842 ms'],
  [999.6, '1 s'],
  [1_239, '1.24 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
])('formats %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1 kB'],
  [12_345, '12.3 kB'],
  [999_600, '1 MB'],
  [10_000_000, '10 MB'],
])('formats %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [0, '0%'],
  [0.0004, '<0.1%'],
  [0.0421, '4.2%'],
  [0.5, '50%'],
  [1, '100%'],
  [2.345, '235%'],
])('formats the share %d as %s', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

it('names the day only where days matter', () => {
  const at = new Date(2026, 10, 21, 14, 3).getTime();
  expect(formatMoment(at, 3_600_000)).toBe('14:03');
  expect(formatMoment(at, 7 * 86_400_000)).toContain('21');
});

it('speaks of the past in the largest unit that fits', () => {
  const now = 10_000_000_000;
  expect(formatAgo(now - 400, now)).toBe('now');
  expect(formatAgo(now - 59_000, now)).toBe('59 seconds ago');
  expect(formatAgo(now - 3_700_000, now)).toBe('1 hour ago');
});

it('chooses the plural and writes the number', () => {
  const forms = { one: '# call', other: '# calls' };
  expect([0, 1, 1_234].map((count) => plural(count, forms))).toEqual(['0 calls', '1 call', '1,234 calls']);
});
