import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairQueue, type FairQueue } from '../../../electron/hub/servers/fair-queue.ts';

function drain<T>(queue: FairQueue<T>): T[] {
  const all: T[] = [];
  for (let work = queue.shift(); work !== undefined; work = queue.shift()) all.push(work);
  return all;
}

describe('fair queue', () => {
  it('B18, C23: a caller with one piece of work does not wait for another one’s hundred', () => {
    const queue = createFairQueue<string>(200);
    for (let index = 0; index < 100; index += 1) queue.push('greedy', `greedy ${index}`);
    queue.push('modest', 'modest');
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual(['greedy 0', 'modest', 'greedy 1']);
  });

  it('takes turns while callers come and go', () => {
    const queue = createFairQueue<string>(10);
    for (const work of ['a1', 'a2', 'b1', 'b2']) queue.push(work[0]!, work);
    expect(queue.shift()).toBe('a1');
    queue.push('c', 'c1');
    expect(drain(queue)).toEqual(['b1', 'a2', 'c1', 'b2']);
  });

  it('is bounded over all callers, and has room again after a turn or a removal (B17)', () => {
    const queue = createFairQueue<number>(2);
    expect([queue.push('a', 1), queue.push('b', 2), queue.push('c', 3)]).toEqual([true, true, false]);
    queue.shift();
    expect(queue.push('c', 3)).toBe(true);
    expect(queue.remove('b', 2)).toBe(true);
    expect(queue.push('d', 4)).toBe(true);
    expect(drain(queue)).toEqual([3, 4]);
  });

  it('knows what it has handed out', () => {
    const queue = createFairQueue<number>(2);
    queue.push('a', 1);
    queue.shift();
    expect([queue.remove('a', 1), queue.remove('nobody', 1), queue.size]).toEqual([false, false, 0]);
  });

  it('loses and repeats nothing, keeps each caller’s order, and lets nobody overtake twice', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4 }), { maxLength: 60 }), (callers) => {
        const queue = createFairQueue<{ caller: number; index: number }>(60);
        callers.forEach((caller, index) => queue.push(String(caller), { caller, index }));
        const order = drain(queue);
        expect(order.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(callers.map((_, i) => i));
        for (const caller of new Set(callers)) {
          const own = order.flatMap((work, turn) => (work.caller === caller ? [{ ...work, turn }] : []));
          expect(own.map(({ index }) => index)).toEqual(
            own.map(({ index }) => index).toSorted((a, b) => a - b),
          );
          for (let at = 1; at < own.length; at += 1) {
            const between = order.slice(own[at - 1]!.turn + 1, own[at]!.turn).map((work) => work.caller);
            expect(new Set(between).size).toBe(between.length);
          }
        }
        expect(queue.size).toBe(0);
      }),
    );
  });
});
