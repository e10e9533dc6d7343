import { DIRECTIONS, FIRST_FAILURE, KINDS, outcomeNumber, PENDING } from './exchange-batch.ts';
import { FAILED, SLOW, SLOW_MS, UNANSWERED } from './store-schema.ts';
import {
  type Comparison,
  type Condition,
  type Filter,
  momentOf,
  type OriginCondition,
  type Pattern,
} from '../../../shared/filter/filter.ts';

export interface SqlCondition {
  sql: string;
  params: (string | number)[];
}

/**
 * The whole filter as SQL: no row has to be looked at outside the database. Every part is true or false, never NULL,
 * so that a negated term lets rows without a value through, as the predicate does.
 */
export function toSql(filter: Filter, nowMs: number): SqlCondition {
  const terms = filter.terms.map(({ negated, condition }) => {
    const { sql, params } = conditionSql(condition, nowMs);
    if (negated) return { sql: `NOT (${sql})`, params };
    return { sql: [`(${sql})`, ...hintsOf(condition)].join(' AND '), params };
  });
  return {
    sql: terms.length === 0 ? '1' : terms.map(({ sql }) => sql).join(' AND '),
    params: terms.flatMap(({ params }) => params),
  };
}

/** Ids of what is bookmarked. */
export const BOOKMARKED = 'SELECT exchange FROM annotations WHERE bookmarked = 1';

/** Says what follows from the condition anyway, in the words of the partial indexes. */
function hintsOf(condition: Condition): string[] {
  if (condition.field === 'dur') return isSlow(condition.ranges) ? [SLOW] : [];
  if (condition.field !== 'status') return [];
  const numbers = condition.outcomes.map(outcomeNumber);
  if (numbers.every((number) => number >= FIRST_FAILURE)) return [FAILED];
  return numbers.every((number) => number === PENDING) ? [UNANSWERED] : [];
}

const isSlow = (ranges: readonly Comparison[][]): boolean =>
  ranges.every((comparisons) => comparisons.some(({ op, value }) => op.startsWith('>') && value >= SLOW_MS));

/** What every match is, where that is rare and can be listed without looking at rows; null where it is not. */
export function rareKind(filter: Filter): string | null {
  const conditions = positive(filter);
  if (conditions.some(isBookmarked)) return `id IN (${BOOKMARKED})`;
  const hints = new Set(conditions.flatMap(hintsOf));
  return [UNANSWERED, FAILED, SLOW].find((hint) => hints.has(hint)) ?? null;
}

const isBookmarked = (condition: Condition): boolean =>
  condition.field === 'is' && condition.values.every((value) => value === 'bookmarked');

const positive = (filter: Filter): Condition[] =>
  filter.terms.filter(({ negated }) => !negated).map(({ condition }) => condition);

/** Tools by their whole names, one of which each match has; null when the filter does not say. */
export function namedTools(filter: Filter): string[] | null {
  for (const condition of positive(filter)) {
    if (condition.field !== 'tool') continue;
    if (condition.patterns.every(({ length }) => length === 1))
      return condition.patterns.map(([name]) => name);
  }
  return null;
}

/** Which origins a match can have; null when the filter does not say. */
export function namedOrigins(filter: Filter): SqlCondition | null {
  const parts = positive(filter).filter(isOfOrigin).map(ofOrigin);
  if (parts.length === 0) return null;
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(' AND '),
    params: parts.flatMap(({ params }) => params),
  };
}

/** Epoch milliseconds: every match is of `from` or later, and of a time before `until`. */
export function timeRange(filter: Filter, nowMs: number): { from: number; until: number } {
  const range = { from: 0, until: Number.MAX_SAFE_INTEGER };
  for (const condition of positive(filter)) {
    if (condition.field !== 'since' && condition.field !== 'until') continue;
    const moments = condition.times.map((time) => momentOf(time, nowMs));
    if (condition.field === 'since') range.from = Math.max(range.from, Math.min(...moments));
    else range.until = Math.min(range.until, Math.max(...moments));
  }
  return range;
}

const isOfOrigin = (condition: Condition): condition is OriginCondition =>
  ['server', 'client', 'session', 'project'].includes(condition.field);

/** As a condition on the table of origins. */
function ofOrigin({ field, patterns }: OriginCondition): SqlCondition {
  if (field !== 'project') return either(patterns.map((pattern) => patternSql(field, pattern)));
  return either(
    patterns.flatMap((pattern) => [
      patternSql(field, pattern),
      tailSql(field, '/', pattern),
      tailSql(field, '\\', pattern),
    ]),
  );
}

function conditionSql(condition: Condition, nowMs: number): SqlCondition {
  switch (condition.field) {
    case 'text':
      return either([
        originSql(
          either(
            ['server', 'client', 'project'].flatMap((column) =>
              condition.patterns.map((pattern) => patternSql(column, pattern)),
            ),
          ),
        ),
        ...['method', 'tool', 'error_message'].flatMap((column) =>
          condition.patterns.map((pattern) => patternSql(column, pattern)),
        ),
      ]);
    case 'project':
    case 'server':
    case 'client':
    case 'session':
      return originSql(ofOrigin(condition));
    case 'tool':
    case 'method':
      return either(condition.patterns.map((pattern) => patternSql(condition.field, pattern)));
    case 'status':
      return {
        sql: `outcome IN (${condition.outcomes.map(() => '?').join(', ')})`,
        params: condition.outcomes.map(outcomeNumber),
      };
    case 'dur':
      return rangesSql('duration_us / 1000.0', condition.ranges);
    case 'size':
      return rangesSql('request_bytes + coalesce(response_bytes, 0)', condition.ranges);
    case 'since':
      return either(condition.times.map((time) => ({ sql: 'at >= ?', params: [momentOf(time, nowMs)] })));
    case 'until':
      return either(condition.times.map((time) => ({ sql: 'at < ?', params: [momentOf(time, nowMs)] })));
    case 'is':
      return either(condition.values.map(isSql));
  }
}

/** Origins are few and looked through once; the rows are compared with the numbers found. */
const originSql = ({ sql, params }: SqlCondition): SqlCondition => ({
  sql: `origin IN (SELECT id FROM origins WHERE ${sql})`,
  params,
});

function patternSql(column: string, pattern: Pattern): SqlCondition {
  if (pattern.length === 1) return { sql: `${column} IS NOT NULL AND ${column} = ?`, params: [pattern[0]] };
  return likeSql(column, likeText(pattern));
}

const tailSql = (column: string, separator: string, pattern: Pattern): SqlCondition =>
  likeSql(column, `%${likeText([separator])}${likeText(pattern)}`);

const likeSql = (column: string, like: string): SqlCondition => ({
  sql: `${column} IS NOT NULL AND ${column} LIKE ? ESCAPE '\\'`,
  params: [like],
});

const likeText = (pattern: Pattern): string =>
  pattern.map((piece) => piece.replaceAll(/[\\%_]/g, String.raw`\$&`)).join('%');

function rangesSql(value: string, ranges: readonly Comparison[][]): SqlCondition {
  return either(
    ranges.map((comparisons) => ({
      sql: [`${value} IS NOT NULL`, ...comparisons.map(({ op }) => `${value} ${op} ?`)].join(' AND '),
      params: comparisons.map((comparison) => comparison.value),
    })),
  );
}

function isSql(value: Extract<Condition, { field: 'is' }>['values'][number]): SqlCondition {
  if (value === 'from-client')
    return { sql: 'direction = ?', params: [DIRECTIONS.indexOf('client-to-server')] };
  if (value === 'from-server')
    return { sql: 'direction = ?', params: [DIRECTIONS.indexOf('server-to-client')] };
  if (value === 'bookmarked') return { sql: `id IN (${BOOKMARKED})`, params: [] };
  return { sql: 'kind = ?', params: [KINDS.indexOf(value)] };
}

const either = (parts: readonly SqlCondition[]): SqlCondition => ({
  sql: parts.map(({ sql }) => `(${sql})`).join(' OR '),
  params: parts.flatMap(({ params }) => params),
});
