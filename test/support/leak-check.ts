import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { endMarked, processesOf } from './process-tree.ts';
import type { TemporaryHome } from './temporary-home.ts';

/** Longer than the stop ladder (EOF, 2 s, SIGTERM, 2 s, SIGKILL) of a server that resists. */
const WAIT_MS = 8_000;
const POLL_MS = 50;

/** Names by which half-done work of ours would lie about. */
const TRANSIENT = /(\.tmp(\.|$)|\.partial$|\.lock$|\.sock$|^starting$|^journal\.json$)/;

/**
 * Waits, at most 8 s, until no process, listening socket or temporary file of the run is left; throws with the names
 * of what is. Processes that are left are ended, so that one failing test does not disturb the next.
 */
export async function expectNothingLeft(home: TemporaryHome): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  let left = leftovers(home);
  while (left.length > 0 && performance.now() < deadline) {
    // No event tells that a process of another parent is gone.
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    left = leftovers(home);
  }
  if (left.length === 0) return;
  for (const found of processesOf(home)) endMarked(found, home, 'SIGKILL');
  throw new Error(`Left behind in ${home.root}:\n${left.map((line) => `  ${line}`).join('\n')}`);
}

function leftovers(home: TemporaryHome): string[] {
  return [
    ...processesOf(home).map(({ pid, command }) => `process ${pid}: ${command.slice(0, 200)}`),
    ...listeningSockets(home.root).map((address) => `socket ${address}`),
    ...transientFiles(home).map((file) => `file ${file}`),
  ];
}

function listeningSockets(root: string): string[] {
  if (process.platform !== 'linux') return [];
  return readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.slice(line.indexOf('/')))
    .filter((address) => address.startsWith(`${root}/`));
}

function transientFiles(home: TemporaryHome): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(home.root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const isClientsOwn = path.relative(path.join(home.home, '.claude'), file).startsWith('..') === false;
    if (TRANSIENT.test(entry.name) && !isClientsOwn) found.push(file);
  }
  // What a client itself keeps in TMPDIR is its own affair; anything named after us is ours.
  for (const name of readdirSync(home.temp)) {
    if (name.startsWith('patchbay')) found.push(path.join(home.temp, name));
  }
  return found;
}
