import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** One file `<pid>.json` of Claude Code's sessions folder, as far as it is used. */
export const ClaudeCodeSession = z.object({
  pid: z.number().int().positive(),
  cwd: z.string().nullish(),
  /** Milliseconds since the epoch; what JavaScript's dates can hold. */
  startedAt: z.number().min(0).max(8.64e15),
  /** Linux: clock ticks from boot to the start of the process; another format elsewhere. */
  procStart: z.string().nullish().catch(null),
  version: z.string().nullish().catch(null),
});
export type ClaudeCodeSession = z.infer<typeof ClaudeCodeSession>;

const MAX_FILES = 1_000;
/** Claude Code itself reads no more of one. */
const MAX_BYTES = 256 * 1024;

/**
 * The sessions a Claude Code home speaks of. Files stay behind after SIGKILL, so each is a claim to be checked
 * against the process list. Unreadable and foreign files are passed over; the `.key` files beside are never opened.
 */
export async function readClaudeCodeSessions(folder: string): Promise<ClaudeCodeSession[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => /^[1-9]\d*\.json$/.test(name)).slice(0, MAX_FILES);
  const sessions = await Promise.all(files.map((name) => readSession(path.join(folder, name))));
  return sessions.filter((session) => session !== null);
}

async function readSession(file: string): Promise<ClaudeCodeSession | null> {
  try {
    const handle = await open(file, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile() || stat.size > MAX_BYTES) return null;
      const session = ClaudeCodeSession.parse(JSON.parse(await handle.readFile('utf8')));
      return `${session.pid}.json` === path.basename(file) ? session : null;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
