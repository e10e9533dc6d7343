import { z } from 'zod';
import { ClientId, EntryView, Scope } from './client.ts';
import { ConfigAuthor, ConfigVersionId } from './config-version.ts';

export const FindingKind = z.enum([
  /** All our entries went at once: the file was rewritten from a memory that never had them, emptied, or deleted. */
  'wiped',
  /** Some of our entries were taken out: told once, and accepted. */
  'removed',
  /** Our entry still leads to the hub, by another command or address than we wrote. */
  'edited',
  /** Our entry starts a server directly again. */
  'turned-direct',
  /** A server that nobody routed. */
  'added',
  /** What our entries start is not there any more, as after the app was moved. */
  'shim-missing',
  /** The file cannot be read as a config. */
  'broken',
]);
export type FindingKind = z.infer<typeof FindingKind>;

export const FindingState = z.enum(['open', 'merged-back', 'accepted', 'removed', 'obsolete']);
export type FindingState = z.infer<typeof FindingState>;

/** `alert`: something unknown would be started. `warning`: something of ours is lost. `notice`: to know. */
export const FindingLevel = z.enum(['alert', 'warning', 'notice']);
export type FindingLevel = z.infer<typeof FindingLevel>;

/** One server entry a finding is about. */
export const FindingEntry = z.object({
  name: z.string(),
  /** Where its table stands in the file. */
  keys: z.array(z.string()),
  scope: Scope,
  project: z.string().optional(),
  /** Name in the catalog, for entries of ours. */
  server: z.string().optional(),
  transport: EntryView.shape.transport,
  /** The whole command line or address that stands there now; control characters escaped, values of secrets covered. */
  starts: z.string().optional(),
});
export type FindingEntry = z.infer<typeof FindingEntry>;

export const FindingAction = z.enum(['merge-back', 'accept', 'remove', 'route', 'restore']);
export type FindingAction = z.infer<typeof FindingAction>;

/** Something about a client's config that a person should know, and may decide about. */
export const Finding = z.object({
  id: z.string(),
  kind: FindingKind,
  level: FindingLevel,
  state: FindingState,
  path: z.string(),
  client: ClientId,
  /** First noticed, ISO 8601. */
  at: z.string(),
  /** When it left `open`. */
  settledAt: z.string().nullable(),
  entries: z.array(FindingEntry),
  author: ConfigAuthor,
  /** The version of the file in which it was noticed. */
  version: ConfigVersionId.nullable(),
  /** The newest readable version before it. */
  lastGood: ConfigVersionId.nullable(),
  message: z.string(),
  /** Set when putting it back did not last: what to do instead. */
  advice: z.string().nullable(),
  /** How often it came back within minutes of being put back. */
  undone: z.number(),
  /** What is offered. */
  actions: z.array(FindingAction),
});
export type Finding = z.infer<typeof Finding>;

/** How a write of ours fared with its client. */
export const FollowedWrite = z.object({
  path: z.string(),
  client: ClientId,
  sha256: z.string(),
  /** ISO 8601. */
  at: z.string(),
  checks: z.array(
    z.object({
      when: z.enum(['1s', '10s', '60s', 'client-start', 'client-start-60s']),
      at: z.string(),
      /** All our entries were there as written. */
      kept: z.boolean(),
    }),
  ),
  /** Waits for the client's next start. */
  waiting: z.boolean(),
});
export type FollowedWrite = z.infer<typeof FollowedWrite>;
