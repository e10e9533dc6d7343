import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';
import { PatchbayError } from '../../../shared/model/error.ts';

/** What to run, resolved: no variables left, the environment complete. */
export interface Launch {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** A folder of this one instance, made right before its start and removed after its end. */
  workdir?: string;
  /** It holds values of one session or client, so no process may be started ahead of it. */
  isPersonal?: boolean;
}

export type ServerChild = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Starts a server in its own process group with piped stdio and no shell. Resolves when the process runs; throws
 * SERVER_CANNOT_START with the reason (B01) when it does not.
 */
export async function spawnServer(launch: Launch): Promise<ServerChild> {
  assertFolder(launch.cwd);
  return await new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(explain(error, launch));
    try {
      const child = spawn(launch.command, [...launch.args], {
        cwd: launch.cwd,
        env: launch.env,
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
      child.once('error', refuse);
      // Without free files there are no pipes, whatever the types say; the error event comes next (D10).
      if ((child as Partial<ServerChild>).stdin === undefined) return;
      // A write to a child that has just gone must not take the hub down; the exit event tells what happened (C20).
      child.stdin.on('error', () => {});
      child.once('spawn', () => resolve(child));
    } catch (error) {
      refuse(error as Error);
    }
  });
}

/** Waits before the second, third … try, in milliseconds. */
const PATIENCE_MS = [250, 500, 1_000, 2_000];
/** The machine is short of something that others give back: processes, files, memory. */
const PASSING = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);

/** As `spawnServer`, but tries again for a few seconds when the machine is short of processes or files (D10, D11). */
export async function spawnPatiently(launch: Launch, signal: AbortSignal): Promise<ServerChild> {
  for (const waitMs of PATIENCE_MS) {
    try {
      return await spawnServer(launch);
    } catch (error) {
      const cause = (error as PatchbayError).cause as NodeJS.ErrnoException | undefined;
      if (!PASSING.has(cause?.code ?? '') || signal.aborted) throw error;
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {});
  }
  return await spawnServer(launch);
}

function assertFolder(cwd: string): void {
  try {
    if (statSync(cwd).isDirectory()) return;
  } catch {
    // Told below.
  }
  // spawn would blame the command for a missing folder: ENOENT either way.
  throw new PatchbayError('SERVER_CANNOT_START', `The working folder ${cwd} does not exist.`, { path: cwd });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'was not found',
  EACCES: 'may not be executed',
  ENOEXEC: 'is not a program for this machine',
  EAGAIN: 'could not be started: the system has no free processes',
  EMFILE: 'could not be started: too many open files',
  ENFILE: 'could not be started: too many open files on this machine',
  ENOMEM: 'could not be started: the system has no free memory',
  E2BIG: 'could not be started: its arguments and environment are too large',
};

function explain(error: NodeJS.ErrnoException, { command, env }: Launch): PatchbayError {
  const { reason, hint } = diagnose(error, command, env);
  const message = `The command ${JSON.stringify(command)} ${reason}.`;
  return new PatchbayError('SERVER_CANNOT_START', message, { hint }, error);
}

function diagnose(
  { code = '', message }: NodeJS.ErrnoException,
  command: string,
  env: Launch['env'],
): { reason: string; hint: string } {
  const reason = REASONS[code] ?? `could not be started (${message})`;
  if (PASSING.has(code)) return { reason, hint: 'End programs that are not needed, then try again.' };
  if (code === 'E2BIG') return { reason, hint: 'Shorten its arguments, or pass them in a file.' };
  if (!command.includes('/') && !command.includes(path.sep)) {
    return { reason, hint: `Searched in PATH=${env.PATH ?? env.Path ?? ''}` };
  }
  if (code === 'ENOENT' && can(command, constants.F_OK)) {
    // The kernel says ENOENT for a script whose first line names a program that has moved, as in a copied Python venv.
    return {
      reason: 'needs a program that was not found',
      hint: 'Check the first line of the script, or install it anew.',
    };
  }
  if (can(command, constants.F_OK) && !can(command, constants.X_OK)) {
    return { reason, hint: `Make it executable: chmod +x ${JSON.stringify(command)}` };
  }
  return { reason, hint: 'Check the path in the server definition.' };
}

function can(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}
