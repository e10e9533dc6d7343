import { describe, expect, it, vi } from 'vitest';
import { ExchangeLog } from '../../../renderer/lib/exchange-log.ts';
import { exchange, exchanges } from './exchange-samples.ts';
import { handClock } from './page-clock.ts';

const shownIds = (log: ExchangeLog): number[] => {
  const snapshot = log.snapshot();
  return Array.from({ length: snapshot.rowCount }, (_, index) => snapshot.rowAt(index)!.id);
};

describe('ExchangeLog', () => {
  it('publishes once per frame, however many batches came', () => {
    const clock = handClock();
    const log = new ExchangeLog(clock);
    const listener = vi.fn();
    log.subscribe(listener);
    log.enqueue(exchanges(1, 10), 0);
    log.enqueue(exchanges(11, 20), 0);
    expect(log.snapshot().rowCount).toBe(0);
    clock.frame();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(shownIds(log)).toEqual(exchanges(1, 20).map(({ id }) => id));
  });

  it('does not wait for a frame longer than 500 ms: hidden windows get none', () => {
    const clock = handClock();
    const log = new ExchangeLog(clock);
    log.enqueue([exchange(1)], 0);
    expect(clock.timerDelays).toEqual([500]);
    clock.timers();
    expect(log.snapshot().rowCount).toBe(1);
    clock.frame();
    expect(log.snapshot().rowCount).toBe(1);
  });

  it('spreads a flood over several frames', () => {
    const clock = handClock();
    const log = new ExchangeLog(clock, { flushLimit: 100 });
    log.enqueue(exchanges(1, 250), 0);
    clock.frame();
    expect(log.snapshot().rowCount).toBe(100);
    clock.frame();
    clock.frame();
    expect(log.snapshot().rowCount).toBe(250);
  });

  it('holds no more than its capacity and says how far the rows above moved', () => {
    const clock = handClock();
    const log = new ExchangeLog(clock, { capacity: 100 });
    log.enqueue(exchanges(1, 100), 0);
    clock.frame();
    log.enqueue(exchanges(101, 130), 0);
    clock.frame();
    expect(shownIds(log)).toEqual(exchanges(31, 130).map(({ id }) => id));
    expect(log.snapshot().headShift).toBe(-30);
    expect(log.isFull).toBe(true);
  });

  it('replaces a row when its answer comes, and never takes an answer back', () => {
    const clock = handClock();
    const log = new ExchangeLog(clock);
    log.enqueue([exchange(1, { outcome: 'pending' })], 0);
    clock.frame();
    log.enqueue([exchange(1, { outcome: 'ok' })], 0);
    log.enqueue([exchange(1, { outcome: 'pending' })], 0);
    clock.frame();
    log.enqueue([exchange(1, { outcome: 'pending' })], 0);
    clock.frame();
    expect(log.snapshot().rowAt(0)?.outcome).toBe('ok');
    expect(log.snapshot().rowCount).toBe(1);
  });

  it('filters what it holds at once, and rows as their state changes', () => {
    const clock = handClock();
    const log = new ExchangeLog(clock);
    log.enqueue([exchange(1), exchange(2, { outcome: 'error' }), exchange(3, { outcome: 'pending' })], 0);
    clock.frame();
    log.setFilter((row) => row.outcome === 'error');
    expect(shownIds(log)).toEqual([2]);
    log.enqueue([exchange(3, { outcome: 'error' })], 0);
    clock.frame();
    expect(shownIds(log)).toEqual([2, 3]);
    log.setFilter((row) => row.outcome === 'pending');
    expect(shownIds(log)).toEqual([]);
    log.setFilter(() => true);
    expect(shownIds(log)).toEqual([1, 2, 3]);
  });

  it('puts older pages in front and counts them in headShift', () => {
    const clock = handClock();
    const log = new ExchangeLog(clock);
    log.enqueue(exchanges(50, 60), 0);
    clock.frame();
    log.prepend(exchanges(40, 49).toReversed());
    expect(shownIds(log)[0]).toBe(40);
    expect(log.snapshot().headShift).toBe(10);
    expect(log.oldestId).toBe(40);
  });

  describe('paused', () => {
    it('shows nothing new, counts what waits and passes the filter, and shows it all afterwards', () => {
      const clock = handClock();
      const log = new ExchangeLog(clock);
      log.enqueue([exchange(1, { outcome: 'pending' })], 0);
      clock.frame();
      log.setFilter((row) => row.tool === 'echo');
      log.setPaused(true);
      log.enqueue([exchange(1), exchange(2), exchange(3, { tool: 'other' }), exchange(4)], 0);
      clock.frame();
      expect(shownIds(log)).toEqual([1]);
      expect(log.snapshot().rowAt(0)?.outcome).toBe('pending');
      expect(log.snapshot().waiting).toBe(2);
      log.setPaused(false);
      clock.frame();
      expect(shownIds(log)).toEqual([1, 2, 4]);
      expect(log.snapshot().waiting).toBe(0);
    });

    it('keeps the newest of what does not fit and says that rows are missing', () => {
      const clock = handClock();
      const log = new ExchangeLog(clock, { capacity: 10 });
      log.setPaused(true);
      log.enqueue(exchanges(1, 25), 0);
      clock.frame();
      expect(log.snapshot()).toMatchObject({ waiting: 10, missed: 15 });
      log.setPaused(false);
      clock.frame();
      expect(shownIds(log)).toEqual(exchanges(16, 25).map(({ id }) => id));
    });
  });

  it('adds up what the hub left out, until a fresh start', () => {
    const clock = handClock();
    const log = new ExchangeLog(clock);
    log.enqueue([exchange(1)], 3);
    log.enqueue([exchange(2)], 4);
    clock.frame();
    expect(log.snapshot().missed).toBe(7);
    log.reset();
    expect(log.snapshot()).toMatchObject({ missed: 0, rowCount: 0, heldCount: 0 });
  });
});
