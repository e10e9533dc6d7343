import type { Comparison, Condition, FilterTime, IsValue } from './filter.ts';

type Outcomes = Extract<Condition, { field: 'status' }>['outcomes'];

/** What each `status:` value means. */
export const STATUS_VALUES: Readonly<Record<string, Outcomes>> = {
  ok: ['ok'],
  error: ['error', 'tool-error'],
  'tool-error': ['tool-error'],
  cancelled: ['cancelled'],
  lost: ['lost'],
  pending: ['pending'],
  failed: ['error', 'tool-error', 'lost'],
};

export const IS_VALUES: readonly IsValue[] = [
  'request',
  'notification',
  'from-client',
  'from-server',
  'bookmarked',
];

const DURATION_UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const AGE_UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const SIZE_UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1_024, mb: 1_048_576, gb: 1_073_741_824 };

/** `>500ms`, `100ms..2s`; null when it is neither. */
export const parseDurationRange = (text: string): Comparison[] | null =>
  parseRange(text, DURATION_UNITS, 'ms');

/** `>10kb`, `1kb..2kb`; null when it is neither. */
export const parseSizeRange = (text: string): Comparison[] | null => parseRange(text, SIZE_UNITS, 'b');

/** `1h`, a day or a time; null when it is none. */
export function parseTime(text: string): FilterTime | null {
  const agoMs = parseAmount(text, AGE_UNITS, null);
  if (agoMs !== null) return { agoMs };
  // Only the date forms every engine reads alike.
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/i.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : { at };
}

function parseRange(
  text: string,
  units: Readonly<Record<string, number>>,
  unit: string,
): Comparison[] | null {
  const between = text.split('..');
  if (between.length === 2) {
    const [low, high] = between.map((part) => parseAmount(part, units, unit)) as [
      number | null,
      number | null,
    ];
    if (low === null || high === null || low > high) return null;
    return [
      { op: '>=', value: low },
      { op: '<=', value: high },
    ];
  }
  const [, op, amount] = /^(>=|<=|>|<)(.+)$/.exec(text) ?? [];
  if (op === undefined || amount === undefined) return null;
  const value = parseAmount(amount, units, unit);
  return value === null ? null : [{ op: op as Comparison['op'], value }];
}

function parseAmount(
  text: string,
  units: Readonly<Record<string, number>>,
  unit: string | null,
): number | null {
  const [, amount, named] = /^(\d{1,15}(?:\.\d{1,6})?)([a-z]*)$/i.exec(text) ?? [];
  if (amount === undefined || named === undefined) return null;
  const used = named === '' ? unit : named.toLowerCase();
  if (used === null || !Object.hasOwn(units, used)) return null;
  return Number(amount) * units[used]!;
}
