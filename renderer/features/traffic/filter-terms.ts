import type { FilterField } from '../../../shared/filter/filter.ts';
import { readWords, type Word } from '../../../shared/filter/read-words.ts';

/** One term of a filter text, to be shown and changed by itself. */
export interface TermPart {
  /** As written, without the minus. */
  text: string;
  /** Lower case; null for free text. */
  field: string | null;
  isNegated: boolean;
  start: number;
  end: number;
}

const toPart = (text: string, { start, end, negated, field }: Word): TermPart => ({
  text: text.slice(negated ? start + 1 : start, end),
  field: field?.toLowerCase() ?? null,
  isNegated: negated,
  start,
  end,
});

/** The terms of a filter text in order, also of one that is not a valid filter. */
export const termsOf = (text: string): TermPart[] => readWords(text).map((word) => toPart(text, word));

const join = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/** The text without one of its terms. */
export const withoutTerm = (text: string, { start, end }: TermPart): string =>
  join([text.slice(0, start).trim(), text.slice(end).trim()]);

/** The text with one of its terms turned round. */
export const withNegated = (text: string, { start, end, isNegated, text: term }: TermPart): string =>
  text.slice(0, start) + (isNegated ? term : `-${term}`) + text.slice(end);

/** The text with a term at its end; a term that is there already, or its opposite, is replaced. */
export function withTerm(text: string, term: string): string {
  const bare = term.replace(/^-/, '');
  const others = termsOf(text).filter((part) => part.text !== bare);
  return join([...others.map(({ start, end }) => text.slice(start, end)), term]);
}

/** A span of time as filter values: an age such as `1h`, or a date. null: open at that end. */
export interface TimeSpan {
  since: string | null;
  until: string | null;
}

const TIME_FIELDS: readonly FilterField[] = ['since', 'until'];
const isTime = ({ field, isNegated }: TermPart): boolean =>
  !isNegated && TIME_FIELDS.some((name) => name === field);

/** The text without its terms of time. */
export const withoutTime = (text: string): string =>
  join(
    termsOf(text)
      .filter((part) => !isTime(part))
      .map(({ start, end }) => text.slice(start, end)),
  );

/** The text with the given span instead of the one it had. */
export const withTime = (text: string, { since, until }: TimeSpan): string =>
  join([withoutTime(text), since === null ? '' : `since:${since}`, until === null ? '' : `until:${until}`]);

/** The span a text asks for; the last term of a kind counts, as the narrowest one a person wrote. */
export function timeOf(text: string): TimeSpan {
  const span: TimeSpan = { since: null, until: null };
  for (const part of termsOf(text)) {
    if (!isTime(part)) continue;
    const value = part.text.slice(part.text.indexOf(':') + 1).replaceAll('"', '');
    if (part.field === 'since') span.since = value;
    else span.until = value;
  }
  return span;
}

/** A moment as the filter language writes it, whole seconds where it is one. */
export const momentText = (epochMs: number): string =>
  new Date(epochMs).toISOString().replace(/\.000Z$/, 'Z');
