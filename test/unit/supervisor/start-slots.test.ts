import { describe, expect, it } from 'vitest';
import { createStartSlots } from '../../../electron/hub/supervisor/start-slots.ts';

/** Asks for slots by name and tells in which order they were given. */
function asker(count: number) {
  const slots = createStartSlots(count);
  const given: string[] = [];
  const giveBack = new Map<string, () => void>();
  return {
    given,
    ask(name: string, urgency: 'now' | 'ahead' = 'now') {
      void slots.take(urgency).then((back) => {
        given.push(name);
        giveBack.set(name, back);
      });
    },
    back: (name: string) => giveBack.get(name)!(),
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

describe('start slots', () => {
  it('lets so many start at once, the next in the order of asking', async () => {
    const { ask, back, settle, given } = asker(2);
    for (const name of ['a', 'b', 'c', 'd']) ask(name);
    await settle();
    expect(given).toEqual(['a', 'b']);
    back('b');
    back('b');
    await settle();
    expect(given).toEqual(['a', 'b', 'c']);
  });

  it('serves what is needed now first, and never gives the last slot to what is not', async () => {
    const { ask, back, settle, given } = asker(2);
    ask('spare 1', 'ahead');
    ask('spare 2', 'ahead');
    await settle();
    expect(given).toEqual(['spare 1']);
    ask('a');
    ask('b');
    await settle();
    expect(given).toEqual(['spare 1', 'a']);
    back('spare 1');
    await settle();
    expect(given).toEqual(['spare 1', 'a', 'b']);
    back('a');
    back('b');
    await settle();
    expect(given).toEqual(['spare 1', 'a', 'b', 'spare 2']);
  });
});
