import { FILTER_FIELDS, type FilterField } from './filter.ts';
import { IS_VALUES, STATUS_VALUES } from './filter-values.ts';
import { readWords } from './read-words.ts';

/** Names the caller knows, per field: servers of the catalog, tools seen. */
export type KnownValues = Partial<Record<FilterField, readonly string[]>>;

export interface Completions {
  /** The part of the text that an option replaces, `end` exclusive. */
  start: number;
  end: number;
  options: string[];
}

const BUILT_IN: KnownValues = {
  status: Object.keys(STATUS_VALUES),
  is: IS_VALUES,
  dur: ['>100ms', '>1s', '>10s'],
  size: ['>10kb', '>1mb'],
  since: ['5m', '1h', '1d'],
  until: ['5m', '1h', '1d'],
};

const MAX_OPTIONS = 20;

/** What could be written at the cursor: field names (with their colon), or values of the field it stands in. */
export function completions(text: string, cursor: number, values: KnownValues): Completions {
  const word = readWords(text).find(({ start, end }) => start <= cursor && cursor <= end);
  if (!word) return { start: cursor, end: cursor, options: FILTER_FIELDS.map((field) => `${field}:`) };
  const bodyStart = word.negated ? word.start + 1 : word.start;
  if (word.field === null || cursor <= word.fieldEnd) {
    const typed = text.slice(bodyStart, cursor).toLowerCase();
    const end = word.field === null ? word.end : word.fieldEnd + 1;
    const names = FILTER_FIELDS.filter((field) => field.startsWith(typed));
    return { start: bodyStart, end, options: names.map((field) => `${field}:`) };
  }
  const value = word.values.find(({ start, end }) => start <= cursor && cursor <= end);
  const field = FILTER_FIELDS.find((name) => name === word.field?.toLowerCase());
  if (!value || !field) return { start: cursor, end: cursor, options: [] };
  const typed = value.text.toLowerCase();
  const options = [...(values[field] ?? []), ...(BUILT_IN[field] ?? [])]
    .filter((option, index, all) => all.indexOf(option) === index && option.toLowerCase().includes(typed))
    .sort((a, b) => Number(b.toLowerCase().startsWith(typed)) - Number(a.toLowerCase().startsWith(typed)))
    .slice(0, MAX_OPTIONS)
    .map(quoteIfNeeded);
  return { start: value.start, end: value.end, options };
}

/** Writes a name so that it is read back as itself, for filters that a click makes. */
export function quoteIfNeeded(name: string): string {
  return name !== '' && !/[\s,"*]/.test(name) ? name : `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
