import { z } from 'zod';
import { Isolation } from './server.ts';

/** One thing that was seen and what it means for sharing. */
export const SharingReason = z.object({
  sign: z.enum(['for', 'against', 'unknown']),
  /**
   * `roots`: sessions gave different roots. `cwd`: they started in different folders, which are never merged.
   * `server-requests`: it asks its client (sampling, elicitation). `session-state`: the same call got one answer in
   * one session and another in another, or the sessions have different tools. `subscriptions`: it keeps some.
   * `read-only`: all tools say they only read. `few-calls`: too little was seen to tell.
   */
  code: z.enum([
    'roots',
    'cwd',
    'server-requests',
    'session-state',
    'subscriptions',
    'read-only',
    'few-calls',
  ]),
  /** Values that were seen, such as folders, methods or tools, at most 10. */
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
