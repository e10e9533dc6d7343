// @ts-check
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './run.mjs';

const SOURCES = ['shared', 'electron', 'renderer', 'build', 'assets', 'package.json', 'package-lock.json'];
/** One output of each of the two builders. */
const OUTPUTS = ['dist/cli.mjs', 'dist/ui/index.html'];

/**
 * Builds dist/ when it is absent or older than what it is made from; exits with the builder's code when that fails.
 */
export async function ensureBuild() {
  const built = Math.min(...OUTPUTS.map((file) => modifiedAt(path.join(root, file))));
  const changed = Math.max(...SOURCES.map((name) => newestBelow(path.join(root, name))));
  if (built > changed) return;
  const { code } = await run('node', ['build/build.mjs']);
  if (code !== 0) process.exit(code);
}

/**
 * Folders count too: a file that was removed or renamed leaves its mark only on them.
 * @param {string} at
 * @returns {number}
 */
function newestBelow(at) {
  if (!existsSync(at)) return 0;
  const stat = statSync(at);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(at).map((name) => newestBelow(path.join(at, name)));
  return Math.max(stat.mtimeMs, ...inside);
}

/** @param {string} file */
function modifiedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
