import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { processStartMark } from '../process-identity.ts';
import type { ProcessQuery } from './windows-processes.ts';

/** What one process tells of itself, where its OS lets us ask. */
export interface ProcessDetails {
  cwd: string | null;
  /** Only the variables that decide whose configs a program reads; null where the environment cannot be read. */
  place: Readonly<Record<string, string>> | null;
  /** Clock ticks from boot to its start: with the pid, an identity that no reuse can forge. */
  startTicks: string | null;
}

/** The rest of an environment may be secrets and is dropped at once. */
const PLACE_VARIABLES: ReadonlySet<string> = new Set(['HOME', 'CLAUDE_CONFIG_DIR', 'XDG_CONFIG_HOME']);

const UNKNOWN: ProcessDetails = { cwd: null, place: null, startTicks: null };

/**
 * Linux has it all in /proc, for processes of the same user; macOS has programs that tell. On Windows nothing but
 * reading another process's memory would, so nothing is known there. Never rejects: a process may end while it is
 * looked at.
 */
export async function readProcessDetails(
  pid: number,
  os: NodeJS.Platform,
  run: QueryRunner = runQuery,
): Promise<ProcessDetails> {
  if (os === 'darwin') {
    const [place, folder] = await Promise.all([run(macosPlaceQuery(pid)), run(macosFolderQuery(pid))]);
    return {
      cwd: folder === null ? null : parseLsofFolder(folder),
      place: place === null ? null : parseMacosPlace(place),
      startTicks: null,
    };
  }
  if (os !== 'linux') return UNKNOWN;
  const [cwd, environment] = await Promise.all([
    readlink(`/proc/${pid}/cwd`).catch(() => null),
    readFile(`/proc/${pid}/environ`, 'utf8').catch(() => null),
  ]);
  return {
    cwd,
    place: environment === null ? null : parsePlace(environment),
    startTicks: processStartMark(pid),
  };
}

/** Prints what a query asks for; null when it cannot be had. */
export type QueryRunner = (query: ProcessQuery) => Promise<string | null>;

const QUERY_MS = 3_000;
const QUERY_BYTES = 4 * 1024 * 1024;

const runQuery: QueryRunner = async ({ command, args }) => {
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      encoding: 'utf8',
      timeout: QUERY_MS,
      maxBuffer: QUERY_BYTES,
    });
    return stdout;
  } catch {
    return null;
  }
};

/** The command line of a process and behind it its environment, which macOS shows to its owner. */
export const macosPlaceQuery = (pid: number): ProcessQuery => ({
  command: '/bin/ps',
  args: ['-E', '-ww', '-o', 'command=', '-p', String(pid)],
});

export const macosFolderQuery = (pid: number): ProcessQuery => ({
  command: '/usr/sbin/lsof',
  args: ['-a', '-d', 'cwd', '-p', String(pid), '-Fn'],
});

/**
 * Reads what `macosPlaceQuery` prints. Nothing parts the values but what the next name looks like, and arguments may
 * look like variables too: the last of a name counts. Null without HOME, which every program has: then the system hid
 * the environment.
 */
export function parseMacosPlace(output: string): Record<string, string> | null {
  const found = new Map<string, string>();
  for (const [, name, value] of output.matchAll(/(?<=\s)([A-Z_a-z]\w*)=(.*?)(?=\s[A-Z_a-z]\w*=|\s*$)/gs)) {
    if (PLACE_VARIABLES.has(name!)) found.set(name!, value!);
  }
  return found.has('HOME') ? Object.fromEntries(found) : null;
}

/** Reads the folder out of lsof's fields, one a line, each with a letter before it. */
export function parseLsofFolder(output: string): string | null {
  const line = output.split('\n').find((candidate) => candidate.startsWith('n/'));
  return line === undefined ? null : line.slice(1);
}

/** Reads `NAME=value` pairs ended by NUL. */
export function parsePlace(environment: string): Record<string, string> {
  const pairs = environment.split('\0').flatMap((pair): [string, string][] => {
    const split = pair.indexOf('=');
    const name = pair.slice(0, split);
    return split > 0 && PLACE_VARIABLES.has(name) ? [[name, pair.slice(split + 1)]] : [];
  });
  return Object.fromEntries(pairs);
}
