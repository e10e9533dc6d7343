import { isLanguage, type Language, readLanguage } from '../../shared/language/language.ts';

const KEY = 'patchbay.language';

/** The choice as it was stored; null: as the browser prefers. */
export function chosenLanguage(): Language | null {
  const stored = globalThis.localStorage?.getItem(KEY);
  return isLanguage(stored) ? stored : null;
}

/** Fixed for the life of the page: every text and number is made with it, so a change loads the page again. */
export const language: Language = readLanguage(chosenLanguage(), globalThis.navigator?.languages ?? []);

/** Stores the choice (null: as the browser prefers) and loads the page again in that language. */
export function chooseLanguage(choice: Language | null): void {
  if (choice === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  window.location.reload();
}
