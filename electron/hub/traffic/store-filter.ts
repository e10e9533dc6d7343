import { type Condition, type Filter, type Pattern, sinceMoment } from '../../../shared/filter/filter.ts';

export interface SqlCondition {
  sql: string;
  params: (string | number)[];
}

const COLUMNS = {
  server: 'server',
  client: 'client',
  tool: 'tool',
  method: 'method',
  session: 'session',
} as const;

const FAILURES: readonly string[] = ['error', 'tool-error', 'lost'];

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
function failureHint(condition: Condition): string {
  if (condition.field !== 'status') return '';
  return condition.outcomes.every((outcome) => FAILURES.includes(outcome)) ? ' AND failed = 1' : '';
}

function conditionSql(condition: Condition, nowMs: number): SqlCondition {
  switch (condition.field) {
    case 'text':
      return either(
        ['server', 'client', 'project', 'method', 'tool', 'error_message'].flatMap((column) =>
          condition.patterns.map((pattern) => patternSql(column, pattern)),
        ),
      );
    case 'project':
      return either(
        condition.patterns.flatMap((pattern) => [
          patternSql('project', pattern),
          tailSql('project', '/', pattern),
          tailSql('project', '\\', pattern),
        ]),
      );
    case 'status':
      return {
        sql: `outcome IN (${condition.outcomes.map(() => '?').join(', ')})`,
        params: condition.outcomes,
      };
    case 'dur':
      return rangesSql('duration_ms', condition.ranges);
    case 'size':
      return rangesSql('request_bytes + coalesce(response_bytes, 0)', condition.ranges);
    case 'since':
      return either(condition.times.map((time) => ({ sql: 'at >= ?', params: [sinceMoment(time, nowMs)] })));
    case 'is':
      return either(condition.values.map(isSql));
    default: {
      const column = COLUMNS[condition.field];
      return either(condition.patterns.map((pattern) => patternSql(column, pattern)));
    }
  }
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
  if (value === 'from-client') return { sql: `direction = 'client-to-server'`, params: [] };
  if (value === 'from-server') return { sql: `direction = 'server-to-client'`, params: [] };
  return { sql: 'kind = ?', params: [value] };
}

const either = (parts: readonly SqlCondition[]): SqlCondition => ({
  sql: parts.map(({ sql }) => `(${sql})`).join(' OR '),
  params: parts.flatMap(({ params }) => params),
});
