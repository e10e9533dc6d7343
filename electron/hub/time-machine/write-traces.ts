import path from 'node:path';
import type { ClientId } from '../../../shared/model/client.ts';
import type { ConfigAuthor } from '../../../shared/model/config-version.ts';
import type { ConfigFile } from '../clients/client-adapter.ts';

/** A name that appeared in a config's folder, if only for the moment between two calls of its writer. */
export interface WriteTrace {
  name: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What stands behind the config's own name in the temporary file that a client moves into place; group 1 is its pid. */
const CLIENT_TEMPORARY: Readonly<Partial<Record<ClientId, RegExp>>> = {
  'claude-code': /^\.tmp\.(\d{1,10})\.[\w-]+$/,
};

const OWN_TEMPORARY = /^\.patchbay-[0-9a-f]+\.tmp$/;
/** Of the script beside a backup. */
const OWN_SCRIPT = '.patchbay-restore';

/**
 * Who wrote a file, by the names its writer used on the way; null when there were none. The last temporary file wins,
 * as that is the one that was moved into place. A lock alone speaks for the client, and only while we made none: we
 * take the same one.
 */
export function authorByTraces(
  { path: file, client, clientLock }: ConfigFile,
  target: string,
  traces: readonly WriteTrace[],
): ConfigAuthor | null {
  const bases = new Set([path.basename(file), path.basename(target)]);
  let lock: ConfigAuthor | null = null;
  for (const { name } of traces.toReversed()) {
    for (const base of bases) {
      const own = name.startsWith(`.${base}`) && OWN_TEMPORARY.test(name.slice(base.length + 1));
      if (own) return { kind: 'patchbay', action: 'write' };
      if (name === base + OWN_SCRIPT) return { kind: 'patchbay', action: 'restore' };
      const pid = name.startsWith(base) && CLIENT_TEMPORARY[client]?.exec(name.slice(base.length))?.[1];
      if (pid) return { kind: 'client', client, evidence: 'temporary-file', pid: Number(pid) };
    }
    if (clientLock !== undefined && name === path.basename(clientLock)) {
      lock = { kind: 'client', client, evidence: 'lock' };
    }
  }
  return lock;
}
