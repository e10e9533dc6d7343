/** What counts where a server's definition says nothing: one place for the hub that applies it and the form that says it. */
export const SERVER_DEFAULTS = {
  isolation: 'session',
  warm: 0,
  copies: 1,
  /** Calls at once to a process that has one session only: whoever asks and answers alone needs no protection. */
  privateConcurrency: 1_024,
  sharedConcurrency: 64,
  idleTimeoutMs: 5 * 60_000,
  /** A first `npx` or `uvx` downloads for a minute or more; a request would not wait so long (B02). */
  startTimeoutMs: 60_000,
  /** Longer than what clients wait themselves: they decide, this only frees what nobody waits for. */
  timeoutMs: 10 * 60_000,
} as const;
