import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffJson, type JsonDiff, type DiffRow } from '../../../renderer/lib/json/json-diff.ts';
import { indexJson } from '../../../renderer/lib/json/json-index.ts';
import { textChange } from '../../../renderer/lib/json/text-change.ts';

const diff = (a: string, b: string): JsonDiff =>
  diffJson({ index: indexJson(a)!, node: 0 }, { index: indexJson(b)!, node: 0 });
const of = (a: unknown, b: unknown): string[] => diff(JSON.stringify(a), JSON.stringify(b)).rows.map(words);

function words(row: DiffRow): string {
  const indent = '  '.repeat(row.depth);
  switch (row.kind) {
    case 'same':
      return `${indent}= ${row.count}`;
    case 'open':
      return `${indent}${row.label} ${row.shape === 'object' ? '{' : '['}`;
    case 'removed':
      return `${indent}- ${row.label} ${row.at.index.raw(row.at.node)}`;
    case 'added':
      return `${indent}+ ${row.label} ${row.at.index.raw(row.at.node)}`;
    case 'changed':
      return `${indent}~ ${row.label} ${row.a.index.raw(row.a.node)} → ${row.b.index.raw(row.b.node)}`;
  }
}

const manyKeys = (prefix: string): string =>
  Array.from({ length: 1_000_000 }, (_, at) => `"${prefix}${at}":1`).join();

describe('diffJson', () => {
  it('finds nothing between a value and itself, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const shuffle = (inner: unknown): unknown => {
          if (Array.isArray(inner)) return inner.map(shuffle);
          if (typeof inner !== 'object' || inner === null) return inner;
          return Object.fromEntries(
            Object.entries(inner)
              .map(([key, child]) => [key, shuffle(child)] as const)
              .toReversed(),
          );
        };
        const { changes, rows } = diff(JSON.stringify(value), JSON.stringify(shuffle(value), null, 1));
        expect({ changes, rows }).toEqual({ changes: 0, rows: [] });
      }),
    );
  });

  it('finds something between different values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (a, b) => {
        const normal = (value: unknown): string => JSON.stringify(sorted(value));
        expect(of(a, b).length > 0).toBe(normal(a) !== normal(b));
      }),
    );
  });

  it('takes no notice of moved keys, escapes and the spelling of numbers', () => {
    expect(diff('{"a":1.0,"b":"\\u00e9","c":[1e2]}', '{ "c":[100], "b":"é", "a":1 }').changes).toBe(0);
    expect(diff('[9007199254740993]', '[9007199254740992]').changes).toBe(1);
    expect(diff('[1e-400]', '[0]').changes).toBe(1);
  });

  it('names what was added, removed and changed, with the equal ones counted', () => {
    expect(of({ a: 1, b: 2, keep: [1], gone: null }, { a: 1, b: 3, keep: [1], fresh: 'x' })).toEqual([
      ' {',
      '  = 1',
      '  ~ b 2 → 3',
      '  = 1',
      '  - gone null',
      '  + fresh "x"',
    ]);
  });

  it('tells an inserted item from many changed ones', () => {
    expect(of([1, 2, 3, 4], [1, 9, 2, 3, 4])).toEqual([' [', '  = 1', '  + [1] 9', '  = 3']);
    expect(of(['a', 'b', 'c'], ['b', 'c'])).toEqual([' [', '  - [0] "a"', '  = 2']);
  });

  it('matches items of a list by their name before their place', () => {
    const tool = (name: string, version: number): object => ({ name, version });
    expect(of([tool('a', 1), tool('b', 1)], [tool('c', 1), tool('b', 2)])).toEqual([
      ' [',
      '  - [0] {"name":"a","version":1}',
      '  [1] {',
      '    = 1',
      '    ~ version 1 → 2',
      '  + [0] {"name":"c","version":1}',
    ]);
  });

  it('compares unnamed items in the same place inside out', () => {
    expect(of([{ x: 1, y: 1 }], [{ x: 1, y: 2 }])).toEqual([' [', '  [0] {', '    = 1', '    ~ y 1 → 2']);
  });

  it('tells a value of another kind', () => {
    expect(of({ a: [1] }, { a: { 0: 1 } })).toEqual([' {', '  ~ a [1] → {"0":1}']);
  });

  it.each([
    [
      'a string of 10 MB',
      JSON.stringify(['x'.repeat(10_000_000)]),
      JSON.stringify([`${'x'.repeat(9_999_999)}y`]),
    ],
    [
      'ten thousand levels',
      '['.repeat(10_000) + ']'.repeat(10_000),
      `${'['.repeat(10_000)}1${']'.repeat(10_000)}`,
    ],
    [
      'long lists',
      JSON.stringify([...Array(300_000).keys()]),
      JSON.stringify([...Array(300_000).keys()].map((at) => at + 1)),
    ],
    [
      'lists without anything in common',
      JSON.stringify([...Array(5_000).keys()]),
      JSON.stringify([...Array(5_000).keys()].map((at) => -at - 1)),
    ],
    [
      'many keys',
      JSON.stringify(Object.fromEntries([...Array(20_000).keys()].map((at) => [`a${at}`, at]))),
      JSON.stringify(Object.fromEntries([...Array(20_000).keys()].map((at) => [`b${at}`, at]))),
    ],
    ['a million keys', `{${manyKeys('a')}}`, `{${manyKeys('b')}}`],
  ])('stays within its bounds for %s', (_, a, b) => {
    const left = indexJson(a)!;
    const right = indexJson(b)!;
    const result: JsonDiff = diffJson({ index: left, node: 0 }, { index: right, node: 0 });
    expect(result.rows.length).toBeLessThanOrEqual(1_001);
    expect(result.changes).toBeGreaterThan(0);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, sorted(child)] as const);
  return { members: entries.toSorted(([a], [b]) => (a < b ? -1 : 1)) };
}

describe('textChange', () => {
  it('holds both texts when nothing is left out', () => {
    const short = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(fc.array(short), fc.array(short), fc.constantFrom('\n', ''), (a, b, joint) => {
        const pieces = textChange(a.join(joint).slice(0, 70), b.join(joint).slice(0, 70));
        if (pieces.some(({ kind }) => kind === 'skipped')) return;
        const side = (other: string): string =>
          pieces
            .map((piece) => (piece.kind === other || piece.kind === 'skipped' ? '' : piece.text))
            .join('');
        expect([side('added'), side('removed')]).toEqual([
          a.join(joint).slice(0, 70),
          b.join(joint).slice(0, 70),
        ]);
      }),
    );
  });

  it('shows the change of a long text with little around it', () => {
    const filler = 'x'.repeat(500);
    expect(textChange(`${filler}old${filler}`, `${filler}new${filler}`)).toEqual([
      { kind: 'skipped', characters: 440 },
      { kind: 'same', text: 'x'.repeat(60) },
      { kind: 'removed', text: 'old' },
      { kind: 'added', text: 'new' },
      { kind: 'same', text: 'x'.repeat(60) },
      { kind: 'skipped', characters: 440 },
    ]);
  });

  it('goes line by line where there are lines', () => {
    expect(textChange('one\ntwo\nthree', 'one\n2\nthree\nfour')).toEqual([
      { kind: 'same', text: 'one\n' },
      { kind: 'removed', text: 'two\nthree' },
      { kind: 'added', text: '2\nthree\nfour' },
    ]);
  });

  it('splits no pair of surrogates', () => {
    expect(textChange('😀', '😁')).toEqual([
      { kind: 'removed', text: '😀' },
      { kind: 'added', text: '😁' },
    ]);
  });
});
