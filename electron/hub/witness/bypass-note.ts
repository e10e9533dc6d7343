import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const Note = z.object({ pid: z.number(), at: z.number() });

/**
 * Whether the shim with this pid has noted, since `sinceMs` (epoch), that it went around the hub. Notes of a pid's
 * earlier owner do not count.
 */
export async function hasBypassNote(folder: string, pid: number, sinceMs: number): Promise<boolean> {
  try {
    const note = Note.parse(JSON.parse(await readFile(path.join(folder, `${pid}.json`), 'utf8')));
    return note.pid === pid && note.at >= sinceMs;
  } catch {
    return false;
  }
}
