import { DIRECTIONS, FIRST_FAILURE, KINDS, outcomeNumber } from './exchange-batch.ts';
import { FAILED } from './store-schema.ts';
import { type Condition, type Filter, type Pattern, sinceMoment } from '../../../shared/filter/filter.ts';

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
    return { sql: `(${sql})${failureHint(condition)}`, params };
  });
  return {
    sql: terms.length === 0 ? '1' : terms.map(({ sql }) => sql).join(' AND '),
    params: terms.flatMap(({ params }) => params),
  };
}

/** Says what follows from the outcome anyway, in the words of the partial index. */
const failureHint = (condition: Condition): string => (asksForFailures(condition) ? ` AND ${FAILED}` : '');

const asksForFailures = (condition: Condition): boolean =>
  condition.field === 'status' &&
  condition.outcomes.every((outcome) => outcomeNumber(outcome) >= FIRST_FAILURE);

/** Tools by their whole names, one of which each match has; null when the filter does not say. */
export function namedTools(filter: Filter): string[] | null {
  const conditions = filter.terms.filter(({ negated }) => !negated).map(({ condition }) => condition);
  // Failures have an index of their own.
  if (conditions.some(asksForFailures)) return null;
  for (const condition of conditions) {
    if (condition.field !== 'tool') continue;
    if (condition.patterns.every(({ length }) => length === 1))
      return condition.patterns.map(([name]) => name);
  }
  return null;
}

/** Epoch milliseconds before which nothing matches; 0 when the filter does not say. */
export function earliest(filter: Filter, nowMs: number): number {
  const moments = filter.terms.map(({ negated, condition }) =>
    negated || condition.field !== 'since'
      ? 0
      : Math.min(...condition.times.map((time) => sinceMoment(time, nowMs))),
  );
  return Math.max(0, ...moments);
}

function conditionSql(condition: Condition, nowMs: number): SqlCondition {
  switch (condition.field) {
    case 'text':
      return either([
        originSql(
          ['server', 'client', 'project'].flatMap((column) =>
            condition.patterns.map((pattern) => patternSql(column, pattern)),
          ),
        ),
        ...['method', 'tool', 'error_message'].flatMap((column) =>
          condition.patterns.map((pattern) => patternSql(column, pattern)),
        ),
      ]);
    case 'project':
      return originSql(
        condition.patterns.flatMap((pattern) => [
          patternSql('project', pattern),
          tailSql('project', '/', pattern),
          tailSql('project', '\\', pattern),
        ]),
      );
    case 'server':
    case 'client':
    case 'session':
      return originSql(condition.patterns.map((pattern) => patternSql(condition.field, pattern)));
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
      return either(condition.times.map((time) => ({ sql: 'at >= ?', params: [sinceMoment(time, nowMs)] })));
    case 'is':
      return either(condition.values.map(isSql));
  }
}

/** Origins are few and looked through once; the rows are compared with the numbers found. */
function originSql(parts: readonly SqlCondition[]): SqlCondition {
  const { sql, params } = either(parts);
  return { sql: `origin IN (SELECT id FROM origins WHERE ${sql})`, params };
}

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

function rangesSql(
  value: string,
  ranges: Extract<Condition, { field: 'dur' | 'size' }>['ranges'],
): SqlCondition {
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
  return { sql: 'kind = ?', params: [KINDS.indexOf(value)] };
}

const either = (parts: readonly SqlCondition[]): SqlCondition => ({
  sql: parts.map(({ sql }) => `(${sql})`).join(' OR '),
  params: parts.flatMap(({ params }) => params),
});
