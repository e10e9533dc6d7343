import type { Exchange } from '../model/exchange.ts';
import {
  type Comparison,
  type Condition,
  type Filter,
  type IsValue,
  momentOf,
  type Pattern,
} from './filter.ts';
import { matchesPattern } from './pattern.ts';

const NOTHING: ReadonlySet<number> = new Set();

/**
 * Whether an exchange passes the filter. `nowMs` (epoch milliseconds) is what `since` and `until` count back from;
 * `bookmarked` are the ids of bookmarked exchanges: without them nothing is.
 */
export function matches(
  filter: Filter,
  exchange: Exchange,
  nowMs: number,
  bookmarked: ReadonlySet<number> = NOTHING,
): boolean {
  const surroundings = { nowMs, bookmarked };
  return filter.terms.every(({ negated, condition }) => holds(condition, exchange, surroundings) !== negated);
}

/** The filter as a question about servers alone; null when it asks for something else as well. */
export function serverPredicate({ terms }: Filter): ((server: string) => boolean) | null {
  const parts = terms.flatMap(({ negated, condition }) =>
    condition.field === 'server' ? [{ negated, patterns: condition.patterns }] : [],
  );
  if (parts.length < terms.length) return null;
  return (server) => parts.every(({ negated, patterns }) => anyPattern(patterns, server) !== negated);
}

interface Surroundings {
  nowMs: number;
  bookmarked: ReadonlySet<number>;
}

function holds(condition: Condition, exchange: Exchange, { nowMs, bookmarked }: Surroundings): boolean {
  switch (condition.field) {
    case 'text':
      return searchedTexts(exchange).some((text) => anyPattern(condition.patterns, text));
    case 'project':
      return projectTails(exchange.project).some((tail) => anyPattern(condition.patterns, tail));
    case 'session':
      return anyPattern(condition.patterns, exchange.sessionId);
    case 'server':
    case 'client':
    case 'tool':
    case 'method':
      return anyPattern(condition.patterns, exchange[condition.field]);
    case 'status':
      return condition.outcomes.includes(exchange.outcome);
    case 'dur':
      return inRange(condition.ranges, exchange.durationMs);
    case 'size':
      return inRange(condition.ranges, exchange.requestBytes + (exchange.responseBytes ?? 0));
    case 'since':
      return condition.times.some((time) => exchange.at >= momentOf(time, nowMs));
    case 'until':
      return condition.times.some((time) => exchange.at < momentOf(time, nowMs));
    case 'is':
      return condition.values.some((value) => isOf(value, exchange, bookmarked));
  }
}

const anyPattern = (patterns: readonly Pattern[], text: string | null): boolean =>
  text !== null && patterns.some((pattern) => matchesPattern(pattern, text));

const searchedTexts = (exchange: Exchange): (string | null)[] => [
  exchange.server,
  exchange.client,
  exchange.project,
  exchange.method,
  exchange.tool,
  exchange.errorMessage,
];

/** The path itself and what follows each separator: `web` finds `/home/me/web`, `me/web` too. */
function projectTails(project: string | null): string[] {
  if (project === null) return [];
  const tails = [project];
  for (const { index } of project.matchAll(/[/\\]/g)) tails.push(project.slice(index + 1));
  return tails;
}

function inRange(ranges: readonly Comparison[][], actual: number | null): boolean {
  if (actual === null) return false;
  return ranges.some((comparisons) =>
    comparisons.every(({ op, value }) => {
      if (op === '>') return actual > value;
      if (op === '>=') return actual >= value;
      if (op === '<') return actual < value;
      return actual <= value;
    }),
  );
}

function isOf(value: IsValue, exchange: Exchange, bookmarked: ReadonlySet<number>): boolean {
  if (value === 'bookmarked') return bookmarked.has(exchange.id);
  if (value === 'from-client') return exchange.direction === 'client-to-server';
  if (value === 'from-server') return exchange.direction === 'server-to-client';
  return exchange.kind === value;
}
