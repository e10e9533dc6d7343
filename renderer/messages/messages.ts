import { language } from '../lib/language.ts';
import { messages as german } from './de/messages.ts';
import { messages as english } from './en/messages.ts';
import type { MessagesOf } from './messages-of.ts';

/** Every text of the interface. A language that lacks one, or has one too many, does not compile. */
export type Messages = MessagesOf<typeof english>;

const ALL: Record<typeof language, Messages> = { en: english, de: german };

/** The texts in the language of this page. */
export const messages: Messages = ALL[language];
