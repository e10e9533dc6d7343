import { z } from 'zod';
import { ClientId, Scope } from './client.ts';
import { ERROR_CODES } from './error.ts';

/** How entries reach the hub: each by itself under its own name, or all of a place by one entry `patchbay`. */
export const MigrationMode = z.enum(['per-server', 'merged']);
export type MigrationMode = z.infer<typeof MigrationMode>;

/** What an entry becomes: a program of ours that can do without the hub, or a URL of the hub. */
export const EntryTransport = z.enum(['shim', 'http']);
export type EntryTransport = z.infer<typeof EntryTransport>;

/** What a person may choose about a migration. Everything left out means as little change as possible. */
export const PlanOptions = z.object({
  /** All, if absent. */
  clients: z.array(ClientId).optional(),
  mode: MigrationMode.optional(),
  transport: EntryTransport.optional(),
  /** Route approved servers of projects' `.mcp.json` by an entry of the same name in the person's own config. */
  projects: z.boolean().optional(),
  /** Route remote servers that need no login of the client's. */
  remotes: z.boolean().optional(),
  /** With `merged`: rewrite the permission rules that would no longer match. */
  rewriteRules: z.boolean().optional(),
  /** Secrets in clear that go to the secret store: all that can, or those of these names in the plan's offers. */
  moveSecrets: z.union([z.literal('all'), z.array(z.string())]).optional(),
});
export type PlanOptions = z.infer<typeof PlanOptions>;

export const WarningCode = z.enum([
  'CLIENT_RUNNING',
  'SESSIONS_RUNNING',
  'SECRET_IN_CLEAR',
  'SECRET_MOVED',
  'REMOTE_LEFT_DIRECT',
  'UNKNOWN_LEFT_DIRECT',
  'ALREADY_ROUTED',
  'FILE_MODE_OPEN',
  'MANAGED_POLICY',
  'UNREADABLE',
  'PROJECT_LEFT_DIRECT',
  'PROJECT_OVERRIDDEN',
  'LOGIN_LEFT_DIRECT',
  'HIDDEN_FILE',
  'NAMES_CHANGE',
  'HUB_NEEDED',
  'OTHER_PLACE',
]);
export const PlanWarning = z.object({ code: WarningCode, message: z.string(), entry: z.string().optional() });
export type PlanWarning = z.infer<typeof PlanWarning>;

/**
 * A place that names a server of this entry: a rule, a hook, a sub-agent, an approval. Sub-agents and lists of the
 * client's own state are never edited, so `rewritten` there is what the person would have to write.
 */
export const Mention = z.object({
  kind: z.enum(['permission', 'hook', 'agent', 'approval', 'switched-off']),
  path: z.string(),
  /** Where in the file, such as `permissions.allow`. */
  where: z.string(),
  /** The rule as it stands there. */
  rule: z.string(),
  /** Whether it matches as before once the entry is moved. */
  keeps: z.boolean(),
  /** What would match in its place. Absent when it keeps matching, or when nothing can take its place. */
  rewritten: z.string().optional(),
  /** Whether this plan writes `rewritten`. */
  rewrites: z.boolean(),
});
export type Mention = z.infer<typeof Mention>;

/** A secret in clear, and what takes its place if the person moves it to the secret store. The value never shows. */
export const SecretOffer = z.object({
  entry: z.string(),
  scope: Scope,
  project: z.string().optional(),
  /** `env.NAME`, `headers.NAME` or `args[N]`. */
  field: z.string(),
  /** Name in the secret store. */
  secret: z.string(),
  /** What the catalog would hold: `${secret:NAME}`. */
  reference: z.string(),
  /** False for arguments, and for entries that the hub cannot start from its own catalog. */
  movable: z.boolean(),
});
export type SecretOffer = z.infer<typeof SecretOffer>;

/** One entry that would change (`move`) or stay as it is (`leave`). `server` is its name in the catalog. */
export const PlanEntry = z.object({
  name: z.string(),
  scope: Scope,
  project: z.string().optional(),
  action: z.enum(['move', 'leave']),
  reason: z.string().optional(),
  server: z.string().optional(),
  /** The shared file whose entry of the same name this new one goes before. */
  overrides: z.string().optional(),
  /** Absent for entries that nothing names. */
  mentions: z.array(Mention).optional(),
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
  /** How many strings of this file are rewritten that are no entries. */
  rulesRewritten: z.number().optional(),
  /** Secrets in clear that could be moved to the secret store. */
  secrets: z.array(SecretOffer).optional(),
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

/** What a plan would do, in numbers. Processes are those of one session of each client with all its scopes. */
export const PlanConsequences = z.object({
  entriesMoved: z.number(),
  entriesLeft: z.number(),
  /** Entries whose tools the model would see under other names. */
  namesChanged: z.number(),
  /** Places that name a moved entry, how many of them would match no longer, and how many of those are rewritten. */
  mentions: z.number(),
  mentionsBroken: z.number(),
  mentionsRewritten: z.number(),
  processesNow: z.number(),
  processesThen: z.number(),
  /** Moved entries whose tools are gone while no hub can be reached. */
  entriesNeedingHub: z.number(),
  worksWithoutHub: z.boolean(),
  /** Moved entries whose server starts in another folder than before. */
  entriesElsewhere: z.number(),
  /** Servers that clients with a merged entry would see and did not have, as that entry shows the whole catalog. */
  serversGained: z.number(),
});
export type PlanConsequences = z.infer<typeof PlanConsequences>;

export const Plan = z.object({
  files: z.array(PlanFile),
  servers: z.array(PlannedServer),
  consequences: PlanConsequences.optional(),
});
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
  /** Where the report of this migration was saved. */
  report: z.object({ html: z.string(), json: z.string() }).optional(),
  /** What the person should do now, such as sessions to reload; and, after an automatic rollback, why. */
  notes: z.array(z.string()),
});
export type MigrationResult = z.infer<typeof MigrationResult>;

export const MigrationStep = z.enum(['baseline', 'backup', 'write', 'witness', 'rollback', 'done']);
export const StepReport = z.object({
  step: MigrationStep,
  state: z.enum(['started', 'finished', 'failed']),
  /** Whose turn it is; absent for what is done once for all. */
  client: ClientId.optional(),
  detail: z.string(),
});
export type StepReport = z.infer<typeof StepReport>;

export const MigrationProgress = z.discriminatedUnion('type', [
  StepReport.extend({ type: z.literal('step') }),
  z.object({ type: z.literal('result'), result: MigrationResult }),
]);
export type MigrationProgress = z.infer<typeof MigrationProgress>;

/** A migration that this hub carries out or has carried out since it was started, for whoever was not there. */
export const MigrationRun = z.object({
  /** Epoch milliseconds. */
  startedAt: z.number(),
  /** Absent: all. */
  clients: z.array(ClientId).optional(),
  /** Oldest first, the last few hundred. */
  steps: z.array(StepReport),
  /** `stopped`: nobody wanted it any more before its first change. Failed ones have changed nothing either. */
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('running') }),
    z.object({ kind: z.literal('done'), migration: z.string() }),
    z.object({ kind: z.literal('stopped') }),
    z.object({
      kind: z.literal('failed'),
      error: z.object({
        code: z.enum(ERROR_CODES),
        message: z.string(),
        hint: z.string().optional(),
        path: z.string().optional(),
        line: z.number().optional(),
        column: z.number().optional(),
      }),
    }),
  ]),
});
export type MigrationRun = z.infer<typeof MigrationRun>;

/** The saved report of a migration: what `apply` gave as its result, and the page for people. */
export const SavedReport = z.object({ result: MigrationResult, html: z.string() });
export type SavedReport = z.infer<typeof SavedReport>;

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
export const RollbackResult = z.object({
  files: z.array(RollbackFile),
  /** Secrets that were moved to the store and that nothing uses any more; `removed` where that was asked for. */
  secrets: z.array(z.object({ name: z.string(), removed: z.boolean() })).optional(),
});
export type RollbackResult = z.infer<typeof RollbackResult>;

export const HistoryItem = z.object({
  id: z.string(),
  /** ISO 8601. */
  at: z.string(),
  state: MigrationState,
  clients: z.array(ClientId),
  files: z.array(MigratedFile),
  /** Where its report was saved; absent for one that was interrupted before it had any. */
  report: MigrationResult.shape.report,
});
export type HistoryItem = z.infer<typeof HistoryItem>;
