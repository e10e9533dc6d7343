import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { HubStatus } from '../../shared/model/hub.ts';
import type { DataFolder } from './data-folder.ts';

const BypassNote = z.object({
  at: z.number(),
  client: z.string(),
  server: z.string(),
  reason: z.string(),
  pid: z.number(),
});

const MAX_NOTES = 50;

/** What shims did without a hub, collected and removed; unreadable notes are removed too. Newest last, at most 50. */
export async function collectBypassNotes(data: DataFolder): Promise<HubStatus['bypasses']> {
  const names = await readdir(data.bypassNotes).catch(() => [] as string[]);
  const notes: HubStatus['bypasses'] = [];
  for (const name of names.filter((candidate) => candidate.endsWith('.json'))) {
    const file = path.join(data.bypassNotes, name);
    try {
      const { at, client, server, reason } = BypassNote.parse(JSON.parse(await readFile(file, 'utf8')));
      notes.push({ at, client, server, reason });
    } catch {
      // Half written by a shim that was killed.
    }
    await rm(file, { force: true });
  }
  return notes.sort((a, b) => a.at - b.at).slice(-MAX_NOTES);
}
