import { z } from 'zod';
import { ClientId, Scope } from './client.ts';

export const WarningCode = z.enum([
  'CLIENT_RUNNING',
  'SESSIONS_RUNNING',
  'SECRET_IN_CLEAR',
  'REMOTE_LEFT_DIRECT',
  'UNKNOWN_LEFT_DIRECT',
  'ALREADY_ROUTED',
  'FILE_MODE_OPEN',
  'MANAGED_POLICY',
  'UNREADABLE',
]);
export const PlanWarning = z.object({ code: WarningCode, message: z.string(), entry: z.string().optional() });
export type PlanWarning = z.infer<typeof PlanWarning>;

/** One entry that would change (`move`) or stay as it is (`leave`). `server` is its name in the catalog. */
export const PlanEntry = z.object({
  name: z.string(),
  scope: Scope,
  project: z.string().optional(),
  action: z.enum(['move', 'leave']),
  reason: z.string().optional(),
  server: z.string().optional(),
});
export type PlanEntry = z.infer<typeof PlanEntry>;

export const PlanFile = z.object({
  path: z.string(),
  client: ClientId,
  scope: Scope,
  /** Unified diff, secrets shown as they are in the user's own file except values of secret-looking keys. */
  diff: z.string(),
  entries: z.array(PlanEntry),
  warnings: z.array(PlanWarning),
  /** SHA-256 of the bytes the plan was made from: `apply` refuses when the file no longer has it. */
  sha256: z.string(),
  /** Set when this file must not be touched now; the plan says why instead of failing as a whole. */
  refusal: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
});
export type PlanFile = z.infer<typeof PlanFile>;

export const PlannedServer = z.object({
  name: z.string(),
  command: z.string(),
  args: z.array(z.string()),
  envNames: z.array(z.string()),
  usedBy: z.array(
    z.object({ client: ClientId, entry: z.string(), scope: Scope, project: z.string().optional() }),
  ),
});
export type PlannedServer = z.infer<typeof PlannedServer>;

export const Plan = z.object({ files: z.array(PlanFile), servers: z.array(PlannedServer) });
export type Plan = z.infer<typeof Plan>;

/** Parity of one entry: the same tools before and after, and how fast. Latency is the median of up to 21 warm tools/list. */
export const ParityRow = z.object({
  client: ClientId,
  server: z.string(),
  scope: Scope,
  project: z.string().optional(),
  /** null: the server did not answer, before or after; `errorBefore`/`errorAfter` say why. */
  toolsBefore: z.number().nullable(),
  toolsAfter: z.number().nullable(),
  missing: z.array(z.string()),
  added: z.array(z.string()),
  changed: z.array(z.string()),
  startBeforeMs: z.number().nullable(),
  startAfterMs: z.number().nullable(),
  latencyBeforeMs: z.number().nullable(),
  latencyAfterMs: z.number().nullable(),
  errorBefore: z.string().optional(),
  errorAfter: z.string().optional(),
  /** Which way the witness really went. */
  route: z.enum(['hub', 'bypass', 'direct']),
});
export type ParityRow = z.infer<typeof ParityRow>;

/** A row that is no worse than before: nothing missing, nothing changed, and it answers if it did before. */
export const isParityKept = (row: ParityRow): boolean =>
  row.missing.length === 0 &&
  row.changed.length === 0 &&
  (row.toolsBefore === null || row.toolsAfter !== null);

export const MigratedFile = z.object({
  path: z.string(),
  client: ClientId,
  backup: z.string(),
  sha256Before: z.string(),
  sha256After: z.string(),
});
export type MigratedFile = z.infer<typeof MigratedFile>;

export const MigrationState = z.enum(['applying', 'applied', 'rolled-back', 'partly-rolled-back', 'failed']);
export type MigrationState = z.infer<typeof MigrationState>;

export const MigrationResult = z.object({
  id: z.string(),
  state: MigrationState,
  files: z.array(MigratedFile),
  parity: z.array(ParityRow),
  /** What the person should do now, such as sessions to reload; and, after an automatic rollback, why. */
  notes: z.array(z.string()),
});
export type MigrationResult = z.infer<typeof MigrationResult>;

export const MigrationStep = z.enum(['baseline', 'backup', 'write', 'witness', 'rollback', 'done']);
export const MigrationProgress = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('step'),
    step: MigrationStep,
    state: z.enum(['started', 'finished', 'failed']),
    detail: z.string(),
  }),
  z.object({ type: z.literal('result'), result: MigrationResult }),
]);
export type MigrationProgress = z.infer<typeof MigrationProgress>;

export const RollbackFile = z.object({
  path: z.string(),
  client: ClientId,
  migration: z.string(),
  /** exact: the very bytes of before. merged: later edits kept. unchanged: nothing of ours in it. conflict: left alone. */
  result: z.enum(['exact', 'merged', 'unchanged', 'conflict']),
  sha256: z.string().nullable(),
  diff: z.string(),
  message: z.string().optional(),
});
export type RollbackFile = z.infer<typeof RollbackFile>;
export const RollbackResult = z.object({ files: z.array(RollbackFile) });
export type RollbackResult = z.infer<typeof RollbackResult>;

export const HistoryItem = z.object({
  id: z.string(),
  /** ISO 8601. */
  at: z.string(),
  state: MigrationState,
  clients: z.array(ClientId),
  files: z.array(MigratedFile),
});
export type HistoryItem = z.infer<typeof HistoryItem>;
