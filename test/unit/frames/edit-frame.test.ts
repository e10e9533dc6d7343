import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editFrame, type Edit } from '../../../electron/hub/frames/edit-frame.ts';

const edit = (text: string, edits: readonly Edit[]): string => editFrame(Buffer.from(text), edits).toString();

describe('editFrame', () => {
  it('replaces, inserts and removes in one go, in whatever order the edits come', () => {
    const edits: Edit[] = [
      { start: 8, end: 10, with: '' },
      { start: 0, end: 1, with: Buffer.from('日本') },
      { start: 4, end: 4, with: 'first' },
      { start: 4, end: 4, with: 'second' },
      { start: 4, end: 6, with: 'E' },
    ];
    expect(edit('abcdefghij', edits)).toBe('日本bcdfirstsecondEgh');
    expect(edit('abc', [])).toBe('abc');
    expect(edit('abc', [{ start: 3, end: 3, with: 'd' }])).toBe('abcd');
  });

  it.each<[string, Edit[]]>([
    [
      'overlap',
      [
        { start: 0, end: 3, with: '' },
        { start: 2, end: 4, with: '' },
      ],
    ],
    [
      'an insertion inside a replacement',
      [
        { start: 0, end: 3, with: '' },
        { start: 1, end: 1, with: 'x' },
      ],
    ],
    ['behind the end', [{ start: 4, end: 11, with: '' }]],
    ['before the start', [{ start: -1, end: 2, with: '' }]],
    ['end before start', [{ start: 3, end: 2, with: '' }]],
    ['no position', [{ start: Number.NaN, end: Number.NaN, with: '' }]],
  ])('refuses %s', (_name, edits) => {
    expect(() => edit('abcdefghij', edits)).toThrow(RangeError);
  });

  it('changes what the edits say and nothing else', () => {
    const pieces = fc.array(
      fc.record({
        kept: fc.uint8Array({ maxLength: 9 }),
        cut: fc.uint8Array({ maxLength: 9 }),
        put: fc.string(),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(pieces, fc.boolean(), (list, asBytes) => {
        const before: Uint8Array[] = [];
        const after: Uint8Array[] = [];
        const edits: Edit[] = [];
        let at = 0;
        for (const { kept, cut, put } of list) {
          before.push(kept, cut);
          after.push(kept, Buffer.from(put));
          const start = at + kept.length;
          at = start + cut.length;
          edits.push({ start, end: at, with: asBytes ? Buffer.from(put) : put });
        }
        expect(editFrame(Buffer.concat(before), edits)).toEqual(Buffer.concat(after));
      }),
    );
  });
});
