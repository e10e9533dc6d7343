import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchEventLoop } from '../../../electron/hub/logging/event-loop-watch.ts';

/** Time as the watch sees it: its timer fires when told, `now` says how late that is. */
describe('the watch on the event loop', () => {
  let time: number;
  let cpu: number;
  let records: Record<string, unknown>[];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    [time, cpu, records] = [0, 0, []];
  });
  afterEach(() => vi.useRealTimers());

  const watch = () =>
    watchEventLoop({
      logger: { log: (level, event, fields) => void records.push({ level, event, ...fields }) },
      now: () => time,
      cpu: () => cpu,
    });
  const tick = (lateMs: number): void => {
    time += 100 + lateMs;
    vi.advanceTimersByTime(100);
  };

  it('D13: says when the loop stood still, for how long, and what ran', () => {
    const loop = watch();
    tick(0);
    tick(199);
    expect(records).toEqual([]);
    loop.during('api traffic.list', () => (time += 20));
    expect(loop.during('catalog read', () => ((time += 300), 'value'))).toBe('value');
    cpu += 310;
    tick(0);
    expect(records).toEqual([
      { level: 'warn', event: 'event-loop.blocked', ms: 320, cpuMs: 310, during: 'catalog read' },
    ]);
    tick(5);
    expect(loop.delay()).toMatchObject({ blocked: 1 });
    loop.close();
  });

  it('D05, D13: names nothing when nothing named ran long, and shows that the machine slept', () => {
    const loop = watch();
    loop.during('something short', () => (time += 10));
    tick(28_800_000);
    expect(records).toEqual([
      { level: 'warn', event: 'event-loop.blocked', ms: 28_800_010, cpuMs: 0, during: null },
    ]);
    loop.close();
  });

  it('names work that threw', () => {
    const loop = watch();
    const broken = (): never => {
      time += 400;
      throw new Error('broken');
    };
    expect(() => loop.during('parsing', broken)).toThrow('broken');
    tick(0);
    expect(records[0]).toMatchObject({ during: 'parsing' });
    loop.close();
  });

  it('gives mean, percentiles and the worst', () => {
    const loop = watch();
    expect(loop.delay()).toEqual({ meanMs: 0, p50Ms: 0, p99Ms: 0, maxMs: 0, blocked: 0 });
    for (let index = 0; index < 99; index += 1) tick(2);
    tick(100);
    const { meanMs, p50Ms, maxMs, blocked } = loop.delay();
    expect(p50Ms).toBeCloseTo(2, 1);
    expect(maxMs).toBeCloseTo(100, 0);
    expect(meanMs).toBeCloseTo(2.98, 1);
    expect(blocked).toBe(0);
    loop.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('D13: sees a real block', async () => {
    vi.useRealTimers();
    const blocked = new Promise<Record<string, unknown>>((resolve) => {
      const loop = watchEventLoop({
        logger: {
          log: (_level, event, fields) =>
            void (event === 'event-loop.blocked' && (loop.close(), resolve({ ...fields }))),
        },
      });
      loop.during('a test', () => {
        const until = performance.now() + 400;
        while (performance.now() < until);
      });
    });
    expect(await blocked).toMatchObject({ during: 'a test', ms: expect.any(Number) });
  });
});
