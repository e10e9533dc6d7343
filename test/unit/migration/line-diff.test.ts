import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../electron/hub/migration/line-diff.ts';

/** Applies a unified diff the way `patch` does, trusting nothing but its text. */
function applyDiff(before: string, diff: string): string {
  const lines = before.split('\n');
  const open = lines.at(-1) !== '';
  if (!open) lines.pop();
  const result: string[] = [];
  let at = 0;
  let endsOpen = open;
  let last = '';
  for (const line of diff.split('\n').slice(2, -1)) {
    const hunk = /^@@ -(\d+),(\d+) \+\d+,\d+ @@$/.exec(line);
    if (hunk) {
      const start = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1);
      while (at < start) result.push(lines[at++]!);
    } else if (line.startsWith('\\')) {
      if (last !== '-') endsOpen = true;
    } else {
      last = line[0]!;
      if (last !== '+') expect(lines[at++]).toBe(line.slice(1));
      if (last !== '-') {
        result.push(line.slice(1));
        endsOpen = false;
      }
    }
  }
  if (at < lines.length) endsOpen = open;
  while (at < lines.length) result.push(lines[at++]!);
  return result.join('\n') + (endsOpen || result.length === 0 ? '' : '\n');
}

describe('unifiedDiff', () => {
  it('shows what changed with three lines around it', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].join('\n');
    expect(unifiedDiff('f', before, before.replace('5', 'five\nhalf'))).toBe(
      '--- f\n+++ f\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+half\n 6\n 7\n 8\n',
    );
    expect(unifiedDiff('f', before, before)).toBe('');
    expect(unifiedDiff('f', 'a', 'a\n')).toContain('\\ No newline at end of file');
  });

  it('is a patch that leads from one text to the other', () => {
    const line = fc.constantFrom('a', 'b', 'c', '{', '}', '},', '  "x": 1', '');
    const text = fc
      .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
      .map(([lines, end]) => lines.join('\n') + (end && lines.length > 0 ? '\n' : ''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        expect(applyDiff(before, unifiedDiff('f', before, after))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it('is quick on large files', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `  "key ${index}": ${index},`);
    const changed = lines.map((line, index) => (index % 500 === 0 ? `${line} // changed` : line));
    const started = performance.now();
    expect(unifiedDiff('f', lines.join('\n'), changed.join('\n')).match(/^@@/gm)).toHaveLength(200);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
