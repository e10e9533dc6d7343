// @ts-check
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = path.resolve(fileURLToPath(import.meta.url), '..', '..');

const bin = path.join(root, 'node_modules', '.bin');

/**
 * Runs one program of the project (a name in node_modules/.bin, or `node`) and resolves with its exit code.
 * @param {string} program
 * @param {string[]} args
 * @param {{env?: Record<string, string>, quiet?: boolean}} [options]
 * @returns {Promise<{code: number, output: string}>}
 */
export function run(program, args, options = {}) {
  const isWindows = process.platform === 'win32';
  const command =
    program === 'node' ? process.execPath : path.join(bin, isWindows ? `${program}.cmd` : program);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      shell: isWindows && program !== 'node',
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
