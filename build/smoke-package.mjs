// @ts-check
// `node build/smoke-package.mjs <the packed app's bin/patchbay>`: the packed program itself, in a home of its own,
// answers on the command line and finds clients and a plan there. Run by CI on every system.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './run.mjs';

const [, , given] = process.argv;
if (!given) throw new Error('Name the packed bin/patchbay.');
const program = path.resolve(given);
const home = mkdtempSync(path.join(os.tmpdir(), 'patchbay-smoke-'));
const env = {
  ...process.env,
  HOME: home,
  USERPROFILE: home,
  APPDATA: path.join(home, 'AppData', 'Roaming'),
  XDG_DATA_HOME: path.join(home, 'data'),
  XDG_CONFIG_HOME: path.join(home, 'config'),
  CLAUDE_CONFIG_DIR: path.join(home, 'claude'),
  PATCHBAY_HOME: path.join(home, 'patchbay'),
};

/** @param {string[]} args */
function patchbay(...args) {
  // Windows starts a .cmd only by its shell; nothing here comes from outside.
  const isScript = program.endsWith('.cmd');
  const run = spawnSync(isScript ? `"${program}"` : program, args, {
    env,
    encoding: 'utf8',
    timeout: 60_000,
    shell: isScript,
  });
  process.stdout.write(`patchbay ${args.join(' ')}: ${run.status}\n${run.stdout}${run.stderr}`);
  if (run.status !== 0) throw new Error(`patchbay ${args.join(' ')} ended with ${run.status ?? run.error}`);
  return run.stdout;
}

try {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  if (patchbay('--version').trim() !== version) throw new Error('That is another version.');
  if (!Array.isArray(JSON.parse(patchbay('clients', '--json')))) throw new Error('No list of clients.');
  patchbay('plan', '--json');
} finally {
  rmSync(home, { recursive: true, force: true });
}
