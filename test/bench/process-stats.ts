import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Nanoseconds of CPU by thread (`pid/thread`) at one moment. */
type CpuReading = ReadonlyMap<string, number>;

/**
 * Reads the scheduler's own counters, which count nanoseconds. Thread by thread: the counter of a process is that of
 * its main thread alone, without the collector and the hub's log worker.
 */
export function readCpu(pids: readonly number[]): CpuReading {
  const reading = new Map<string, number>();
  for (const pid of pids) {
    for (const thread of threadsOf(pid)) {
      try {
        const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1');
        reading.set(`${pid}/${thread}`, Number(text.split(' ')[0]));
      } catch {
        // A thread that ended meanwhile.
      }
    }
  }
  return reading;
}

/** CPU in milliseconds between two readings: of all threads, and of the main threads alone, which is what delays calls. */
export function cpuBetween(before: CpuReading, after: CpuReading): { all: number; main: number } {
  const used = { all: 0, main: 0 };
  for (const [key, nanoseconds] of after) {
    const ms = (nanoseconds - (before.get(key) ?? 0)) / 1e6;
    const [pid, thread] = key.split('/');
    used.all += ms;
    if (pid === thread) used.main += ms;
  }
  return used;
}

const threadsOf = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

/** Memory of a process in MB: what it holds, the most it held since `forgetPeak`, and what only it holds. */
export function memoryOf(pid: number): { rss: number; peak: number; private: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const field = (text: string, name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1_024;
  return {
    rss: field(status, 'VmRSS'),
    peak: field(status, 'VmHWM'),
    private: field(rollup, 'Private_Clean') + field(rollup, 'Private_Dirty'),
  };
}

export const rssMb = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + memoryOf(pid).rss, 0);

export const peakMb = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + memoryOf(pid).peak, 0);

/** Lets the peak of memory be counted anew. */
export function forgetPeak(pids: readonly number[]): void {
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

interface ProcessLine {
  pid: number;
  parent: number;
  /** User and system time, in clock ticks. */
  ticks: number;
}

function processTable(): ProcessLine[] {
  const table: ProcessLine[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      // The command name may hold spaces and brackets: count fields after its closing one.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
      table.push({ pid: Number(name), parent: Number(fields[1]), ticks });
    } catch {
      // Gone meanwhile.
    }
  }
  return table;
}

function withDescendants(table: readonly ProcessLine[], root: number): ProcessLine[] {
  const found = table.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...table.filter(({ parent }) => parent === pid));
  return found;
}

/** A process and those below it, but not the ones that have the word in their command line. */
export function pidsBelow(root: number, without: string): number[] {
  return withDescendants(processTable(), root)
    .map(({ pid }) => pid)
    .filter((pid) => pid === root || !commandLine(pid).includes(without));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** A reading of the machine's clock ticks, to tell later how busy others were. */
export interface MachineTicks {
  total: number;
  busy: number;
  ours: number;
}

/** Processes that nobody waits for any more count as others': good to a few per cent over seconds. */
export function machineTicks(): MachineTicks {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, steal = 0] = readFileSync(
    '/proc/stat',
    'latin1',
  )
    .split('\n')[0]!
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const busy = user + nice + system + irq + soft + steal;
  const ours = withDescendants(processTable(), process.pid).reduce((sum, { ticks }) => sum + ticks, 0);
  return { total: busy + idle + wait, busy, ours };
}

/** Share of the machine (0 to 1) that others used between two readings. */
export function foreignShare(before: MachineTicks, after: MachineTicks): number {
  const total = after.total - before.total;
  const others = after.busy - before.busy - (after.ours - before.ours);
  return total <= 0 ? 0 : Math.max(0, others / total);
}
