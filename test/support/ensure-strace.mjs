// @ts-check
// Where the crash tests find strace. `node test/support/ensure-strace.mjs` prints its path, installing Debian's package
// first where that is possible and nothing else is found.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Path of a strace that can trace and inject here, installed from Debian's archive when it is missing and we may.
 * Throws with what to do otherwise: a crash test that did not run must not look like one that passed.
 * @returns {string}
 */
export function ensureStrace() {
  if (process.platform !== 'linux') throw new Error('The crash tests need strace, which only Linux has.');
  const strace = findStrace() ?? installStrace();
  assertWorks(strace);
  return strace;
}

/** @returns {string | null} */
function findStrace() {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return (
    ['/usr/bin', '/usr/local/bin', ...folders]
      .map((folder) => path.join(folder, 'strace'))
      .find(isExecutable) ?? null
  );
}

/** @returns {string} */
function installStrace() {
  if (process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    process.stderr.write('No strace found: installing the Debian package "strace".\n');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'strace'],
    ]) {
      const { status } = spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] });
      if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed with code ${status}.`);
    }
    const installed = findStrace();
    if (installed) return installed;
  }
  throw new Error('No strace was found. Install it (Debian: apt-get install strace); 5.3 or later.');
}

/**
 * Containers often forbid ptrace, and old versions cannot inject.
 * @param {string} strace
 */
function assertWorks(strace) {
  const args = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=chdir', '-e', 'inject=chdir:error=EIO:when=1'];
  const { status, stderr } = spawnSync(strace, [...args, 'sh', '-c', 'cd / 2>/dev/null && exit 7; exit 0'], {
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new Error(
    `${strace} cannot trace and inject here (${stderr.trim() || `exit code ${status}`}). In a container, allow ptrace: --cap-add=SYS_PTRACE.`,
  );
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.stdout.write(`${ensureStrace()}\n`);
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
    process.exitCode = 1;
  }
}
