import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodySearch, MAX_MATCHES, positionInString } from '../../../renderer/lib/json/body-search.ts';
import { indexJson, type JsonIndex } from '../../../renderer/lib/json/json-index.ts';
import { copiedValue, jsonPath, memberAt } from '../../../renderer/lib/json/json-path.ts';
import {
  type JsonOpenness,
  layOutJson,
  MAX_ROWS,
  USUAL_OPENNESS,
  type JsonRows,
} from '../../../renderer/lib/json/json-rows.ts';
import { withMore, withOpen, withVisible } from '../../../renderer/lib/json/open-json.ts';
import { layOutText } from '../../../renderer/lib/json/text-rows.ts';
import { stepsOf } from './steps-of.ts';
import { lineText, wrapText } from '../../../renderer/lib/json/wrap-text.ts';

const shown = (index: JsonIndex, rows: JsonRows): string[] =>
  Array.from({ length: rows.count }, (_, at) => {
    const row = rows.at(at);
    const indent = '  '.repeat(index.depth(row.node));
    if (row.kind === 'line') return `${indent}| ${lineText(rows.string(row.node), row.start, row.end)}`;
    if (row.kind !== 'value') return `${indent}${row.kind} ${row.left}`;
    const mark = row.canOpen ? (row.isOpen ? '-' : '+') : ' ';
    return `${indent}${mark}${index.key(row.node) ?? ''}`;
  });

const all: JsonOpenness = { ...USUAL_OPENNESS, base: 'all' };
const none: JsonOpenness = { ...USUAL_OPENNESS, base: 'none' };

describe('wrapText', () => {
  it('loses nothing, keeps to its width and splits no surrogate pair', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 8, max: 40 }),
        (text, width) => {
          const starts = wrapText(text, width);
          const lines = starts.slice(0, -1).map((start, line) => text.slice(start, starts[line + 1]));
          expect(lines.join('')).toBe(text);
          for (const [line, piece] of lines.entries()) {
            expect(piece.replace(/\r?\n$/, '').length).toBeLessThanOrEqual(width);
            expect(piece.slice(0, -1)).not.toContain('\n');
            if (line > 0 && /[\uD800-\uDBFF]$/.test(lines[line - 1]!))
              expect(piece).not.toMatch(/^[\uDC00-\uDFFF]/);
          }
        },
      ),
    );
  });

  it('breaks after a word where one ends near the edge', () => {
    const starts = wrapText('one two three four', 10);
    expect(starts).toEqual([0, 8, 18]);
  });
});

describe('layOutJson', () => {
  const index = indexJson(
    JSON.stringify({ a: [1, { b: 'x' }], text: `${'word '.repeat(8)}\nend`, empty: {} }),
  )!;

  it('shows what fits a first look, with long strings in lines', () => {
    expect(shown(index, layOutJson(index, USUAL_OPENNESS, 30))).toEqual(
      [
        '-',
        '  -a',
        '     ',
        '    -',
        '       b',
        '  -text',
        '  | word word word word ',
        '  | word word word word ',
        '  | end',
        '   empty',
      ].map((line) => (line === '     ' ? '     '.slice(0, 5) : line)),
    );
  });

  it('closes and opens all of it, and single values on top of that', () => {
    expect(shown(index, layOutJson(index, none, 30))).toEqual([
      '-',
      '  +a',
      '  -text',
      '  | word word word word ',
      '  | word word word word ',
      '  | end',
      '   empty',
    ]);
    expect(shown(index, layOutJson(index, withOpen(none, 1, true), 200))).toEqual([
      '-',
      '  -a',
      '     ',
      '    +',
      '   text',
      '   empty',
    ]);
    expect(layOutJson(index, all, 200).count).toBe(index.nodeCount);
    expect(shown(index, layOutJson(index, withOpen(all, 0, false), 200))).toEqual(['+']);
  });

  it('shows a part of a long string and more of it on request', () => {
    const long = indexJson(JSON.stringify({ text: 'x'.repeat(60_000) }))!;
    const first = layOutJson(long, USUAL_OPENNESS, 80);
    expect(first.at(first.count - 1)).toEqual({ kind: 'after', node: 1, left: 58_500 });
    const more = withMore(USUAL_OPENNESS, 1, { length: 60_000, where: 'after' });
    const second = layOutJson(long, more, 80);
    expect(second.at(second.count - 1)).toEqual({ kind: 'after', node: 1, left: 8_500 });
    const whole = layOutJson(long, withMore(more, 1, { length: 60_000, where: 'after' }), 80);
    expect(whole.at(whole.count - 1).kind).toBe('line');
  });

  it('brings a place deep inside into view', () => {
    const text = `${'y'.repeat(300_000)}needle${'y'.repeat(300_000)}`;
    let deep: unknown = { text };
    for (let level = 0; level < 20; level += 1) deep = [deep];
    const tree = indexJson(JSON.stringify(deep))!;
    const node = tree.nodeCount - 1;
    expect(layOutJson(tree, USUAL_OPENNESS, 80).rowOf(node)).toBe(-1);
    const open = withVisible(USUAL_OPENNESS, tree, { node, position: 300_000 });
    const rows = layOutJson(tree, open, 80);
    const row = rows.at(rows.rowOfPosition(node, 300_000));
    expect(row).toMatchObject({ kind: 'line', node });
    if (row.kind === 'line') expect(text.slice(row.start, row.end)).toMatch(/nee|needle/);
    expect(rows.at(rows.rowOf(node) + 1).kind).toBe('before');
  });

  it.each([
    [
      'a million keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`k${at}`, at]))),
    ],
    ['two million items', `[${'1,'.repeat(1_999_998)}1]`],
    ['ten thousand levels', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['long strings without number', JSON.stringify(Array.from({ length: 2_000 }, () => ['z'.repeat(5_000)]))],
    ['a string of 10 MB', JSON.stringify(['z\n'.repeat(5_000_000)])],
  ])('lays out %s within its bounds', (_, text) => {
    const tree = indexJson(text)!;
    const rows = layOutJson(tree, all, 60);
    expect(rows.count).toBeLessThanOrEqual(MAX_ROWS + 2_000);
    expect(rows.isLimited).toBe(tree.nodeCount > MAX_ROWS);
    expect(rows.at(rows.count - 1).node).toBeGreaterThanOrEqual(0);
  });
});

describe('layOutText', () => {
  it('shows a part of a text with what is left on both sides', () => {
    const text = 'line\n'.repeat(100);
    const rows = layOutText(text, { from: 10, to: 20 }, 80);
    expect(Array.from({ length: rows.count }, (_, row) => rows.at(row))).toEqual([
      { kind: 'before', node: 0, left: 10 },
      { kind: 'line', node: 0, start: 10, end: 15 },
      { kind: 'line', node: 0, start: 15, end: 20 },
      { kind: 'after', node: 0, left: 480 },
    ]);
    expect(rows.rowOfPosition(0, 16)).toBe(2);
  });
});

describe('paths and copies', () => {
  const index = indexJson('{"content":[{"odd key":12345678901234567890,"text":"a\\nb"}],"content":[0]}')!;
  it('names a value as code would', () => {
    expect(Array.from({ length: index.nodeCount }, (_, node) => jsonPath(index, node))).toEqual([
      '$',
      '$.content',
      '$.content[0]',
      '$.content[0]["odd key"]',
      '$.content[0].text',
      '$.content',
      '$.content[0]',
    ]);
  });
  it('copies text as text and numbers as they are written', () => {
    expect([copiedValue(index, 3), copiedValue(index, 4)]).toEqual(['12345678901234567890', 'a\nb']);
  });
  it('finds members as JSON.parse would', () => {
    expect([memberAt(index, ['content']), memberAt(index, ['content', 'x']), memberAt(index, [])]).toEqual([
      5, -1, 0,
    ]);
  });
});

describe('BodySearch', () => {
  const find = (text: string, query: string): string[] => {
    const index = indexJson(text);
    const search = new BodySearch(text, index, query);
    search.run();
    return search.matches.map((match) =>
      index ? `${jsonPath(index, match.node)}@${positionInString(index, match)}` : String(match.position),
    );
  };

  it.each([
    ['{"name":"Name it"}', 'name', ['$.name@null', '$.name@0']],
    ['{"a":"x\\ny \\"q\\""}', 'y "q"', ['$.a@2']],
    ['["caf\\u00e9","café"]', 'CAFÉ', ['$[0]@0', '$[1]@0']],
    ['["a\\/b","a/b"]', 'a/b', ['$[0]@0', '$[1]@0']],
    ['["C:\\\\x"]', 'c:\\x', ['$[0]@0']],
    ['[120, true]', '12', ['$[0]@null']],
    ['{"a":[{}]}', '{', []],
    ['["a.c","abc"]', 'a.c', ['$[0]@0']],
    ['not json at all, not', 'NOT', ['0', '17']],
  ])('finds in %s the text %s', (text, query, found) => {
    expect(find(text, query)).toEqual(found);
  });

  it('finds what lies across its steps, once', () => {
    const text = JSON.stringify(['x'.repeat(262_140) + 'needle' + 'x'.repeat(300_000)]);
    expect(find(text, 'needle')).toEqual(['$[0]@262140']);
  });

  it('looks through 16 MB in short steps and keeps a bounded number of matches', () => {
    const text = JSON.stringify(Array.from({ length: 400_000 }, (_, at) => `some text with number ${at} ab`));
    const index = indexJson(text)!;
    for (const query of ['zzz', 'ab']) {
      const search = new BodySearch(text, index, query);
      search.run();
      expect(search.matches.length).toBe(query === 'ab' ? MAX_MATCHES : 0);
      expect(search.isLimited).toBe(query === 'ab');
      if (query === 'zzz') expect(stepsOf(new BodySearch(text, index, query))).toBeGreaterThan(10);
    }
  });
});
