import { z } from 'zod';
import type { ClientAdapter } from '../../clients/client-adapter.ts';
import { joinerFor } from '../../clients/platform-paths.ts';
import type { Engine } from '../engine.ts';
import type { Running } from '../running-clients.ts';

/** A session that goes on with the servers it started with. It is somebody's terminal: never stopped by us. */
export interface LiveSession {
  pid: number;
  cwd: string | null;
  /** Of the client; null where its file does not tell. */
  sessionId: string | null;
  /** Null where it is not known, as for sessions without a terminal. */
  isBusy: boolean | null;
  version: string | null;
}

const MAX_BYTES = 256 * 1024;

const SessionFile = z.object({
  pid: z.number(),
  sessionId: z.uuid().nullish().catch(null),
  status: z.string().nullish().catch(null),
});

/** The running sessions of a client that keeps files about them; none for any other. */
export async function liveSessions(
  { storage, platform }: Engine,
  adapter: ClientAdapter,
  running: Running,
): Promise<LiveSession[]> {
  const folder = adapter.sessionFolder?.(platform);
  if (folder === undefined) return [];
  const join = joinerFor(platform.os);
  return await Promise.all(
    running.of(adapter.id).map(async ({ pid, cwd, version }): Promise<LiveSession> => {
      const known = await readSession(storage.files.read(join(folder, `${pid}.json`), MAX_BYTES));
      const own = known?.pid === pid ? known : null;
      return {
        pid,
        cwd,
        version,
        sessionId: own?.sessionId ?? null,
        isBusy: own?.status ? own.status === 'busy' : null,
      };
    }),
  );
}

async function readSession(reading: Promise<Uint8Array>): Promise<z.infer<typeof SessionFile> | null> {
  try {
    return SessionFile.parse(JSON.parse(Buffer.from(await reading).toString()));
  } catch {
    return null;
  }
}

/** What the person can do about one session, in one line. */
export function sessionAdvice(
  name: string,
  { pid, cwd, sessionId, isBusy }: LiveSession,
  os: NodeJS.Platform,
): string {
  const where = cwd === null ? `pid ${pid}` : `pid ${pid} in ${cwd}`;
  const busy = isBusy ? ', busy now' : '';
  const folder = cwd === null ? '' : `cd ${quoted(cwd, os)} && `;
  const again = sessionId === null ? 'restart it' : `leave it and run: ${folder}claude --resume ${sessionId}`;
  return `${name} (${where}${busy}) keeps the servers it has: run /reload-plugins in it, or ${again}`;
}

function quoted(text: string, os: NodeJS.Platform): string {
  if (os === 'win32') return `"${text}"`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
