import { z } from 'zod';
import { ClientId, Scope } from './client.ts';

/** Who changed a config file, as far as can be told, and what tells it. */
export const ConfigAuthor = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('patchbay'),
    action: z.enum(['migration', 'rollback', 'restore', 'merge', 'repair', 'removal', 'write']),
    /** Of the migration or rollback. */
    migration: z.string().optional(),
  }),
  z.object({
    kind: z.literal('client'),
    client: ClientId,
    /** Its temporary file or lock was seen, or it runs and the file has the form it writes. */
    evidence: z.enum(['temporary-file', 'lock', 'running']),
    pid: z.number().optional(),
  }),
  z.object({ kind: z.literal('someone') }),
  /** It was like this when we first looked. */
  z.object({ kind: z.literal('unknown') }),
]);
export type ConfigAuthor = z.infer<typeof ConfigAuthor>;

/** One server entry that differs from the version before. Holds names only: values may be secrets. */
export const ServerChange = z.object({
  name: z.string(),
  scope: Scope,
  project: z.string().optional(),
  change: z.enum(['added', 'removed', 'changed']),
  /** Fields of the entry that differ, such as `args`. */
  fields: z.array(z.string()),
});
export type ServerChange = z.infer<typeof ServerChange>;

/** What differs from the version before. */
export const ConfigChange = z.object({
  servers: z.array(ServerChange),
  /** Changed servers beyond those listed. */
  moreServers: z.number(),
  /** Everything else in the file, in counts. */
  otherKeys: z.object({ added: z.number(), removed: z.number(), changed: z.number() }),
});
export type ConfigChange = z.infer<typeof ConfigChange>;

export const ConfigVersionId = z.string().regex(/^[1-9]\d{0,14}$/);

/** One state of one config file, at the time it was first seen. */
export const ConfigVersion = z.object({
  id: ConfigVersionId,
  path: z.string(),
  client: ClientId,
  /** ISO 8601. */
  at: z.string(),
  state: z.enum(['readable', 'broken', 'gone']),
  /** What is wrong with a broken one. */
  error: z.string().optional(),
  /** Of its bytes; null when there was no file. */
  sha256: z.string().nullable(),
  size: z.number(),
  author: ConfigAuthor,
  /** Null for the first version of a file, and where one of the two cannot be read. */
  change: ConfigChange.nullable(),
});
export type ConfigVersion = z.infer<typeof ConfigVersion>;

/** A unified diff with secrets covered as in a plan. `to` is null for the file as it is now. */
export const ConfigDiff = z.object({
  path: z.string(),
  from: ConfigVersionId,
  to: ConfigVersionId.nullable(),
  diff: z.string(),
});
export type ConfigDiff = z.infer<typeof ConfigDiff>;

/** `servers` puts back entries only: a client's own state, such as its login, stays as it is by now. */
export const RestorePart = z.enum(['file', 'servers']);
export type RestorePart = z.infer<typeof RestorePart>;

/** What a write of ours to one config file did, or with `dryRun` would do. */
export const ConfigWrite = z.object({
  path: z.string(),
  client: ClientId,
  dryRun: z.boolean(),
  result: z.enum(['changed', 'unchanged']),
  /** Of the file before; give it back as `expected` so that what is done is what was shown. */
  sha256Before: z.string().nullable(),
  sha256After: z.string().nullable(),
  diff: z.string(),
  /** The version that was there before: restore it to undo this. Null with `dryRun`. */
  undo: ConfigVersionId.nullable(),
  notes: z.array(z.string()),
  /** Only with `dryRun`: why it could not be done now. */
  refusal: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
});
export type ConfigWrite = z.infer<typeof ConfigWrite>;
