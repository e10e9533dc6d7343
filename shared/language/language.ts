/** Languages that Patchbay's window and its desktop shell speak. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Whether a text is the name of a language we speak. */
export const isLanguage = (text: string | null | undefined): text is Language =>
  LANGUAGES.some((one) => one === text);

/** The person's choice, else the first of the preferred languages that we speak, else English. */
export function readLanguage(chosen: string | null, preferred: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  const known = preferred.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage);
  return known ?? 'en';
}
