import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { z } from 'zod';

/** What it takes to carry a session over to another hub. */
const HttpSessionRecord = z.object({
  id: z.string(),
  /** The endpoint, as `Endpoint.label`. */
  label: z.string(),
  user: z.string(),
  client: z.string(),
  /** Epoch milliseconds. */
  lastUsedAt: z.number(),
  conversation: z.object({
    initialize: z.string(),
    initialized: z.boolean(),
    logLevel: z.string().nullable(),
    subscriptions: z.array(z.string()),
  }),
});
export type HttpSessionRecord = z.infer<typeof HttpSessionRecord>;

const Line = z.union([z.object({ put: HttpSessionRecord }), z.object({ delete: z.string() })]);

const MAX_RECORDS = 2_000;
/** Lines beyond twice the records before the file is written anew. */
const SPARE_LINES = 1_000;
/** How stale the time of last use on disk may be. */
const TOUCH_MS = 3_600_000;

/**
 * Sessions by id, on disk too, so that a client that comes back after the hub was killed is never told that it is
 * unknown. One line is added per change before the client hears of it: a file that is written anew each time would be
 * late under a storm of sessions, or slow.
 */
export interface HttpSessionRecords {
  get(id: string): HttpSessionRecord | undefined;
  put(record: HttpSessionRecord): void;
  /** It is in use now. */
  touch(id: string): void;
  delete(id: string): void;
  close(): void;
}

export interface RecordsOptions {
  file: string;
  /** Records that nobody used for so long are left out. */
  maxAgeMs: number;
  now?(): number;
  /** The disk is full or gone: sessions go on, they would not survive the hub. */
  onFailure?(error: Error): void;
}

export function openHttpSessionRecords(options: RecordsOptions): HttpSessionRecords {
  const { file, maxAgeMs, now = Date.now, onFailure = () => {} } = options;
  const records = readRecords(file, now() - maxAgeMs);
  const writtenUse = new Map<string, number>();
  let lines = 0;
  let handle: number | null = null;
  let isClosed = false;

  const rewrite = (): void => {
    if (handle !== null) closeSync(handle);
    handle = null;
    const fresh = `${file}.new`;
    rmSync(fresh, { force: true });
    const text = [...records.values()].map((record) => `${JSON.stringify({ put: record })}\n`).join('');
    writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
    renameSync(fresh, file);
    handle = openSync(file, 'a', 0o600);
    lines = records.size;
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onFailure(error as Error);
    }
  };
  const append = (line: z.infer<typeof Line>): void =>
    attempt(() => {
      if (isClosed) return;
      if (handle === null || lines > 2 * records.size + SPARE_LINES) return rewrite();
      writeSync(handle, `${JSON.stringify(line)}\n`);
      lines += 1;
    });
  attempt(rewrite);

  const remove = (id: string): void => {
    if (!records.delete(id)) return;
    writtenUse.delete(id);
    append({ delete: id });
  };
  const put = (record: HttpSessionRecord): void => {
    records.delete(record.id);
    records.set(record.id, record);
    writtenUse.set(record.id, record.lastUsedAt);
    if (records.size > MAX_RECORDS) remove(records.keys().next().value!);
    append({ put: record });
  };
  return {
    get: (id) => records.get(id),
    put,
    touch(id) {
      const record = records.get(id);
      if (!record) return;
      record.lastUsedAt = now();
      if (record.lastUsedAt - (writtenUse.get(id) ?? 0) >= TOUCH_MS) put(record);
    },
    delete: remove,
    close() {
      if (isClosed) return;
      isClosed = true;
      attempt(() => {
        rewrite();
        if (handle !== null) closeSync(handle);
        handle = null;
      });
    },
  };
}

/** Leniently: the last line may be half written by a hub that was killed, the file may be another version's. */
function readRecords(file: string, oldest: number): Map<string, HttpSessionRecord> {
  const records = new Map<string, HttpSessionRecord>();
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return records;
  }
  for (const written of text.split('\n')) {
    const line = readLine(written);
    if (line && 'put' in line) records.set(line.put.id, line.put);
    else if (line) records.delete(line.delete);
  }
  for (const { id, lastUsedAt } of records.values()) if (lastUsedAt < oldest) records.delete(id);
  return records;
}

function readLine(text: string): z.infer<typeof Line> | null {
  try {
    return Line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
