import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OriginalServer, ShimArguments } from './shim-arguments.ts';

/** Runs the original server. `inherit`: it gets the client's own pipes, so the bypass costs nothing per frame. */
export function runOriginal(
  original: OriginalServer,
  env: NodeJS.ProcessEnv,
  stdio: 'inherit' | 'piped',
): ChildProcess {
  // Not imported: most shims never start a process, and all would pay for it at their start.
  const { spawn } = process.getBuiltinModule('node:child_process');
  return spawn(original.command, original.args, {
    env,
    stdio: stdio === 'inherit' ? 'inherit' : ['pipe', 'pipe', 'inherit'],
    // Piped, the shim ends it like the hub would, group and all; inherited, it shares the client's own group.
    detached: stdio === 'piped' && process.platform !== 'win32',
    windowsHide: true,
  });
}

/**
 * The environment of the original server, with the values that were moved out of the client's file. The hub's store
 * lies beside the shim; what cannot be had from it stays as the client has it, and is told.
 */
export function withSecrets(
  dataRoot: string,
  secrets: ShimArguments['secrets'],
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  if (secrets.size === 0) return env;
  const stored = readStore(join(dataRoot, 'secrets.json'));
  const filled = { ...env };
  for (const [variable, name] of secrets) {
    const value = Object.hasOwn(stored, name) ? stored[name] : undefined;
    if (typeof value === 'string') filled[variable] = value;
    else process.stderr.write(`patchbay: the secret ${name} for ${variable} could not be read.\n`);
  }
  return filled;
}

function readStore(file: string): Record<string, unknown> {
  try {
    const { secrets } = JSON.parse(readFileSync(file, 'utf8')) as { secrets?: Record<string, unknown> };
    return secrets ?? {};
  } catch {
    // Told by the names that are missing; the message of a parser would quote the file.
    return {};
  }
}

/** Leaves a note that the next hub shows; the tools matter more, so a failure to write is ignored. */
export function leaveBypassNote(
  dataRoot: string,
  { client, server }: Pick<ShimArguments, 'client' | 'server'>,
  reason: string,
): void {
  const folder = join(dataRoot, 'run', 'bypass');
  const note = { at: Date.now(), client, server, reason, pid: process.pid };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(note), { mode: 0o600 });
  } catch {
    // See above.
  }
}

/** Ends with the child as the child ended, and hands signals on; nothing of the shim's own is visible. */
export function liveAs(child: ChildProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(`patchbay: cannot start ${JSON.stringify(child.spawnfile)}: ${error.message}\n`);
    process.exit(error.code === 'ENOENT' ? 127 : 126);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
