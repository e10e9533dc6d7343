import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJson } from '../../../renderer/lib/json/format-json.ts';
import { findJsonProblem } from '../../../renderer/lib/json/json-problem.ts';

describe('formatJson', () => {
  it('lays a value out as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.nat(4), (text, indent) => {
        const value: unknown = JSON.parse(text);
        expect(formatJson(JSON.stringify(value, null, indent))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });
  it('keeps numbers, escapes and duplicate keys as they are written', () => {
    expect(formatJson('{"a":9007199254740993,"a":"\\u0041","b":1.0}')).toBe(
      '{\n  "a": 9007199254740993,\n  "a": "\\u0041",\n  "b": 1.0\n}',
    );
  });
  it('formats a cut text up to its end', () => {
    expect(formatJson('{"a":[1,"x')).toBe('{\n  "a": [\n    1,\n    "x');
  });
});

describe('findJsonProblem', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  it('accepts exactly what JSON.parse does', () => {
    const damaged = fc.tuple(
      fc.json({ maxDepth: 4 }),
      fc.nat(60),
      fc.constantFrom('', ',', '"', '}', ']', ':', '1', '\\', '\n', '-', 'e'),
    );
    fc.assert(
      fc.property(damaged, ([text, at, what]) => {
        const changed = text.slice(0, at) + what + text.slice(at + 1);
        expect(findJsonProblem(changed) === null, changed).toBe(isJson(changed));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', 'end', 1, 1],
    ['{\n  "a": 1,\n}', 'key', 3, 1],
    ['{"a" 1}', 'colon', 1, 6],
    ['[1 2]', 'comma-or-bracket', 1, 4],
    ['{"a": 1 "b"}', 'comma-or-brace', 1, 9],
    ['{"a": tru}', 'value', 1, 7],
    ['{"a": 01}', 'value', 1, 7],
    ["{'a': 1}", 'key', 1, 2],
    ['{} x', 'after', 1, 4],
    ['"a\\x"', 'escape', 1, 3],
    ['"a\nb"', 'control', 1, 3],
    ['{"a": [1,', 'end', 1, 10],
  ])('says where %j goes wrong', (text, kind, line, column) => {
    expect(findJsonProblem(text)).toMatchObject({ kind, line, column });
  });

  it('reads ten megabytes and deep nesting as well', () => {
    const large = JSON.stringify({ text: 'x'.repeat(10_000_000) });
    expect(findJsonProblem(large)).toBeNull();
    expect(findJsonProblem('['.repeat(100_000))).toMatchObject({ kind: 'depth' });
  });
});
