import { expect, test, vi } from 'vitest';
import { tellDesktopLanguage } from '../../../renderer/lib/desktop-language.ts';
import type { Language } from '../../../shared/language/language.ts';
import type { DesktopChoices, DesktopState } from '../../../shared/model/desktop.ts';

/** A shell that knows of a choice. */
function shellWith(language: Language | null) {
  const state = { choices: { language } } as DesktopState;
  return {
    state: vi.fn(() => Promise.resolve(state)),
    choose: vi.fn((_change: Partial<DesktopChoices>) => Promise.resolve(state)),
  };
}

test.each<[Language | null, Language | null]>([
  [null, 'de'],
  ['de', 'en'],
  ['de', null],
])('a shell that knows %s is told of %s', async (known, chosen) => {
  const shell = shellWith(known);
  await tellDesktopLanguage(shell, chosen);
  expect(shell.choose.mock.calls).toEqual([[{ language: chosen }]]);
});

test('one that knows already is not', async () => {
  const shell = shellWith('de');
  await tellDesktopLanguage(shell, 'de');
  expect(shell.choose).not.toHaveBeenCalled();
});

test('one that does not answer keeps no page from starting', async () => {
  const shell = shellWith(null);
  shell.choose.mockRejectedValue(new Error('no'));
  await expect(tellDesktopLanguage(shell, 'de')).resolves.toBeUndefined();
});
