import type { ServerDefinition } from '../../../shared/model/server.ts';
import type { Sharing } from './server-connection.ts';

/** Calls at once to a process that has one session only: whoever asks and answers alone needs no protection. */
const PRIVATE_CONCURRENCY = 1_024;
const SHARED_CONCURRENCY = 64;
const SHARED_IDLE_MS = 5 * 60_000;
/** A first `npx` or `uvx` downloads for a minute or more; a request would not wait so long (B02). */
const START_TIMEOUT_MS = 60_000;
/** Longer than what clients wait themselves: they decide, this only frees what nobody waits for. */
const CALL_TIMEOUT_MS = 10 * 60_000;

/** How instances of a server are shared and bounded: what its definition says, else our defaults. */
export function sharingOf(definition: ServerDefinition): Sharing {
  const isolation = definition.isolation ?? 'session';
  const limits = {
    isolation,
    startTimeoutMs: definition.startTimeout ?? START_TIMEOUT_MS,
    callTimeoutMs: definition.timeout ?? CALL_TIMEOUT_MS,
  };
  if (isolation === 'session') {
    // A private process has one holder and ends when the holder does.
    return { ...limits, copies: 1, concurrency: definition.concurrency ?? PRIVATE_CONCURRENCY, idleMs: 0 };
  }
  return {
    ...limits,
    copies: definition.copies ?? 1,
    concurrency: definition.concurrency ?? SHARED_CONCURRENCY,
    // Kept warm, a shared process stays: the next session finds it running.
    idleMs: definition.warm ? Infinity : (definition.idleTimeout ?? SHARED_IDLE_MS),
  };
}
