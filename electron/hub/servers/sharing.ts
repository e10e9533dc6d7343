import type { ServerDefinition } from '../../../shared/model/server.ts';
import { SERVER_DEFAULTS } from '../../../shared/model/server-defaults.ts';
import type { Sharing } from './server-connection.ts';

/** How instances of a server are shared and bounded: what its definition says, else our defaults. */
export function sharingOf(definition: ServerDefinition): Sharing {
  const isolation = definition.isolation ?? SERVER_DEFAULTS.isolation;
  const limits = {
    isolation,
    startTimeoutMs: definition.startTimeout ?? SERVER_DEFAULTS.startTimeoutMs,
    callTimeoutMs: definition.timeout ?? SERVER_DEFAULTS.timeoutMs,
  };
  if (isolation === 'session') {
    // A private process has one holder and ends when the holder does.
    return {
      ...limits,
      copies: 1,
      concurrency: definition.concurrency ?? SERVER_DEFAULTS.privateConcurrency,
      idleMs: 0,
    };
  }
  return {
    ...limits,
    copies: definition.copies ?? SERVER_DEFAULTS.copies,
    concurrency: definition.concurrency ?? SERVER_DEFAULTS.sharedConcurrency,
    // Kept warm, a shared process stays: the next session finds it running.
    idleMs: definition.warm ? Infinity : (definition.idleTimeout ?? SERVER_DEFAULTS.idleTimeoutMs),
  };
}
