import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, parseJsonTree } from '../../../renderer/lib/json-tree.ts';

const valueOf = (node: JsonNode): unknown => {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, valueOf(value)]));
    case 'array':
      return node.items.map(valueOf);
    case 'string':
      return node.value;
    case 'literal':
      return JSON.parse(node.text);
  }
};

const isCut = (node: JsonNode): boolean => {
  if (node.kind === 'object') return node.isCut || node.entries.some(({ value }) => isCut(value));
  if (node.kind === 'array') return node.isCut || node.items.some(isCut);
  return node.kind === 'string' && node.isCut;
};

describe('parseJsonTree', () => {
  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const node = parseJsonTree(text)!;
        expect(JSON.stringify(valueOf(node))).toBe(JSON.stringify(JSON.parse(text)));
        expect(isCut(node)).toBe(false);
      }),
    );
  });

  it('gives a tree for a text cut anywhere, and says that it is cut', () => {
    const text = JSON.stringify({ a: [1, { b: 'x\n"y' }, true, null], 'k"': { c: [] }, n: -1.5e3 });
    for (let length = 1; length < text.length; length += 1) {
      const node = parseJsonTree(text.slice(0, length));
      expect(node && isCut(node), text.slice(0, length)).toBe(true);
    }
  });

  it('keeps numbers as they are written', () => {
    expect(parseJsonTree('9007199254740993')).toEqual({ kind: 'literal', text: '9007199254740993' });
    expect(parseJsonTree('1e400')).toEqual({ kind: 'literal', text: '1e400' });
  });

  it('keeps duplicate and hostile keys apart', () => {
    expect(parseJsonTree('{"__proto__":1,"a":2,"a":3}')).toMatchObject({
      entries: [{ key: '__proto__' }, { key: 'a' }, { key: 'a' }],
    });
  });

  it.each(['', 'hello', '{a:1}', '[1,]x', '{"a" 1}', '"bad \\x escape"', '[1 2]', '1 2', 'nul'])(
    'is null for what is not JSON: %j',
    (text) => {
      expect(parseJsonTree(text)).toBeNull();
    },
  );

  it('gives up on absurd nesting instead of on the stack (A20)', () => {
    expect(parseJsonTree('['.repeat(100_000))).toBeNull();
  });

  it('reads ten megabytes without stopping the page', () => {
    const started = performance.now();
    parseJsonTree(JSON.stringify({ text: 'x'.repeat(10_000_000) }));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
