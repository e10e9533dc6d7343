import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createUsageHistory, type UsageHistory } from '../../../electron/hub/servers/usage-history.ts';

let looks: string[][] = [];
let history: UsageHistory;
let cpuPercent: number | null = 5;

beforeEach(() => {
  vi.useFakeTimers();
  looks = [];
  cpuPercent = 5;
  history = createUsageHistory({
    look(ids) {
      looks.push([...ids]);
      return new Map(ids.map((id) => [id, { rssBytes: looks.length, cpuPercent }]));
    },
  });
});

afterEach(() => {
  history.dispose();
  vi.useRealTimers();
});

test('nothing is read for quick calls, and nothing while nothing happens', () => {
  for (let round = 0; round < 50; round += 1) {
    history.call('a', 1);
    vi.advanceTimersByTime(3);
    history.call('a', -1);
    vi.advanceTimersByTime(300);
  }
  history.call('', 1);
  vi.advanceTimersByTime(60_000);
  expect([looks, vi.getTimerCount()]).toEqual([[], 0]);
});

test('a long call is read about every two seconds, and once more after it', () => {
  history.call('a', 1);
  vi.advanceTimersByTime(5_000);
  expect(looks).toEqual([['a'], ['a'], ['a']]);
  history.call('b', 1);
  history.call('a', -1);
  vi.advanceTimersByTime(2_000);
  expect(looks.at(-1)).toEqual(['a', 'b']);
  vi.advanceTimersByTime(2_000);
  expect(looks.at(-1)).toEqual(['b']);
  history.call('b', -1);
  vi.advanceTimersByTime(60_000);
  expect([looks.length, vi.getTimerCount()]).toEqual([6, 0]);
  expect(history.of('a').map(({ rssBytes }) => rssBytes)).toEqual([1, 2, 3, 4]);
  expect(history.of('b').length).toBe(3);
  expect(history.of('nobody')).toEqual([]);
});

test('a reading without a share of the processor is none yet', () => {
  cpuPercent = null;
  history.call('a', 1);
  vi.advanceTimersByTime(1_000);
  cpuPercent = 7;
  vi.advanceTimersByTime(2_000);
  expect(history.of('a')).toEqual([{ at: expect.any(Number), rssBytes: 2, cpuPercent: 7 }]);
});

test('ten minutes are kept, of a thousand instances', () => {
  history.call('a', 1);
  vi.advanceTimersByTime(20 * 60_000);
  const kept = history.of('a');
  expect(kept.length).toBeGreaterThan(290);
  expect(kept.length).toBeLessThanOrEqual(301);
  history.call('a', -1);
  for (let index = 0; index < 1_200; index += 1) history.note(`i${index}`, { rssBytes: 1, cpuPercent: 1 });
  expect([history.of('a').length, history.of('i0').length, history.of('i1199').length]).toEqual([0, 0, 1]);
  vi.advanceTimersByTime(11 * 60_000);
  expect(history.of('i1199')).toEqual([]);
});
