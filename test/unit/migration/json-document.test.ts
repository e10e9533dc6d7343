import { describe, expect, it } from 'vitest';
import { parseJsonDocument } from '../../../electron/hub/files/json-document.ts';
import { memberOf, nodeAt, valueOf } from '../../../electron/hub/files/json-node.ts';

const parse = (text: string): ReturnType<typeof parseJsonDocument> =>
  parseJsonDocument(Buffer.from(text), '/c.json');

describe('parseJsonDocument', () => {
  it.each([
    ['A01: a missing comma', '{\n  "a": 1\n  "b": 2\n}', 3, 3, 'A comma is missing.'],
    ['A01: a file cut in half', '{\r\n  "a": {\r\n    "b": "x', 3, 10, 'A string is not closed.'],
    ['A01: a word that is no value', '{"a": nope}', 1, 7, 'A word stands here'],
    ['A01: text after the end', '{}\n{}', 2, 1, 'More text follows'],
    ['A01: no object', '[1]', 1, 1, 'must hold one JSON object'],
    ['A01: a comment that never ends', '{} /* x', 1, 4, 'A comment is not closed.'],
    ['A01: comments and nothing else', '// nothing\n', 1, 1, 'A value is missing.'],
  ])('refuses %s with its place', (...[, text, line, column, what]) => {
    expect(() => parse(text)).toThrowError(
      expect.objectContaining({
        code: 'CONFIG_MALFORMED',
        info: expect.objectContaining({
          path: '/c.json',
          line,
          column,
          message: expect.stringContaining(what),
        }),
      }),
    );
  });

  it('A07: names both lines of a key that stands there twice, however it is written', () => {
    expect(() => parse('{\n"mcpServers": {},\n"x": [{}],\n"mcpS\\u0065rvers": {}\n}')).toThrowError(
      /"mcpServers" stands there twice, on line 2 and line 4/,
    );
    expect(() => parse('{"a": [{"b": 1,\n "b": 2}]}')).toThrowError(/on line 1 and line 2/);
    expect(parse('{"a": {"b": 1}, "b": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}').root).not.toBeNull();
  });

  it('A09: reads hostile names as data', () => {
    const { root } = parse('{"__proto__": {"polluted": 1}, "constructor": {"a/b~c": 2}, "": 3}');
    const value = valueOf(root) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', '']);
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(nodeAt(root, ['constructor', 'a/b~c'])?.value).toBe(2);
    expect(nodeAt(root, ['toString'])).toBeUndefined();
    expect(memberOf(root, '')?.value.value).toBe(3);
  });

  it('A20: refuses what is too deep or too large at once', () => {
    const started = performance.now();
    expect(() => parse('{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000))).toThrowError(/more than 200 deep/);
    expect(() => parseJsonDocument(Buffer.alloc(8 * 1024 * 1024 + 1, 0x20), '/c.json')).toThrowError(
      /larger than 8 MB/,
    );
    expect(performance.now() - started).toBeLessThan(100);
    // Brackets in strings and comments are no nesting.
    expect(
      parse(`{"a": "${'['.repeat(300)}", /* ${'{'.repeat(300)} */ "b": "\\"${'['.repeat(300)}"}`).root,
    ).not.toBeNull();
    expect(parse('['.repeat(0) + '{"a":'.repeat(199) + '{}' + '}'.repeat(199)).root).not.toBeNull();
  });

  it('A20: reads 10,000 servers', () => {
    const servers = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`s${index}`, { command: 'x' }]),
    );
    expect(parse(JSON.stringify({ mcpServers: servers }, null, 2)).root?.children).toHaveLength(1);
  });
});
