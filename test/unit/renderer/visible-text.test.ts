import { describe, expect, it } from 'vitest';
import { oneLine, segmentText, visibleText } from '../../../renderer/lib/visible-text.ts';

describe('visibleText (E26, E27, E28)', () => {
  it.each([
    ['bidi override', 'photo\u202Egnp.exe', 'photoU+202Egnp.exe'],
    ['isolates', '\u2066a\u2069', 'U+2066aU+2069'],
    ['escape', '\u001B[31mred', 'U+001B[31mred'],
    ['C1 control', 'a\u009Bb', 'aU+009Bb'],
    ['zero width', 'ad\u200Bmin\uFEFF', 'adU+200BminU+FEFF'],
    ['tags block', 'hi\u{E0041}', 'hiU+E0041'],
    ['variation selectors that carry data', 'x\u{E0101}', 'xU+E0101'],
    ['carriage return', 'safe\rbad', 'safeU+000Dbad'],
    ['line separator', 'a\u2028b', 'aU+2028b'],
    ['lone surrogate', 'a\uD800b', 'aU+D800b'],
    ['joiner between letters', 'a\u200Db', 'aU+200Db'],
  ])('shows %s as what it is', (_, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it.each(['plain', 'two\nlines\tand a tab', 'שלום', 'مرحبا', '👩\u200D💻 and 👍🏽', 'café', '<b>&amp;'])(
    'leaves honest text alone: %j',
    (text) => {
      expect(segmentText(text)).toEqual([{ text, isEscape: false }]);
    },
  );

  it('keeps order and text around what it shows', () => {
    expect(segmentText('\u202Ea\u202C')).toEqual([
      { text: 'U+202E', isEscape: true },
      { text: 'a', isEscape: false },
      { text: 'U+202C', isEscape: true },
    ]);
  });
});

describe('oneLine', () => {
  it('cuts at the first line end and at the limit, and shows that it did', () => {
    expect(oneLine('first\nsecond')).toBe('first…');
    expect(oneLine('x'.repeat(500), 10)).toBe(`${'x'.repeat(10)}…`);
    expect(oneLine('short')).toBe('short');
  });

  it('shows the beginning of a huge text', () => {
    expect(oneLine('x'.repeat(10_000_000))).toHaveLength(301);
  });
});
