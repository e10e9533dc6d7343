import type { Readable } from 'node:stream';

/** Output may still be on its way after the exit; a grandchild could hold the pipe open for ever (B15). */
const LAST_WORDS_MS = 300;

/** Resolves when all output of an ended process has been read, at the latest 300 ms from now. */
export async function lastWords(...streams: readonly (Readable | null)[]): Promise<void> {
  const open = streams.filter((stream) => stream !== null && !stream.closed) as Readable[];
  if (open.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_WORDS_MS)));
  const closed = open.map((stream) => new Promise<void>((resolve) => stream.once('close', () => resolve())));
  await Promise.race([Promise.all(closed), late]);
  clearTimeout(timer);
}
