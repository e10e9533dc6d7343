import { spawn } from 'node:child_process';
import path from 'node:path';
import { findDesktopRuntime } from '../../hub/desktop-runtime.ts';
import type { Context } from '../context.ts';
import { serve } from './serve.ts';

/** Opens the desktop app and lives as long as it; where that cannot be, says why in one sentence and serves headless. */
export async function desktop(context: Context): Promise<number> {
  const project = path.dirname(path.dirname(context.resources.cli));
  const runtime = findDesktopRuntime(project, context.platform);
  if ('reason' in runtime) {
    process.stderr.write(`The desktop app cannot start: ${runtime.reason}. Serving headless instead.\n`);
    return serve(context);
  }
  // Chromium refuses to start its sandbox for root on Linux.
  const isRoot = context.platform.os === 'linux' && process.getuid?.() === 0;
  const child = spawn(runtime.executable, [...(isRoot ? ['--no-sandbox'] : []), project], {
    stdio: 'inherit',
  });
  // The terminal sends Ctrl-C to both; this process waits for the app's own orderly end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void child.kill(signal));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
