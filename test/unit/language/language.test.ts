import { expect, it } from 'vitest';
import { readLanguage } from '../../../shared/language/language.ts';

it.each<[string, string | null, string[], string]>([
  ['what the person chose', 'de', ['en-US'], 'de'],
  ['the choice of English over a German system', 'en', ['de-DE', 'de'], 'en'],
  ['the first preferred language that it speaks', null, ['fr-FR', 'de-AT', 'en'], 'de'],
  ['the order of preference', null, ['en-GB', 'de'], 'en'],
  ['a language whatever its letter case and region', null, ['DE-ch'], 'de'],
  ['a bare language', null, ['de'], 'de'],
  ['English where none is spoken', null, ['fr', 'ja'], 'en'],
  ['English where nothing is preferred', null, [], 'en'],
  ['what is preferred where the stored choice is none of ours', 'fr', ['de'], 'de'],
  ['what is preferred where the stored choice is empty', '', ['de'], 'de'],
  ['no language that only begins alike', null, ['den', 'eng'], 'en'],
  ['no name of a built-in member', 'constructor', ['toString'], 'en'],
])('takes %s', (_, chosen, preferred, language) => {
  expect(readLanguage(chosen, preferred)).toBe(language);
});
