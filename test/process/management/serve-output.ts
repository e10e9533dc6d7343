import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cliScript } from '../../support/cli.ts';
import type { TemporaryHome } from '../../support/temporary-home.ts';

export interface ServeOutput {
  pid: number;
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `patchbay serve` until its output satisfies `isEnough`, ends it by a signal, and gives all it said. */
export async function serveUntil(
  home: TemporaryHome,
  args: readonly string[],
  isEnough: (output: Pick<ServeOutput, 'stdout' | 'stderr'>) => boolean,
  options: { env?: Readonly<Record<string, string>>; signal?: NodeJS.Signals } = {},
): Promise<ServeOutput> {
  const child = spawn(process.execPath, [cliScript, 'serve', '--port', '0', ...args], {
    cwd: home.project,
    env: { ...home.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  let isEnding = false;
  const look = (): void => {
    if (isEnding || !isEnough(output)) return;
    isEnding = true;
    child.kill(options.signal ?? 'SIGINT');
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      look();
    });
  }
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(late);
  if (!isEnding)
    throw new Error(`It ended (${code}) before it said enough:\n${output.stdout}${output.stderr}`);
  return { ...output, code, pid: child.pid! };
}
