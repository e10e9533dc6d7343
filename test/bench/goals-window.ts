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
    inUnit(' ms', goal(': CPU of its main thread to the live list', 400, found?.readyCpuMs)),
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
    inUnit(
      ' ms',
      goal(', 1,000 rows/s: CPU of its longest task', 50, found?.busy.longestTaskMs ?? undefined),
    ),
    inUnit(' ms/s', goal(', 1,000 rows/s: CPU of its main thread', 500, found?.busy.mainMsPerSecond)),
    inUnit(
      ' ms',
      goal(', as fast as it goes: CPU of its longest task', 100, found?.flood.longestTaskMs ?? undefined),
    ),
    inUnit(' MB', goal(', after all rows: script memory', 60, last?.megabytes)),
    goal(
      ', after all rows: script memory over that with the list just full',
      1.1,
      full && last!.megabytes / full.megabytes,
    ),
  ];
}

/** What an index serves comes at once; what has to be looked through says how far it is, a few times a second. */
export function historyGoals(found: HistoryCost | undefined): Goal[] {
  const goal = (text: string, limit: number, value: number | undefined): Goal =>
    inUnit(' ms', atMost(HISTORY, `History${text}`, limit, value ?? null));
  const worst = (scans: boolean, value: 'endMs' | 'cpuMs' | 'silentMs'): number | undefined =>
    found && Math.max(...found.searches.filter((one) => one.scans === scans).map((one) => one[value]));
  const scanCpuMs = worst(true, 'cpuMs');
  return [
    goal(': slowest page that an index serves', 100, worst(false, 'endMs')),
    goal(': longest silence of a scan', 250, worst(true, 'silentMs')),
    goal(', slowest scan: CPU per million exchanges', 500, found && scanCpuMs! / (found.rows / 1e6)),
    goal(': live list of a window over it', 1_000, found?.opening.readyMs),
  ];
}
