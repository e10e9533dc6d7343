import type { SharingAdvice } from '../../../shared/model/sharing.ts';

/** What all offers together would save. */
export interface SharingTotals {
  processes: number;
  /** null where no server's memory is known. */
  bytes: number | null;
}

/** Sums what is offered; a trial that runs has been saved already. */
export function totalsOf(advice: readonly SharingAdvice[]): SharingTotals {
  const offered = advice.filter(({ offer, trial }) => offer !== null && trial === null);
  const known = offered.flatMap(({ rssSaved }) => (rssSaved === null ? [] : [rssSaved]));
  return {
    processes: offered.reduce(
      (sum, { processesNow, processesThen }) => sum + processesNow - processesThen,
      0,
    ),
    bytes: known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0),
  };
}

const ORDER: Record<SharingAdvice['verdict'], number> = { good: 0, possible: 1, already: 2, bad: 3 };

/** Trials first, because they wait for an answer; then what saves most. */
export const byUse = (advice: readonly SharingAdvice[]): SharingAdvice[] =>
  advice.toSorted(
    (a, b) =>
      Number(b.trial !== null) - Number(a.trial !== null) ||
      ORDER[a.verdict] - ORDER[b.verdict] ||
      b.processesNow - b.processesThen - (a.processesNow - a.processesThen) ||
      a.server.localeCompare(b.server),
  );
