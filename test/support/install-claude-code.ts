import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './cli.ts';

/** The version the tests are written against. CLAUDE_CODE_VERSION names another, such as 2.1.197. */
const VERSION = '2.1.329';

const INSTALL_MS = 300_000;
const LOCK_WAIT_MS = 330_000;
const PACKAGE = '@anthropic-ai/claude-code';

/**
 * Path of the real Claude Code of this version, fetched from npm into `.cache/` once. It is a tool of the tests,
 * never a dependency of the product.
 */
export async function installClaudeCode(
  version: string = process.env.CLAUDE_CODE_VERSION ?? VERSION,
): Promise<string> {
  const folder = path.join(projectRoot, '.cache', 'claude-code', version);
  // The package carries a native program, under this name on every system.
  const program = path.join(folder, 'node_modules', ...PACKAGE.split('/'), 'bin', 'claude.exe');
  if (existsSync(program)) return program;

  const release = await lock(`${folder}.lock`);
  try {
    if (!existsSync(program)) install(folder, version);
    return program;
  } finally {
    release();
  }
}

/** Into a folder beside, then renamed: an interrupted download never looks like a finished one. */
function install(folder: string, version: string): void {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  // npm 12 runs install scripts of listed packages only; this one links the native program into place.
  const manifest = { private: true, allowScripts: { [PACKAGE]: true } };
  writeFileSync(path.join(partial, 'package.json'), JSON.stringify(manifest));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--prefix', partial, '--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
  const { status, stdout, stderr } = spawnSync(npm, [...args, `${PACKAGE}@${version}`], {
    cwd: partial,
    encoding: 'utf8',
    timeout: INSTALL_MS,
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    throw new Error(`Claude Code ${version} could not be fetched from npm:\n${stdout}${stderr}`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

/** A folder as a lock, with the owner's pid in it: two test runs must not install into one place. */
async function lock(at: string): Promise<() => void> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  const owner = path.join(at, 'pid');
  mkdirSync(path.dirname(at), { recursive: true });
  for (;;) {
    try {
      mkdirSync(at);
      writeFileSync(owner, String(process.pid));
      return () => rmSync(at, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (!isOwned(owner)) rmSync(at, { recursive: true, force: true });
    else if (performance.now() > deadline) throw new Error(`Another run has held ${at} for too long.`);
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function isOwned(owner: string): boolean {
  try {
    const pid = Number(readFileSync(owner, 'utf8'));
    // Empty: the folder was made a moment ago and its owner has not signed yet.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
