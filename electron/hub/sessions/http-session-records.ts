import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** What it takes to carry a session over to another server process, or to another hub. */
const HttpSessionRecord = z.object({
  id: z.string(),
  server: z.string(),
  client: z.string(),
  /** The client's own frames, to be said again. */
  initialize: z.string(),
  initialized: z.boolean(),
  /** Epoch milliseconds. */
  lastUsedAt: z.number(),
});
export type HttpSessionRecord = z.infer<typeof HttpSessionRecord>;

const MAX_RECORDS = 1_000;
const WRITE_DELAY_MS = 50;

/**
 * Sessions by id, on disk too: a client that comes back after the hub was restarted is never told that it is unknown.
 * Losing the file costs a new handshake, so it is written lazily and read leniently.
 */
export interface HttpSessionRecords {
  get(id: string): HttpSessionRecord | undefined;
  put(record: HttpSessionRecord): void;
  delete(id: string): void;
  close(): void;
}

/** Records that nobody used for `maxAgeMs` are left out. */
export function openHttpSessionRecords(file: string, maxAgeMs: number): HttpSessionRecords {
  const records = new Map<string, HttpSessionRecord>();
  try {
    const oldest = Date.now() - maxAgeMs;
    for (const record of z.array(HttpSessionRecord).parse(JSON.parse(readFileSync(file, 'utf8')))) {
      if (record.lastUsedAt >= oldest) records.set(record.id, record);
    }
  } catch {
    // None yet, or half written by a hub that was killed.
  }
  let timer: NodeJS.Timeout | null = null;
  const write = (): void => {
    timer = null;
    const fresh = `${file}.new`;
    writeFileSync(fresh, JSON.stringify([...records.values()]), { mode: 0o600 });
    renameSync(fresh, file);
  };
  const schedule = (): void => {
    timer ??= setTimeout(write, WRITE_DELAY_MS).unref();
  };
  return {
    get: (id) => records.get(id),
    put(record) {
      records.delete(record.id);
      records.set(record.id, record);
      if (records.size > MAX_RECORDS) records.delete(records.keys().next().value!);
      schedule();
    },
    delete(id) {
      if (records.delete(id)) schedule();
    },
    close() {
      if (timer === null) return;
      clearTimeout(timer);
      write();
    },
  };
}
