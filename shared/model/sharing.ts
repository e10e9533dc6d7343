import { z } from 'zod';
import { Isolation } from './server.ts';

/** One thing that was seen and what it means for sharing. */
export const SharingReason = z.object({
  sign: z.enum(['for', 'against', 'unknown']),
  /**
   * `roots`: sessions gave different roots. `cwd`: they started in different folders. `env`: their environments
   * differ where the server may look. `server-requests`: it asks its client (sampling, elicitation, roots).
   * `session-state`: the same call got other answers in other sessions, or tools changed. `subscriptions`: used.
   * `read-only`: all tools say they only read. `known`: a server known to keep nothing. `few-calls`: too little seen.
   */
  code: z.enum([
    'roots',
    'cwd',
    'env',
    'server-requests',
    'session-state',
    'subscriptions',
    'read-only',
    'known',
    'few-calls',
  ]),
  /** Values that were seen, such as the folders, at most 10. */
  seen: z.array(z.string()),
});
export type SharingReason = z.infer<typeof SharingReason>;

/** What sharing one server would save, and whether what was seen speaks for it. Nothing is shared unasked. */
export const SharingAdvice = z.object({
  server: z.string(),
  isolation: Isolation,
  verdict: z.enum(['good', 'possible', 'bad', 'already']),
  reasons: z.array(SharingReason),
  /** The isolation that is offered, and what would be left of the processes. */
  offer: Isolation.nullable(),
  sessions: z.number(),
  processesNow: z.number(),
  processesThen: z.number(),
  /** Resident memory in bytes; null where the platform does not tell. */
  rssNow: z.number().nullable(),
  rssSaved: z.number().nullable(),
  /** Set while a trial of ours runs: what it was before, for taking it back, and since when. */
  trial: z.object({ before: Isolation, since: z.number() }).nullable(),
});
export type SharingAdvice = z.infer<typeof SharingAdvice>;
