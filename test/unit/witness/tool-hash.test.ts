import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, definitionHash } from '../../../electron/hub/witness/tool-hash.ts';

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

describe('canonicalJson', () => {
  it('sorts keys by code unit at every depth and keeps the order of lists', () => {
    const text = '{"b":[{"d":1,"c":2},null],"a":{"10":true,"9":"x"},"é":1,"Z":1.0}';
    expect(canonicalJson(JSON.parse(text))).toBe(
      '{"Z":1,"a":{"10":true,"9":"x"},"b":[{"c":2,"d":1},null],"é":1}',
    );
  });

  it('A09: treats __proto__ as a key like any other', () => {
    expect(canonicalJson(JSON.parse('{"a":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"a":1}');
  });

  it('means the same as what it was made from, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (drawn) => {
        const value: unknown = JSON.parse(JSON.stringify(drawn));
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('B24: refuses endless nesting instead of running out of stack', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(() => canonicalJson(deep)).toThrow('nested more than 200 levels deep');
  });
});

describe('definitionHash', () => {
  const hashOf = (definition: object): string => definitionHash(definition, 'name');
  const tool = { name: 'read', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } };

  it('is a SHA-256 that does not depend on the order of keys', () => {
    expect(hashOf(tool)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(reversed(tool) as object)).toBe(hashOf(tool));
  });

  it.each([
    ['description', { ...tool, description: '' }],
    ['annotation', { ...tool, annotations: { readOnlyHint: false } }],
    ['unknown field', { ...tool, 'vendor/x': null }],
    ['type of a value', { ...tool, inputSchema: { type: ['object'] } }],
  ])('E29: changes with the %s', (_what, changed) => {
    expect(hashOf(changed)).not.toBe(hashOf(tool));
  });

  it('does not change with the name, which is compared by itself', () => {
    expect(hashOf({ ...tool, name: 'files__read' })).toBe(hashOf(tool));
  });
});
