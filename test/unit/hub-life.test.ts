import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHubLife } from '../../electron/hub/hub-life.ts';
import { silentLogger } from '../../electron/hub/log.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function open() {
  const state = { inFlight: 0, ended: [] as string[] };
  const life = createHubLife({ logger: silentLogger, inFlight: () => state.inFlight });
  for (const name of ['first', 'second']) life.onEnd(() => void state.ended.push(name));
  return { state, life };
}

describe('the end of a hub', () => {
  test('ends in reverse what was started, once', async () => {
    const { state, life } = open();
    expect(life.isStopping).toBe(false);
    await Promise.all([life.stop(), life.stop()]);
    await life.ended;
    expect(state.ended).toEqual(['second', 'first']);
    expect(life.isStopping).toBe(true);
  });

  test('goes on when one part cannot end', async () => {
    const { state, life } = open();
    life.onEnd(() => Promise.reject(new Error('no')));
    await life.stop();
    expect(state.ended).toEqual(['second', 'first']);
  });

  test('waits for calls under way, and no longer than told (D09)', async () => {
    const { state, life } = open();
    state.inFlight = 1;
    const done = life.stop(30_000);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state.ended).toEqual([]);
    state.inFlight = 0;
    await vi.advanceTimersByTimeAsync(100);
    await done;
    expect(state.ended).toEqual(['second', 'first']);

    const other = open();
    other.state.inFlight = 1;
    const cut = other.life.stop(30_000);
    await vi.advanceTimersByTimeAsync(30_100);
    await cut;
    expect(other.state.ended).toEqual(['second', 'first']);
  });

  test('a second, urgent stop ends the wait (D20)', async () => {
    const { state, life } = open();
    state.inFlight = 1;
    void life.stop(30_000);
    const urgent = life.stop();
    await vi.advanceTimersByTimeAsync(100);
    await urgent;
    expect(state.ended).toEqual(['second', 'first']);
  });
});
