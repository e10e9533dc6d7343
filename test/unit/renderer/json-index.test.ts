import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexJson, JsonIndexer, type JsonIndex } from '../../../renderer/lib/json/json-index.ts';
import { stepsOf } from './steps-of.ts';

const childrenOf = (index: JsonIndex, node: number): number[] => {
  const found: number[] = [];
  for (let child = node + 1; child < index.next(node); child = index.next(child)) found.push(child);
  return found;
};

const valueOf = (index: JsonIndex, node = 0): unknown => {
  switch (index.kind(node)) {
    case 'object':
      return Object.fromEntries(
        childrenOf(index, node).map((child) => [index.key(child), valueOf(index, child)]),
      );
    case 'array':
      return childrenOf(index, node).map((child) => valueOf(index, child));
    case 'string':
      return index.string(node);
    case 'literal':
      return JSON.parse(index.raw(node));
  }
};

const hasCut = (index: JsonIndex): boolean =>
  Array.from({ length: index.nodeCount }, (_, node) => index.isCut(node)).includes(true);

describe('JsonIndexer', () => {
  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(3), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        const index = indexJson(spaced)!;
        expect(JSON.stringify(valueOf(index))).toBe(JSON.stringify(JSON.parse(text)));
        expect(hasCut(index)).toBe(false);
        for (let node = 0; node < index.nodeCount; node += 1) {
          expect(index.childCount(node)).toBe(childrenOf(index, node).length);
          expect(JSON.stringify(JSON.parse(index.raw(node)))).toBe(JSON.stringify(valueOf(index, node)));
          if (node > 0) expect(index.depth(node)).toBe(index.depth(index.parent(node)) + 1);
        }
      }),
    );
  });

  it('gives a tree for a text cut anywhere, and says that it is cut', () => {
    const text = JSON.stringify({ a: [1, { b: 'x\n"y' }, true, null], 'k"': { c: [] }, n: -1.5e3 });
    for (let length = 1; length < text.length; length += 1) {
      const index = indexJson(text.slice(0, length));
      expect(index && hasCut(index), text.slice(0, length)).toBe(true);
      expect(index!.next(0)).toBe(index!.nodeCount);
    }
  });

  it('leaves out a number that may go on after the cut', () => {
    const index = indexJson('{"a":1,"b":12')!;
    expect(valueOf(index)).toEqual({ a: 1 });
    expect(index.isCut(0)).toBe(true);
  });

  it('keeps numbers as they are written', () => {
    expect(indexJson('9007199254740993')!.raw(0)).toBe('9007199254740993');
    expect(indexJson('[1e400]')!.raw(1)).toBe('1e400');
  });

  it('keeps duplicate and hostile keys apart', () => {
    const index = indexJson('{"__proto__":1,"a":2,"a":3}')!;
    expect(childrenOf(index, 0).map((node) => [index.key(node), index.raw(node)])).toEqual([
      ['__proto__', '1'],
      ['a', '2'],
      ['a', '3'],
    ]);
  });

  it('shows a string with broken escapes as it came', () => {
    expect(indexJson('"bad \\x escape"')!.string(0)).toBe('bad \\x escape');
  });

  it.each([
    '',
    'hello',
    '{a:1}',
    '[1,]x',
    '{"a" 1}',
    '[1 2]',
    '1 2',
    'nul',
    '{"a":1]',
    '[1}',
    '01',
    '{"a":}x',
  ])('is null for what is not JSON: %j', (text) => {
    expect(indexJson(text)).toBeNull();
  });

  it('finds the value at a position, and none between values', () => {
    const text = '{"key": ["value", 12]}';
    const index = indexJson(text)!;
    const at = (what: string): number => index.nodeAt(text.indexOf(what));
    expect([at('key'), at('value'), at('12'), at('{'), at('['), at(', '), at(']')]).toEqual([
      1, 2, 3, -1, -1, -1, -1,
    ]);
  });

  it('gives the beginning of a long key and string for a label', () => {
    const index = indexJson(JSON.stringify({ ['k'.repeat(1_000)]: '\n'.repeat(1_000), short: 'a"b' }))!;
    expect(index.keyStartText(1)).toBe(`${'k'.repeat(399)}…`);
    expect(index.stringStartText(1)).toMatch(/^\n{199}…$/);
    expect([index.keyStartText(2), index.stringStartText(2)]).toEqual(['short', 'a"b']);
  });

  it('stops at its limit and says so', () => {
    const indexer = new JsonIndexer(JSON.stringify(Array.from({ length: 50 }, () => 1)), { maxNodes: 10 });
    indexer.run();
    expect(indexer.index).toMatchObject({ nodeCount: 10, isLimited: true });
    expect(indexer.index!.isCut(0)).toBe(true);
  });
});

describe('large bodies never hold the page for 100 ms (E27)', () => {
  const manyKeys = (): string => {
    const parts: string[] = [];
    for (let key = 0; key < 1_000_000; key += 1) parts.push(`"k${key}":${key}`);
    return `{${parts.join()}}`;
  };
  it.each([
    ['a string of 10 MB', () => JSON.stringify({ text: 'x'.repeat(10_000_000) }), 2],
    ['a string of a million quotes', () => JSON.stringify({ text: '"\\'.repeat(1_000_000) }), 2],
    ['a million keys', manyKeys, 1_000_001],
    ['ten thousand levels', () => '['.repeat(10_000) + ']'.repeat(10_000), 10_000],
    ['a hundred thousand levels without an end', () => '{"a":'.repeat(100_000), 100_000],
  ])('%s', (_, make, nodes) => {
    const text = make();
    expect(indexJson(text)!.nodeCount).toBe(nodes);
    if (nodes > 1_000_000) expect(stepsOf(new JsonIndexer(text))).toBeGreaterThan(10);
  });
});
