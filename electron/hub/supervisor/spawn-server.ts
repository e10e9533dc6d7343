import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { PatchbayError } from '../../../shared/model/error.ts';

/** What to run, resolved: no variables left, the environment complete. */
export interface Launch {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

export type ServerChild = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Starts a server in its own process group with piped stdio and no shell. Resolves when the process runs; throws
 * SERVER_CANNOT_START with the reason (B01) when it does not.
 */
export async function spawnServer(launch: Launch): Promise<ServerChild> {
  assertFolder(launch.cwd);
  const child = spawn(launch.command, [...launch.args], {
    cwd: launch.cwd,
    env: launch.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  // A write to a child that has just gone must not take the hub down; the exit event tells what happened (C20).
  child.stdin.on('error', () => {});
  return await new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, launch)));
  });
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

function explain(error: NodeJS.ErrnoException, { command, env }: Launch): PatchbayError {
  const reasons: Record<string, string> = {
    ENOENT: 'was not found',
    EACCES: 'may not be executed',
    ENOEXEC: 'is not a program for this machine',
    EAGAIN: 'could not be started: the system has no free processes',
    EMFILE: 'could not be started: too many open files',
  };
  const reason = reasons[error.code ?? ''] ?? `could not be started (${error.message})`;
  const isName = !command.includes('/') && !command.includes(path.sep);
  const hint = isName
    ? `Searched in PATH=${env.PATH ?? env.Path ?? ''}`
    : existsNotExecutable(command)
      ? `Make it executable: chmod +x ${JSON.stringify(command)}`
      : 'Check the path in the server definition.';
  return new PatchbayError(
    'SERVER_CANNOT_START',
    `The command ${JSON.stringify(command)} ${reason}.`,
    { hint },
    error,
  );
}

function existsNotExecutable(command: string): boolean {
  try {
    accessSync(command, constants.F_OK);
  } catch {
    return false;
  }
  try {
    accessSync(command, constants.X_OK);
    return false;
  } catch {
    return true;
  }
}
