import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editFrame } from '../../../electron/hub/frames/edit-frame.ts';
import { changeMembers, insertMember } from '../../../electron/hub/frames/edit-members.ts';
import {
  findMember,
  findPath,
  keyOf,
  listElements,
  listMembers,
  stringAt,
  type ValueRange,
} from '../../../electron/hub/frames/find-member.ts';
import { arrayText, jsonText, objectText } from './json-texts.ts';

const textOf = (frame: Buffer, { start, end }: ValueRange): string => frame.toString('utf8', start, end);
const change = (text: string, changes: Record<string, string | null>): string => {
  const frame = Buffer.from(text);
  return editFrame(frame, changeMembers(frame, text.indexOf('{'), changes)).toString();
};

describe('finding', () => {
  it('lists members and elements as they are written', () => {
    fc.assert(
      fc.property(objectText, arrayText, ({ members, text }, array) => {
        const frame = Buffer.from(text);
        expect(
          listMembers(frame, 0)?.map((member) => ({
            key: frame.toString('utf8', member.keyStart, member.keyEnd),
            value: textOf(frame, member),
          })),
        ).toEqual(members);
        const list = Buffer.from(array.text);
        expect(listElements(list, 0)?.map((range) => textOf(list, range))).toEqual(array.elements);
      }),
    );
  });

  it('finds the member that JSON.parse would give', () => {
    fc.assert(
      fc.property(
        objectText,
        fc.constantFrom('a', 'name', '_meta', '', 'é', '__proto__'),
        ({ text }, key) => {
          const frame = Buffer.from(text);
          const tree = JSON.parse(text) as Record<string, unknown>;
          const member = findMember(frame, 0, key);
          expect(member !== null).toBe(Object.hasOwn(tree, key));
          if (member) {
            expect(keyOf(frame, member)).toBe(key);
            expect(JSON.parse(textOf(frame, member))).toEqual(tree[key]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('goes from object to object, and stops where there is none', () => {
    const frame = Buffer.from(String.raw`{"a":{"\u0062":{"c":"\n"}},"d":[{"a":1}]}`);
    const found = findPath(frame, 0, ['a', 'b', 'c']);
    expect(found && stringAt(frame, found)).toBe('\n');
    expect(findPath(frame, 0, ['a', 'x', 'c'])).toBeNull();
    expect(findPath(frame, 0, ['d', 'a'])).toBeNull();
    expect(findPath(frame, 0, ['a', 'b', 'c', 'd'])).toBeNull();
    expect(stringAt(frame, findMember(frame, 0, 'd')!)).toBeNull();
    expect(listMembers(frame, 1)).toBeNull();
    expect(listElements(frame, 0)).toBeNull();
    expect(listMembers(frame, 10_000)).toBeNull();
  });

  it.each(['{"a" 1}', '{"a":1,}', '{"a":1', '{a:1}', '{"a":}', '{"a":1 "b":2}', '{"a', '{', '{"a":[}'])(
    'finds nothing in %s',
    (text) => {
      expect(listMembers(Buffer.from(text), 0)).toBeNull();
      expect(findMember(Buffer.from(text), 0, 'a')).toBeNull();
    },
  );

  it.each(['[1 2]', '[1,]', '[1', '[', '[,]', '[{]'])('lists nothing of %s', (text) => {
    expect(listElements(Buffer.from(text), 0)).toBeNull();
  });

  it('C06, C07: is bounded in depth and count', () => {
    const deep = Buffer.from(`{"a":${'['.repeat(200)}${']'.repeat(200)}}`);
    expect(listMembers(deep, 0)).toBeNull();
    const many = Buffer.from(`{"a":[${'1,'.repeat(1_000_000)}1]}`);
    expect(listMembers(many, 0)).toBeNull();
    expect(listElements(Buffer.from(`[${'1,'.repeat(1_000_000)}1]`), 0)).toBeNull();
    expect(listElements(Buffer.from(`[${'1,'.repeat(9_999)}1]`), 0)).toHaveLength(10_000);
  });
});

describe('changing', () => {
  it.each([
    ['{}', { a: '1' }, '{"a":1}'],
    ['{ }', { a: '1' }, '{"a":1 }'],
    ['{"x":0}', { a: '1', b: '"\\n"' }, '{"a":1,"b":"\\n","x":0}'],
    ['{"x" : 0 , "y":1}', { x: '[2]' }, '{"x" : [2] , "y":1}'],
    ['{"x":0}', { x: null }, '{}'],
    ['{"x":0,"y":1}', { x: null }, '{"y":1}'],
    ['{"x":0,"y":1}', { y: null }, '{"x":0}'],
    ['{"x":0,"y":1,"z":2}', { y: null }, '{"x":0,"z":2}'],
    ['{"x":0,"y":1,"z":2}', { x: null, y: null }, '{"z":2}'],
    ['{"x":0,"y":1,"z":2}', { y: null, z: null }, '{"x":0}'],
    ['{"x":0,"y":1,"z":2}', { x: null, z: null }, '{"y":1}'],
    ['{"x":0,"y":1}', { x: null, y: null }, '{}'],
    ['{"x":0,"y":1}', { x: null, y: null, z: '2' }, '{"z":2}'],
    ['{\n  "x": 0,\n  "y": 1\n}', { y: null }, '{\n  "x": 0\n}'],
    ['{\n  "x": 0,\n  "y": 1\n}', { x: null }, '{\n  "y": 1\n}'],
    ['{"x":1,"k":{"x":2},"\\u0078":3}', { x: null }, '{"k":{"x":2}}'],
    ['{"x":1,"x":2}', { x: '3' }, '{"x":3,"x":3}'],
    ['{"n":12345678901234567890,"m":1e400}', { gone: null }, '{"n":12345678901234567890,"m":1e400}'],
  ])('%s with %j is %s', (text, changes, expected) => {
    expect(change(text, changes)).toBe(expected);
  });

  it('leaves a broken object alone', () => {
    expect(change('{"a":1,}', { a: null, b: '2' })).toBe('{"a":1,}');
  });

  it('inserts in front without reading the rest', () => {
    for (const [text, expected] of [
      ['{}', '{"k\\"":[]}'],
      ['{\n}', '{"k\\"":[]\n}'],
      ['{ "a":1}', '{"k\\"":[], "a":1}'],
    ] as const) {
      const frame = Buffer.from(text);
      expect(editFrame(frame, [insertMember(frame, 0, 'k"', '[]')]).toString()).toBe(expected);
    }
  });

  it('does to any object what it does to its tree, and keeps every other byte', () => {
    const key = fc.constantFrom('a', 'b', 'name', '_meta', '', 'é', 'new', 'other new');
    const changes = fc.dictionary(key, fc.oneof(fc.constant(null), jsonText), {
      maxKeys: 4,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(objectText, changes, ({ members, text }, wanted) => {
        const after = change(text, wanted);
        const expected = members.flatMap((member) => {
          const name = JSON.parse(member.key) as string;
          if (!Object.hasOwn(wanted, name)) return [member];
          return wanted[name] === null ? [] : [{ ...member, value: wanted[name]! }];
        });
        const names = new Set(members.map((member) => JSON.parse(member.key) as string));
        const added = Object.entries(wanted).flatMap(([name, value]) =>
          value === null || names.has(name) ? [] : [{ key: JSON.stringify(name), value }],
        );
        const frame = Buffer.from(after);
        expect(
          listMembers(frame, 0)?.map((member) => ({
            key: frame.toString('utf8', member.keyStart, member.keyEnd),
            value: textOf(frame, member),
          })),
        ).toEqual([...added, ...expected]);
        // JSON.parse is the judge of the commas.
        expect(() => JSON.parse(after)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
