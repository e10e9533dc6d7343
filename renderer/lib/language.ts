/** Languages the interface speaks. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = 'patchbay.language';
const isLanguage = (text: string | null | undefined): text is Language =>
  LANGUAGES.some((one) => one === text);

/** The person's choice in this browser, else the first of the browser's languages that we speak, else English. */
export function readLanguage(chosen: string | null, preferred: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  const known = preferred.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage);
  return known ?? 'en';
}

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
