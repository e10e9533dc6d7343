import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcessAlive, processStartMark } from '../process-identity.ts';
import type { Files } from './files.ts';
import { nodeFiles } from './node-files.ts';

/** Who holds a lock: a process, and what tells it from a later one with the same pid. */
export interface LockOwner {
  pid: number;
  mark: string | null;
}

/** Waits, in milliseconds. */
export interface Timing {
  /** How long another Patchbay may hold the data folder before we give up (A18). */
  dataLockMs: number;
  /** How long a client may hold its own lock before we give up. */
  clientLockMs: number;
  /** Age from which a client's lock that nobody touches is a leftover; Claude Code counts the same way. */
  clientLockStaleMs: number;
  /** How long Windows may keep a file busy, as virus scanners do, before a rename fails (A23). */
  renameMs: number;
  pollMs: number;
}

/** All that the writing half of the engine needs of the machine. */
export interface Storage {
  files: Files;
  os: NodeJS.Platform;
  /** This process, as other ones see it in a lock. */
  owner: LockOwner;
  isAlive(owner: LockOwner): boolean;
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<unknown>;
  /** Random text for names nobody can guess; hexadecimal. */
  token(): string;
  timing: Timing;
}

export const DEFAULT_TIMING: Timing = {
  dataLockMs: 10_000,
  clientLockMs: 5_000,
  clientLockStaleMs: 15_000,
  renameMs: 10_000,
  pollMs: 50,
};

/** The real machine. */
export function nodeStorage(os: NodeJS.Platform): Storage {
  return {
    files: nodeFiles,
    os,
    owner: { pid: process.pid, mark: processStartMark(process.pid) },
    isAlive: ({ pid, mark }) => isSameProcessAlive(pid, mark),
    now: Date.now,
    sleep,
    token: () => randomBytes(6).toString('hex'),
    timing: DEFAULT_TIMING,
  };
}
