// @ts-check

/** What packages of the app ship of Chromium's locales (`electronLanguages` of electron-builder), by language. */
const SHIPPED = new Map([
  ['en', 'en-US'],
  ['de', 'de'],
]);

/**
 * On Linux: glib's `g_get_language_names`, each name made canonical, which drops its character set; `C` left out.
 * Modifiers such as `@euro` are not followed.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
export function preferredLanguages(env) {
  const names = [env.LANGUAGE, env.LC_ALL, env.LC_MESSAGES, env.LANG].find(Boolean) ?? 'C';
  return names.split(':').flatMap((name) => {
    const [, language = '', territory, codeset] = /^([^_.@]+)(?:_([^.@]+))?(\.[^@]+)?/.exec(name) ?? [];
    if (language === '' || (language === 'C' && !codeset)) return [];
    const variants = territory ? [`${language}-${territory}`, language] : [language];
    return codeset ? variants.flatMap((variant) => [variant, variant]) : variants;
  });
}

/**
 * Chromium's own choice: the first preferred language it has texts for, else American English.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function applicationLocale(env) {
  const [first] = preferredLanguages(env).flatMap((name) => SHIPPED.get(name.split('-')[0] ?? '') ?? []);
  return first ?? 'en-US';
}

/**
 * The languages of every page, as Electron's `WebContents` puts them together.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
export const pageLanguages = (env) => [...new Set([applicationLocale(env), ...preferredLanguages(env)])];
