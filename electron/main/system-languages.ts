import { app } from 'electron';

/**
 * The languages the system prefers, first of all first: in the order in which Electron makes a page's
 * `navigator.languages` from the same two, so that window and shell agree.
 */
export const systemLanguages = (): string[] => [app.getLocale(), ...app.getPreferredSystemLanguages()];
