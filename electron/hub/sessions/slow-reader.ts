/** A reader this far behind has PATIENCE_MS to catch up. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;
/** One this far behind loses its connection at once, instead of the hub its memory. A few large frames are less. */
const MOST_UNSENT_BYTES = 64 * 1024 * 1024;
const PATIENCE_MS = 5_000;

/** Since when a connection has been too far behind, on the monotonic clock. */
const behindSince = new WeakMap<object, number>();

/**
 * True when the reader of this connection must lose it (C03). Asked before each frame that is no answer: an answer
 * was asked for, and is held back by MOST_UNSENT_BYTES alone.
 */
export function isTooSlow(connection: object, unsentBytes: number, isAnswer = false): boolean {
  if (unsentBytes > MOST_UNSENT_BYTES) return true;
  if (unsentBytes <= MAX_UNSENT_BYTES) {
    behindSince.delete(connection);
    return false;
  }
  const now = performance.now();
  const since = behindSince.get(connection);
  if (since === undefined) behindSince.set(connection, now);
  return !isAnswer && since !== undefined && now - since > PATIENCE_MS;
}
