import { atLeast, atMost, inUnit, type Goal } from './goal.ts';
import type { HistoryCost } from './history.ts';
import type { WindowCost } from './window.ts';

const WINDOW = 15;
const HISTORY = 16;

/** Nothing a person waits for, and nothing that keeps the machine busy. */
export function windowGoals(found: WindowCost | undefined): Goal[] {
  const goal = (text: string, limit: number, value: number | undefined): Goal =>
    atMost(WINDOW, `Window${text}`, limit, value ?? null);
  const heaps = found?.flood.heapMb ?? [];
  // The list is full from the first look of the flood on: what comes after that is growth without a bound.
  const [full, last] = [heaps[2], heaps.at(-1)];
  return [
    inUnit(' ms', goal(': first text', 500, found?.firstPaintMs)),
    inUnit(' ms', goal(': live list', 1_000, found?.readyMs)),
    atLeast(
      WINDOW,
      'Window, 1,000 rows/s: frames over the page at rest',
      0.9,
      found ? found.busy.perSecond / found.idle.perSecond : null,
    ),
    goal(
      ', 1,000 rows/s: p95 between frames over the page at rest',
      1.5,
      found && found.busy.p95 / found.idle.p95,
    ),
    inUnit('', goal(', 1,000 rows/s: freezes of more than 100 ms', 0, found?.busy.freezes)),
    inUnit(' ms/s', goal(', 1,000 rows/s: CPU of its main thread', 500, found?.busy.mainMsPerSecond)),
    inUnit('', goal(', as fast as it goes: freezes of more than 100 ms', 0, found?.flood.freezes)),
    inUnit(' MB', goal(', after all rows: script memory', 60, last?.megabytes)),
    goal(
      ', after all rows: script memory over that with the list just full',
      1.1,
      full && last!.megabytes / full.megabytes,
    ),
  ];
}

/** What an index serves comes at once; what has to be looked through says how far it is. */
export function historyGoals(found: HistoryCost | undefined): Goal[] {
  const worst = (scans: boolean, value: 'endMs' | 'silentMs'): number | null =>
    found ? Math.max(...found.searches.filter((one) => one.scans === scans).map((one) => one[value])) : null;
  const scanMs = worst(true, 'endMs');
  return [
    inUnit(' ms', atMost(HISTORY, 'History: slowest page that an index serves', 100, worst(false, 'endMs'))),
    inUnit(' ms', atMost(HISTORY, 'History: longest silence of a scan', 100, worst(true, 'silentMs'))),
    inUnit(
      ' ms',
      atMost(
        HISTORY,
        'History: slowest scan, per million exchanges',
        1_000,
        found && scanMs !== null ? scanMs / (found.rows / 1e6) : null,
      ),
    ),
    inUnit(
      ' ms',
      atMost(HISTORY, 'History: live list of a window over it', 1_000, found?.opening.readyMs ?? null),
    ),
  ];
}
