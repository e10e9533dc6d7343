import type { PairedRatio } from './figures.ts';

/** One thing Patchbay wants to reach. */
export interface Goal {
  group: number;
  text: string;
  sense: '<=' | '>=';
  limit: number;
  unit: '×' | ' MB' | ' KB' | ' ms' | ' ms/s' | '';
  /** null: not measured in this run. */
  value: number | null;
  /** From the lowest to the highest round, where the value is the median of several. */
  range: readonly [number, number] | null;
}

type Found = PairedRatio | number | null;

export type Verdict = 'met' | 'missed' | 'not measured';

export function verdictOf({ sense, limit, value }: Goal): Verdict {
  if (value === null || Number.isNaN(value)) return 'not measured';
  return (sense === '<=' ? value <= limit : value >= limit) ? 'met' : 'missed';
}

/** A ratio that must not be larger. */
export const atMost = (group: number, text: string, limit: number, found: Found): Goal => ({
  group,
  text,
  sense: '<=',
  limit,
  unit: '×',
  value: typeof found === 'object' ? (found?.median ?? null) : found,
  range: typeof found === 'object' && found !== null ? [found.low, found.high] : null,
});

/** A ratio that must not be smaller. */
export const atLeast = (group: number, text: string, limit: number, found: Found): Goal => ({
  ...atMost(group, text, limit, found),
  sense: '>=',
});

export const inUnit = (unit: Goal['unit'], goal: Goal): Goal => ({ ...goal, unit });
