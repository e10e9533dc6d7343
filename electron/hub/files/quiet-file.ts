import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Editors that do not replace a file empty it first and fill it a moment later. */
const QUIET_MS = 50;
/** A file that is written to all the time is read as it is in the end. */
const MOST_LOOKS = 40;

/**
 * Resolves when nothing has happened to a file for a moment. What a watcher tells next is not waited for: those that
 * come right after another (chokidar: within 5 ms) are never told.
 */
export async function untilQuiet(file: string, signal: AbortSignal): Promise<void> {
  let before = await lookOf(file);
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    // The end of the wait is no error: who waits looks at the signal.
    await pause(QUIET_MS, undefined, { signal, ref: false }).catch(() => {});
    const now = await lookOf(file);
    if (signal.aborted || now === before) return;
    before = now;
  }
}

async function lookOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'none';
  }
}
