import { spawn } from 'node:child_process';
import path from 'node:path';
import type { TemporaryHome } from './temporary-home.ts';

/** The project's root folder. */
export const projectRoot = path.resolve(import.meta.dirname, '..', '..');

/** The built command line. */
export const cliScript = path.join(projectRoot, 'dist', 'cli.mjs');

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env: Readonly<Record<string, string>>;
  cwd: string;
  timeoutMs?: number;
}

/**
 * Runs a program to its end with nothing on its standard input. Rejects when it cannot be started or is not done in
 * time (60 s by default); a failing exit code is a result, not an error.
 */
export function runProgram(command: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  const { timeoutMs = 60_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const shown = [path.basename(command), ...args].join(' ');
      if (late) reject(new Error(`Not done after ${timeoutMs} ms: ${shown}\n${stdout}${stderr}`));
      else resolve({ code: code ?? 1, stdout, stderr });
    });
  });
}

/** Runs `patchbay` with the given arguments in the project folder of a temporary home. */
export function runCli(
  home: TemporaryHome,
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; timeoutMs?: number } = {},
): Promise<Finished> {
  return runProgram(process.execPath, [cliScript, ...args], {
    cwd: home.project,
    env: { ...home.env, ...options.env },
    timeoutMs: options.timeoutMs,
  });
}

/**
 * Runs a command that must succeed with `--json` and gives its one document. Throws with everything the program
 * said when it fails, or when its standard output is not exactly one JSON document.
 */
export async function runJson<T>(
  home: TemporaryHome,
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; timeoutMs?: number } = {},
): Promise<T> {
  const { code, stdout, stderr } = await runCli(home, [...args, '--json'], options);
  if (code !== 0) throw new Error(`patchbay ${args.join(' ')} exited with ${code}:\n${stdout}${stderr}`);
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`patchbay ${args.join(' ')} did not print one JSON document:\n${stdout}${stderr}`);
  }
}
