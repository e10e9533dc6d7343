import type { Language } from '../../../shared/language/language.ts';
import { messages as german } from './de/messages.ts';
import { messages as english } from './en/messages.ts';

/** Every text of the desktop shell. A language that lacks one, or has one too many, does not compile. */
export type ShellMessages = typeof english;

const ALL: Record<Language, ShellMessages> = { en: english, de: german };

/** The texts in one language. Unlike a page, the shell changes its language while it runs: never keep them. */
export const messagesIn = (language: Language): ShellMessages => ALL[language];
