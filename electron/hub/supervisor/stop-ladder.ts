import type { ChildProcess } from 'node:child_process';
import { lastWords } from './last-words.ts';

/** How long each rung waits before the next, in milliseconds. */
export interface StopLadder {
  eofMs: number;
  termMs: number;
}

export const DEFAULT_STOP_LADDER: StopLadder = { eofMs: 2_000, termMs: 2_000 };

/** Which rung ended the child. */
export type StopRung = 'eof' | 'term' | 'kill';

/** The last rung: after SIGKILL the kernel needs a moment; a process in uninterruptible sleep may never go. */
const KILL_WAIT_MS = 1_000;

/**
 * Ends a child and everything in its process group: end of input → wait → SIGTERM to the group → wait → SIGKILL to
 * the group. The child must have been spawned `detached` on POSIX, so that its pid is its group's id. Acts on
 * 'exit', not 'close': a grandchild may hold the pipes open for ever. Never throws; safe to call twice.
 */
export async function stopChild(
  child: ChildProcess,
  ladder: StopLadder = DEFAULT_STOP_LADDER,
): Promise<StopRung> {
  const { pid } = child;
  if (pid === undefined) return 'eof';
  const exited = hasExited(child)
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.once('exit', () => resolve()));

  child.stdin?.on('error', () => {}).end();
  let rung: StopRung = 'eof';
  if (!(await within(exited, ladder.eofMs))) {
    rung = 'term';
    await signalTree(pid, 'SIGTERM');
    if (!(await within(exited, ladder.termMs))) {
      rung = 'kill';
      await signalTree(pid, 'SIGKILL');
      await within(exited, KILL_WAIT_MS);
    }
  }
  await sweepGroup(pid, ladder);
  await lastWords(child.stdout, child.stderr);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return rung;
}

export const hasExited = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;

/** Grandchildren that outlived the child: same group, same end. While one lives, the kernel cannot reuse the id. */
async function sweepGroup(pid: number, ladder: StopLadder): Promise<void> {
  if (process.platform === 'win32' || !groupAlive(pid)) return;
  await signalTree(pid, 'SIGTERM');
  const deadline = performance.now() + ladder.termMs;
  while (groupAlive(pid) && performance.now() < deadline) await pause(20);
  if (groupAlive(pid)) await signalTree(pid, 'SIGKILL');
}

function groupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Windows has no process groups and no signals: taskkill walks the tree while it is intact. */
async function signalTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (process.platform === 'win32') {
    await new Promise<void>((resolve) => {
      // Loaded where it is needed: the shim's start is felt.
      const { execFile } = process.getBuiltinModule('node:child_process');
      execFile('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true, timeout: 5_000 }, () =>
        resolve(),
      );
    });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function within(event: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const result = await Promise.race([event.then(() => true as const), timeout]);
  clearTimeout(timer);
  return result;
}
