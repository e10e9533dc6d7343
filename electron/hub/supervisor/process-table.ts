import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/** What the kernel tells of one process. */
export interface ProcessRow {
  pid: number;
  ppid: number;
  group: number;
  /** Processor time used so far, in clock ticks. */
  ticks: number;
  /** Start time in clock ticks since boot. */
  start: string;
  rssBytes: number;
}

/** Linux reports times to programs in this unit, whatever the kernel's own is (USER_HZ). */
export const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;
const MAX_STAT_BYTES = 4_096;

/** All processes by pid; null where the platform has no cheap way to ask (anything but Linux). About 7 µs each. */
export function readProcessTable(os: NodeJS.Platform): Map<number, ProcessRow> | null {
  if (os !== 'linux') return null;
  const rows = new Map<number, ProcessRow>();
  const buffer = Buffer.allocUnsafe(MAX_STAT_BYTES);
  for (const pid of livePids()) {
    const row = parseStat(pid, readInto(buffer, `/proc/${pid}/stat`));
    if (row) rows.set(pid, row);
  }
  return rows;
}

/** Pids of all processes; empty where there is no `/proc`. */
export function livePids(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Reads `/proc/<pid>/stat`; null for text that is none, and for a zombie: it has ended. */
export function parseStat(pid: number, text: string): ProcessRow | null {
  // The command name is in brackets and may hold brackets and spaces itself: fields count from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 22 || fields[0] === 'Z') return null;
  return {
    pid,
    ppid: Number(fields[1]),
    group: Number(fields[2]),
    ticks: Number(fields[11]) + Number(fields[12]),
    start: fields[19]!,
    rssBytes: Number(fields[21]) * PAGE_BYTES,
  };
}

/** One buffer for all: a hub looks at hundreds of these at once. */
function readInto(buffer: Buffer, file: string): string {
  try {
    const handle = openSync(file, 'r');
    try {
      return buffer.toString('latin1', 0, readSync(handle, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    // It ended in between.
    return '';
  }
}

/**
 * The processes that belong to each child: its group, and all that descend from it. `npx` is a launcher around a shell
 * around the server; the first alone says nothing.
 */
export function treesOf(
  roots: Iterable<number>,
  rows: ReadonlyMap<number, ProcessRow>,
): Map<number, ProcessRow[]> {
  const trees = new Map([...roots].map((root) => [root, [] as ProcessRow[]]));
  const owners = new Map<number, number | null>();
  const ownerOf = (row: ProcessRow | undefined): number | null => {
    if (!row) return null;
    const known = owners.get(row.pid);
    if (known !== undefined) return known;
    // Set first: rows read one after another may form a ring when pids are used again meanwhile.
    owners.set(row.pid, null);
    const owner = trees.has(row.group) ? row.group : ownerOf(rows.get(row.ppid));
    owners.set(row.pid, owner);
    return owner;
  };
  for (const row of rows.values()) {
    const owner = ownerOf(row);
    if (owner !== null) trees.get(owner)!.push(row);
  }
  return trees;
}
