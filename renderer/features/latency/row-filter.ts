import { filterTerm } from '../../lib/filter-text.ts';
import type { LatencyPeriod } from '../../lib/route.ts';

/** Milliseconds of each period. */
export const PERIOD_MS: Record<LatencyPeriod, number> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
};

/**
 * What stands in the `tool` of a row that is no tool call: the method itself. Tool names may hold a slash too, so it
 * takes one of MCP's own namespaces.
 */
const METHOD =
  /^(?:initialize$|ping$|(?:tools|prompts|resources|completion|logging|roots|sampling|elicitation|tasks|server|subscriptions|notifications)\/)/;

/** Whether what stands in the `tool` of a row is a method. */
export const isMethod = (tool: string): boolean => METHOD.test(tool);

/** A filter that finds the calls of one row: of a tool, or of a method where the row is one. */
export function filterOfRow({ server, tool }: { server: string; tool: string }): string {
  return `${filterTerm('server', server)} ${filterTerm(isMethod(tool) ? 'method' : 'tool', tool)}`;
}

/** The terms of both, each of which must hold. */
export const bothFilters = (filter: string, more: string): string => `${filter.trim()} ${more}`.trim();

/** `dur:10ms..20ms`; without an upper end `dur:>=10ms`. Rounded outwards, so that no call of the bar is left out. */
export function durationTerm(fromMs: number, toMs: number | null): string {
  const from = inMicros(Math.floor(fromMs * 1_000));
  if (toMs === null) return `dur:>=${from}`;
  return `dur:${from}..${inMicros(Math.ceil(toMs * 1_000))}`;
}

const inMicros = (micros: number): string => (micros % 1_000 === 0 ? `${micros / 1_000}ms` : `${micros}us`);

/** The minute under way has no slice of its own: the last one holds it too. */
const UNDER_WAY_MS = 60_000;

/** The calls of one slice of time. */
export function sliceTerms(at: number, lengthMs: number, isLast: boolean): string {
  const until = at + lengthMs + (isLast ? UNDER_WAY_MS : 0);
  return `since:${new Date(at).toISOString()} until:${new Date(until).toISOString()}`;
}
