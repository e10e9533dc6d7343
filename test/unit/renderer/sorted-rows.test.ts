import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedRows } from '../../../renderer/lib/sorted-rows.ts';

it('behaves like a sorted map, whatever the order of upserts, removals and trims', () => {
  const id = fc.integer({ min: 0, max: 60 });
  const operation = fc.oneof(
    fc.record({ do: fc.constant('upsert' as const), id }),
    fc.record({ do: fc.constant('remove' as const), id }),
    fc.record({ do: fc.constant('trim' as const), id }),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const rows = new SortedRows<{ id: number; turn: number }>();
      const model = new Map<number, { id: number; turn: number }>();
      for (const [turn, { do: action, id: key }] of operations.entries()) {
        if (action === 'upsert') {
          const isNew = !model.has(key);
          model.set(key, { id: key, turn });
          expect(rows.upsert({ id: key, turn }) >= 0).toBe(isNew);
        } else if (action === 'remove') {
          expect(rows.remove(key) >= 0).toBe(model.delete(key));
        } else {
          const excess = [...model.keys()].sort((a, b) => a - b).slice(0, Math.max(0, model.size - key));
          for (const gone of excess) model.delete(gone);
          expect(rows.trimFront(key)).toBe(excess.length);
        }
      }
      const expected = [...model.values()].sort((a, b) => a.id - b.id);
      expect([...rows]).toEqual(expected);
      expect(expected.map(({ id: key }) => rows.indexOf(key))).toEqual(expected.map((_, index) => index));
      expect(rows.length).toBe(expected.length);
    }),
  );
});

it('keeps its memory bounded while rows pass through', () => {
  const rows = new SortedRows<{ id: number }>();
  for (let id = 0; id < 50_000; id += 1) {
    rows.upsert({ id });
    rows.trimFront(100);
  }
  expect(rows.length).toBe(100);
  expect(rows.first).toEqual({ id: 49_900 });
  expect(rows.at(-1)).toBeUndefined();
});
