// @ts-check
// Where the UI tests find a browser. `node test/support/ensure-chromium.mjs` prints its path, installing Debian's
// package first where that is possible and nothing else is found.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const KNOWN_PATHS = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/**
 * Path of a Chromium on this machine: CHROMIUM_PATH, a usual place, or the PATH; null when there is none.
 * @returns {string | null}
 */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which cannot be executed.`);
  }
  const known = KNOWN_PATHS[/** @type {keyof typeof KNOWN_PATHS} */ (process.platform)] ?? [];
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => ['chromium', 'google-chrome'].map((name) => path.join(folder, name)));
  return [...known, ...onPath].find(isExecutable) ?? null;
}

/**
 * The browser, installed from Debian's archive when it is missing and we may. Throws with what to do otherwise.
 * @returns {string}
 */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    process.stderr.write('No Chromium found: installing the Debian package "chromium".\n');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'],
    ]) {
      // apt's own chatter is only of interest when it fails, and it must not reach our standard output.
      const { status } = spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] });
      if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed with code ${status}.`);
    }
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'No Chromium or Chrome was found. Install one (Debian: apt-get install chromium), or set CHROMIUM_PATH.',
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
    process.stdout.write(`${ensureChromium()}\n`);
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
    process.exitCode = 1;
  }
}
