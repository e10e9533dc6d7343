import { expect, it } from 'vitest';
import { readLanguage } from '../../../renderer/lib/language.ts';

it.each<[string, string | null, string[], string]>([
  ['what the person chose', 'de', ['en-US'], 'de'],
  ['the choice of English over a German browser', 'en', ['de-DE', 'de'], 'en'],
  ['the first language of the browser that it speaks', null, ['fr-FR', 'de-AT', 'en'], 'de'],
  ['the order of the browser', null, ['en-GB', 'de'], 'en'],
  ['a language whatever its letter case and region', null, ['DE-ch'], 'de'],
  ['a bare language', null, ['de'], 'de'],
  ['English where none is spoken', null, ['fr', 'ja'], 'en'],
  ['English where the browser prefers nothing', null, [], 'en'],
  ['the browser where the stored choice is none of ours', 'fr', ['de'], 'de'],
  ['the browser where the stored choice is empty', '', ['de'], 'de'],
  ['no language that only begins alike', null, ['den', 'eng'], 'en'],
  ['no name of a built-in member', 'constructor', ['toString'], 'en'],
])('takes %s', (_, chosen, preferred, language) => {
  expect(readLanguage(chosen, preferred)).toBe(language);
});
