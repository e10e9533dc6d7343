import { readProcessTable, TICKS_PER_SECOND, treesOf, type ProcessRow } from './process-table.ts';

/** What a child and all its descendants use. */
export interface ProcessUsage {
  rssBytes: number;
  /** Share of one core in percent since the look before; null at the first. */
  cpuPercent: number | null;
}

export interface UsageSampler {
  /**
   * By root pid, from one look at all processes; a look is used again for two seconds, so asking for each child in
   * turn costs one. Nothing for pids that are gone, or where the platform does not tell.
   */
  look(roots: readonly number[]): ReadonlyMap<number, ProcessUsage>;
}

export interface UsageSamplerOptions {
  os: NodeJS.Platform;
  /** Monotonic milliseconds. */
  now?: () => number;
  readTable?: (os: NodeJS.Platform) => Map<number, ProcessRow> | null;
}

const FRESH_MS = 2_000;

interface Look {
  at: number;
  rows: ReadonlyMap<number, ProcessRow>;
}

/** Samples only when asked: nobody looks, nothing is spent. */
export function createUsageSampler({
  os,
  now = () => performance.now(),
  readTable = readProcessTable,
}: UsageSamplerOptions): UsageSampler {
  let before: Look | null = null;
  let last: Look | null = null;
  return {
    look(roots) {
      const at = now();
      const isFresh = last && at - last.at < FRESH_MS && roots.every((root) => last!.rows.has(root));
      if (!isFresh) {
        const rows = readTable(os);
        if (!rows) return new Map();
        // A look right after another one is for a new child; its time is too short to tell a share from.
        if (last && at - last.at >= FRESH_MS) before = last;
        last = { at, rows };
      }
      const usages = new Map<number, ProcessUsage>();
      for (const [root, tree] of treesOf(roots, last!.rows)) {
        if (!last!.rows.has(root)) continue;
        usages.set(root, {
          rssBytes: tree.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
          cpuPercent: before?.rows.has(root) ? share(tree, before, last!.at) : null,
        });
      }
      return usages;
    },
  };
}

/** Time of processes that started in between counts from nothing; of those that ended it is lost. */
function share(tree: readonly ProcessRow[], { at, rows }: Look, now: number): number {
  let ticks = 0;
  for (const row of tree) {
    const earlier = rows.get(row.pid);
    ticks += row.ticks - (earlier?.start === row.start ? earlier.ticks : 0);
  }
  return Math.round((ticks / TICKS_PER_SECOND / ((now - at) / 1_000)) * 1_000) / 10;
}
