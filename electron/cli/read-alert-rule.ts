import { z } from 'zod';
import { ALERT_TEMPLATES, AlertKind, AlertRule } from '../../shared/model/alert.ts';
import { usage } from './command-line.ts';

const FIELDS = ['kind', 'name', 'server', 'tool', 'threshold', 'for', 'min-calls', 'enabled'] as const;
type Field = (typeof FIELDS)[number];

/** Field of the command line → member of the rule. */
const MEMBERS: Readonly<Record<Field, keyof AlertRule>> = {
  kind: 'kind',
  name: 'name',
  server: 'server',
  tool: 'tool',
  threshold: 'threshold',
  for: 'forMinutes',
  'min-calls': 'minCalls',
  enabled: 'enabled',
};

/**
 * A rule of `FIELD=VALUE` words. What they do not say is as the known rule of this id has it, else as the template of
 * this id or of this kind has it. Throws USAGE.
 */
export function ruleFromWords(id: string, words: readonly string[], known: AlertRule | undefined): AlertRule {
  const changes = new Map(words.map(readWord));
  const kind = AlertKind.safeParse(changes.get('kind')).data;
  const base =
    known ??
    ALERT_TEMPLATES.find((template) => template.id === id) ??
    namedAfter(
      id,
      ALERT_TEMPLATES.find((template) => template.kind === kind),
    );
  if (!base) {
    throw usage(
      `Give kind=${AlertKind.options.join('|')}, or take one of ${ALERT_TEMPLATES.map((template) => template.id).join(', ')}.`,
    );
  }
  const rule = new Map<string, unknown>(Object.entries({ ...base, id }));
  for (const [field, value] of changes) {
    if (value === undefined) rule.delete(MEMBERS[field]);
    else rule.set(MEMBERS[field], value);
  }
  const parsed = AlertRule.safeParse(Object.fromEntries(rule));
  if (parsed.success) return parsed.data;
  throw usage(`This is no alert rule: ${z.prettifyError(parsed.error)}`);
}

const namedAfter = (id: string, template: AlertRule | undefined): AlertRule | undefined =>
  template && { ...template, name: id };

/** An empty value takes `server` or `tool` out again. */
function readWord(word: string): [Field, unknown] {
  const split = word.indexOf('=');
  const field = FIELDS.find((known) => known === word.slice(0, split));
  if (split < 1 || !field) {
    throw usage(`${JSON.stringify(word)} is no FIELD=VALUE; fields are ${FIELDS.join(', ')}.`);
  }
  const text = word.slice(split + 1);
  if (text === '') return [field, undefined];
  if (field === 'threshold') return [field, amount(word, text, { ms: 1, s: 1_000, m: 60_000, '%': 1 })];
  if (field === 'for') return [field, amount(word, text, { m: 1, h: 60 })];
  if (field === 'min-calls') return [field, amount(word, text, {})];
  if (field === 'enabled') return [field, text === 'true' ? true : text === 'false' ? false : text];
  return [field, text];
}

/** A number with a unit; without one it is in the smallest. */
function amount(word: string, text: string, units: Readonly<Record<string, number>>): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)([a-z%]{0,2})$/.exec(text);
  const unit = match?.[2] ?? '';
  const factor = unit === '' ? 1 : Object.hasOwn(units, unit) ? units[unit]! : null;
  if (!match || factor === null) {
    const known = Object.keys(units);
    throw usage(`${word}: give a number${known.length > 0 ? `, such as 5${known.join(' or 5')}` : ''}.`);
  }
  return Number(match[1]) * factor;
}
