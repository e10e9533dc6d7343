import { readFile, readlink } from 'node:fs/promises';
import { processStartMark } from '../process-identity.ts';

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
 * Linux has it all in /proc, for processes of the same user. Elsewhere there is no supported way without a helper
 * program, so nothing is known. Never rejects: a process may end while it is looked at.
 */
export async function readProcessDetails(pid: number, os: NodeJS.Platform): Promise<ProcessDetails> {
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

/** Reads `NAME=value` pairs ended by NUL. */
export function parsePlace(environment: string): Record<string, string> {
  const pairs = environment.split('\0').flatMap((pair): [string, string][] => {
    const split = pair.indexOf('=');
    const name = pair.slice(0, split);
    return split > 0 && PLACE_VARIABLES.has(name) ? [[name, pair.slice(split + 1)]] : [];
  });
  return Object.fromEntries(pairs);
}
