import path from 'node:path';
import { z } from 'zod';
import { Finding, FindingEntry } from '../../../shared/model/guardian.ts';
import { isMissing } from '../files/file-errors.ts';
import { parseNumbered } from '../files/parse-numbered.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import type { Storage } from '../files/storage.ts';
import type { Logger } from '../log.ts';
import { FileRecord } from './entry-record.ts';

const MAX_BYTES = 64 * 1024 * 1024;
/** Settled ones that are kept for whoever asks what happened. */
const MAX_SETTLED = 200;
const MAX_OPEN = 1_000;

/** A finding with what it takes to act on it. */
export const StoredFinding = z.looseObject({
  ...Finding.shape,
  entries: z.array(
    z.object({
      ...FindingEntry.shape,
      expected: z.string().nullable(),
      present: z.string().nullable(),
    }),
  ),
  /** Tells it from a condition of the same kind that was accepted. */
  detail: z.string(),
  /** When it was last put back, in milliseconds since the epoch. */
  mergedAt: z.number().nullable(),
});
export type StoredFinding = z.infer<typeof StoredFinding>;

const GuardianState = z.looseObject({
  version: z.literal(1),
  nextId: z.number().int().min(1),
  /** By path of the config. */
  files: z.record(z.string(), FileRecord),
  /** Oldest first. */
  findings: z.array(StoredFinding),
});
export type GuardianState = z.infer<typeof GuardianState>;

export interface FindingsFile {
  /** An empty state when there is none. One that is damaged is set aside; one of a newer Patchbay is refused. */
  load(): Promise<GuardianState>;
  save(state: GuardianState): Promise<void>;
}

/** What the guardian knows, across restarts. Callers hold its folder's lock to save, and to load before saving. */
export function findingsFile(storage: Storage, folder: string, logger: Logger): FindingsFile {
  const file = path.join(folder, 'findings.json');
  return {
    async load() {
      const empty: GuardianState = { version: 1, nextId: 1, files: {}, findings: [] };
      let bytes: Uint8Array;
      try {
        bytes = await storage.files.read(file, MAX_BYTES);
      } catch (error) {
        if (isMissing(error)) return empty;
        throw error;
      }
      const state = parseNumbered(bytes, {
        file,
        schema: GuardianState,
        hint: 'Use that version; this one leaves its findings as they are.',
      });
      if (state) return state;
      logger.log('error', 'guardian.state-damaged', { path: file });
      return empty;
    },
    async save(state) {
      const open = state.findings.filter((finding) => finding.state === 'open').slice(-MAX_OPEN);
      const settled = state.findings.filter((finding) => finding.state !== 'open').slice(-MAX_SETTLED);
      const kept = new Set([...open, ...settled]);
      const bounded = { ...state, findings: state.findings.filter((finding) => kept.has(finding)) };
      await writeOwnFile(storage, file, Buffer.from(JSON.stringify(bounded)));
    },
  };
}
