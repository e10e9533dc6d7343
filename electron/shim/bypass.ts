import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
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
