import {
  type Condition,
  FILTER_FIELDS,
  type FilterError,
  type FilterField,
  type FilterTerm,
  type IsValue,
  type ParsedFilter,
} from './filter.ts';
import { IS_VALUES, parseDurationRange, parseSizeRange, parseTime, STATUS_VALUES } from './filter-values.ts';
import { anywhere, toPattern } from './pattern.ts';
import { readWords, type Value, type Word } from './read-words.ts';

const MAX_LENGTH = 2_000;
/** Terms of a filter, and values of a term: SQLite takes no deeper expression than a thousand. */
const MAX_PARTS = 50;

/** Reads a filter; never throws. The empty text is the filter that lets everything through. */
export function parseFilter(text: string): ParsedFilter {
  if (text.length > MAX_LENGTH) {
    const message = `A filter may have ${MAX_LENGTH} characters at most.`;
    return { ok: false, error: { message, start: MAX_LENGTH, end: text.length } };
  }
  const terms: FilterTerm[] = [];
  try {
    for (const [index, word] of readWords(text).entries()) {
      if (index >= MAX_PARTS)
        throw new FilterSyntaxError(`A filter may have ${MAX_PARTS} terms at most.`, word);
      terms.push({
        negated: word.negated,
        condition: readCondition(word),
        start: word.start,
        end: word.end,
      });
    }
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { ok: false, error: error.detail };
    throw error;
  }
  return { ok: true, filter: { terms } };
}

class FilterSyntaxError extends Error {
  readonly detail: FilterError;

  constructor(message: string, at: { start: number; end: number }) {
    super(message);
    this.detail = { message, start: at.start, end: at.end };
  }
}

function readCondition(word: Word): Condition {
  const unfinished = word.values.find((value) => value.isUnterminated);
  if (unfinished) throw new FilterSyntaxError('The closing quote is missing.', unfinished);
  const surplus = word.values[MAX_PARTS];
  if (surplus) throw new FilterSyntaxError(`A term may have ${MAX_PARTS} values at most.`, surplus);
  if (word.field === null) {
    const values = word.values.map((value) => needText(value, 'Write something between the quotes.'));
    return {
      field: 'text',
      patterns: values.map(({ text, isQuoted }) => anywhere(toPattern(text, isQuoted))),
    };
  }
  const field = knownField(word);
  const values = word.values.map((value) =>
    needText(value, `Write a value after ${field}: — ${EXAMPLES[field]}`),
  );
  switch (field) {
    case 'status':
      return {
        field,
        outcomes: values.flatMap((value) => {
          const name = value.text.toLowerCase();
          if (Object.hasOwn(STATUS_VALUES, name)) return STATUS_VALUES[name]!;
          throw oneOf(value, Object.keys(STATUS_VALUES));
        }),
      };
    case 'is':
      return {
        field,
        values: values.map((value) => {
          const name = value.text.toLowerCase() as IsValue;
          if (IS_VALUES.includes(name)) return name;
          throw oneOf(value, IS_VALUES);
        }),
      };
    case 'dur':
      return { field, ranges: values.map((value) => readAs(value, parseDurationRange, field)) };
    case 'size':
      return { field, ranges: values.map((value) => readAs(value, parseSizeRange, field)) };
    case 'since':
    case 'until':
      return { field, times: values.map((value) => readAs(value, parseTime, field)) };
    default:
      return { field, patterns: values.map(({ text, isQuoted }) => toPattern(text, isQuoted)) };
  }
}

const EXAMPLES: Readonly<Record<FilterField, string>> = {
  server: 'server:github',
  client: 'client:claude-code',
  tool: 'tool:create*',
  method: 'method:tools/call',
  session: 'session:3f2a*',
  project: 'project:web',
  status: 'status:error,lost',
  dur: 'dur:>500ms or dur:1ms..20ms',
  size: 'size:>10kb',
  since: 'since:1h or since:2026-11-21',
  until: 'until:1h or until:2026-11-21T10:00:00Z',
  is: 'is:notification',
};

function knownField({ field, start, fieldEnd }: Word): FilterField {
  const name = field?.toLowerCase();
  const known = FILTER_FIELDS.find((candidate) => candidate === name);
  if (known) return known;
  throw new FilterSyntaxError(
    `There is no field "${field}". Fields: ${FILTER_FIELDS.join(', ')}. To search for text with a colon, put it in quotes.`,
    { start, end: fieldEnd },
  );
}

function needText(value: Value, message: string): Value {
  if (value.text === '') throw new FilterSyntaxError(message, value);
  return value;
}

function readAs<T>(value: Value, read: (text: string) => T | null, field: FilterField): T {
  const result = read(value.text);
  if (result === null) throw new FilterSyntaxError(`Write it like ${EXAMPLES[field]}.`, value);
  return result;
}

const oneOf = (value: Value, names: readonly string[]): FilterSyntaxError =>
  new FilterSyntaxError(`Use one of: ${names.join(', ')}.`, value);
