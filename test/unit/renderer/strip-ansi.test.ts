import { expect, it } from 'vitest';
import { stripAnsi } from '../../../renderer/lib/strip-ansi.ts';

it.each([
  ['colours', '\u001B[1;31mred\u001B[0m', 'red'],
  ['an OSC 8 link', '\u001B]8;;http://evil.example\u0007text\u001B]8;;\u0007', 'text'],
  ['a window title ended by ST', '\u001B]0;title\u001B\\rest', 'rest'],
  ['a clipboard write without an end', 'a\u001B]52;c;ZXZpbA==', 'a'],
  ['cursor moves and erasing', '\u001B[2J\u001B[1;1Hclean', 'clean'],
  ['a device control string', '\u001BPq#0\u001B\\after', 'after'],
  ['progress on one line', '10%\r50%\r100%', '100%'],
  ['a Windows line end', 'line\r', 'line'],
  ['no escape at all', '[31m is text', '[31m is text'],
])('removes %s (E26)', (_, text, plain) => {
  expect(stripAnsi(text)).toBe(plain);
});
