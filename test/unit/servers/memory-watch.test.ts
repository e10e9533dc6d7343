import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PooledInstance } from '../../../electron/hub/servers/instance.ts';
import { createMemoryWatch, type MemoryWatch } from '../../../electron/hub/servers/memory-watch.ts';

const MIB = 1024 * 1024;
let rss: Map<number, number>;
let limit: number | null;
let calls: number | null;
let warnings: string[];
let recycled: string[];
let looks: number;
let watch: MemoryWatch;

beforeEach(() => {
  vi.useFakeTimers();
  rss = new Map([[7, 10 * MIB]]);
  limit = 50 * MIB;
  calls = 0;
  warnings = [];
  recycled = [];
  looks = 0;
  watch = createMemoryWatch({
    usage: {
      look(roots) {
        looks += 1;
        return new Map(roots.map((root) => [root, { rssBytes: rss.get(root) ?? 0, cpuPercent: null }]));
      },
    },
    limit: () => limit,
    callsInFlight: () => calls,
    warn: (server, message) => void warnings.push(`${server}: ${message}`),
    recycle: ({ id }) => void recycled.push(id),
  });
});
afterEach(() => vi.useRealTimers());

/** As much of an instance as the watch looks at: counters of its pipes. */
const instance = (pipes = { written: 0, read: 0 }): PooledInstance =>
  ({
    id: 'i',
    server: 'hog',
    child: {
      pid: 7,
      stdin: {
        get bytesWritten() {
          return pipes.written;
        },
      },
      stdout: {
        get bytesRead() {
          return pipes.read;
        },
      },
    },
  }) as unknown as PooledInstance;

describe('memory limits', () => {
  it('B16: warns once above the limit, and restarts the instance when it has nothing to do', async () => {
    watch.watch(instance());
    await vi.advanceTimersByTimeAsync(30_000);
    expect([warnings, recycled]).toEqual([[], []]);
    rss.set(7, 60 * MIB);
    calls = 1;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(warnings).toEqual(['hog: It uses 60 MiB of memory; its limit is 50 MiB.']);
    expect(recycled).toEqual([]);
    calls = 0;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(recycled).toEqual(['i']);
  });

  it('B16: where nobody knows its calls, only one that was silent for as long as a call may take is idle', async () => {
    calls = null;
    rss.set(7, 60 * MIB);
    const pipes = { written: 100, read: 0 };
    watch.watch(instance(pipes));
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    pipes.read = 5;
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    expect(recycled).toEqual([]);
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(recycled[0]).toBe('i');
  });

  it('costs nothing without a limit, and no timer without an instance', async () => {
    limit = null;
    const one = instance();
    watch.watch(one);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toBe(0);
    watch.forget(one);
    expect(vi.getTimerCount()).toBe(0);
  });
});
