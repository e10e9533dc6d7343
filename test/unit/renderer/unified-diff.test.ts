import { expect, it } from 'vitest';
import { parseUnifiedDiff } from '../../../renderer/lib/unified-diff.ts';

it('numbers the lines of each side', () => {
  const diff =
    '--- a/x\n+++ b/x\n@@ -3,3 +3,4 @@\n same\n-old\n+new\n+more\n same\n\\ No newline at end of file\n';
  expect(parseUnifiedDiff(diff).map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
    ['meta', null, null, '--- a/x'],
    ['meta', null, null, '+++ b/x'],
    ['hunk', null, null, '@@ -3,3 +3,4 @@'],
    ['same', 3, 3, 'same'],
    ['remove', 4, null, 'old'],
    ['add', null, 4, 'new'],
    ['add', null, 5, 'more'],
    ['same', 5, 6, 'same'],
    ['meta', null, null, '\\ No newline at end of file'],
  ]);
});

it('keeps lines of the file that look like diff headers', () => {
  expect(parseUnifiedDiff('@@ -1 +1 @@\n--- list\n+++ list').map(({ kind, text }) => [kind, text])).toEqual([
    ['hunk', '@@ -1 +1 @@'],
    ['remove', '-- list'],
    ['add', '++ list'],
  ]);
});

it('marks what differs within a pair of lines', () => {
  const [, removed, added, same] = parseUnifiedDiff(
    '@@ -1,2 +1,2 @@\n-"command": "npx",\n+"command": "node",\n }',
  );
  const part = (line = removed!) => line.text.slice(line.changed?.start, line.changed?.end);
  expect([part(removed), part(added)]).toEqual(['px', 'ode']);
  expect(same!.changed).toBeUndefined();
});

it('marks nothing where lines cannot be paired', () => {
  const lines = parseUnifiedDiff('@@ -1 +1,2 @@\n-a\n+b\n+c');
  expect(lines.filter((line) => line.changed)).toEqual([]);
});
