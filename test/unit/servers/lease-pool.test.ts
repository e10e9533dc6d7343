import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLeasePool, type LeasePool } from '../../../electron/hub/servers/lease-pool.ts';

interface Thing {
  key: string;
  number: number;
  load: number;
}

let opened: Thing[];
let closed: Thing[];
/** Openings that wait to be let through. */
let gates: { pass(): void; fail(message: string): void }[];
let isGated: boolean;
let pool: LeasePool<Thing>;
const ONE = { copies: 1, idleMs: 1_000 };
const TWO = { copies: 2, idleMs: 1_000 };

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  closed = [];
  gates = [];
  isGated = false;
  pool = createLeasePool<Thing>({
    async open(key) {
      if (isGated) {
        await new Promise<void>((resolve, reject) => {
          gates.push({ pass: resolve, fail: (message) => reject(new Error(message)) });
        });
      }
      const thing = { key, number: opened.length, load: 0 };
      opened.push(thing);
      return thing;
    },
    load: ({ load }) => load,
    close: async (thing) => void closed.push(thing),
  });
});
afterEach(() => vi.useRealTimers());

/** Lets everything that only waits for promises go on. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('lease pool', () => {
  it('C17, C23: many callers at once start one thing, and share it', async () => {
    isGated = true;
    const leases = Array.from({ length: 50 }, () => pool.acquire('a', ONE));
    await settle();
    expect(gates).toHaveLength(1);
    gates[0]!.pass();
    expect(new Set((await Promise.all(leases)).map(({ value }) => value)).size).toBe(1);
  });

  it('gives everybody who waited the reason, and tries again for the next', async () => {
    isGated = true;
    const first = [pool.acquire('a', ONE), pool.acquire('a', ONE)].map((lease) =>
      lease.catch((error: Error) => error.message),
    );
    await settle();
    gates[0]!.fail('no such program');
    expect(await Promise.all(first)).toEqual(['no such program', 'no such program']);
    isGated = false;
    expect((await pool.acquire('a', ONE)).value.number).toBe(0);
  });

  it('keeps keys apart', async () => {
    const [a, b] = await Promise.all([pool.acquire('a', ONE), pool.acquire('b', ONE)]);
    expect(a.value).not.toBe(b.value);
  });

  it('opens another only when all have work, never more than allowed, and then takes the least busy', async () => {
    const a = await pool.acquire('a', TWO);
    const again = await pool.acquire('a', TWO);
    expect(again.value).toBe(a.value);
    a.value.load = 3;
    const b = await pool.acquire('a', TWO);
    expect(b.value).not.toBe(a.value);
    b.value.load = 2;
    expect((await pool.acquire('a', TWO)).value).toBe(b.value);
    a.value.load = 1;
    expect((await pool.acquire('a', TWO)).value).toBe(a.value);
    expect(opened).toHaveLength(2);
  });

  it('serves whom it can when another copy does not start', async () => {
    const a = await pool.acquire('a', TWO);
    a.value.load = 1;
    isGated = true;
    const b = pool.acquire('a', TWO);
    await settle();
    gates[0]!.fail('no free processes');
    expect((await b).value).toBe(a.value);
  });

  it('closes what nobody holds after its time, and only then', async () => {
    const first = await pool.acquire('a', ONE);
    const second = await pool.acquire('a', ONE);
    first.release();
    first.release();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(closed).toEqual([]);
    second.release();
    await vi.advanceTimersByTimeAsync(999);
    const third = await pool.acquire('a', ONE);
    expect(third.value).toBe(first.value);
    third.release();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(closed).toEqual([first.value]);
    expect((await pool.acquire('a', ONE)).value).not.toBe(first.value);
  });

  it('does not close what still works for a caller that has gone', async () => {
    const { value, release } = await pool.acquire('a', ONE);
    value.load = 1;
    release();
    await vi.advanceTimersByTimeAsync(3_500);
    expect(closed).toEqual([]);
    value.load = 0;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(closed).toEqual([value]);
  });

  it('keeps for good what shall be kept longer than any timer', async () => {
    const { release } = await pool.acquire('a', { copies: 1, idleMs: Infinity });
    release();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never hands out again what is gone; its leases may still be given back', async () => {
    const gone = await pool.acquire('a', ONE);
    pool.forget(gone.value);
    const next = await pool.acquire('a', ONE);
    expect(next.value).not.toBe(gone.value);
    gone.release();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(closed).toEqual([]);
    expect(pool.values()).toEqual([next.value]);
  });

  it('ends with nothing left, also of what was just being opened', async () => {
    const held = await pool.acquire('a', ONE);
    isGated = true;
    const late = pool.acquire('b', ONE).catch((error: Error) => error.message);
    await settle();
    const end = pool.close();
    gates[0]!.pass();
    await end;
    expect(await late).toContain('The hub is ending');
    expect(closed.map(({ key }) => key).toSorted()).toEqual(['a', 'b']);
    held.release();
    expect(vi.getTimerCount()).toBe(0);
    await expect(pool.acquire('a', ONE)).rejects.toThrow('The hub is ending');
  });
});
