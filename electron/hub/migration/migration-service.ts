import type { ClientId, ClientView } from '../../../shared/model/client.ts';
import type {
  HistoryItem,
  MigrationProgress,
  MigrationResult,
  ParityRow,
  Plan,
  PlanOptions,
  RollbackResult,
  SavedReport,
} from '../../../shared/model/migration.ts';
import type { DataFolder, Platform } from '../data-folder.ts';
import type { Logger } from '../log.ts';
import type { ClientArrivals } from './settle/client-arrivals.ts';
import type { LatencyTrigger } from './settle/latency-trigger.ts';
import type { ProcessControl } from './settle/process-control.ts';
import type { RestartTiming } from './settle/restart-client.ts';

/** How an entry starts the shim: stable absolute paths. `env` is added to the entry (Electron as Node needs it). */
export interface ShimCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** The choices of the plan, and how it is carried out. */
export interface ApplyOptions extends PlanOptions {
  /** Hashes of the plan that was shown; absent: whatever the plan says now (`migrate --yes`). */
  expected?: { path: string; sha256: string }[];
  witness: boolean;
  /** Clients that may be stopped and started again. Sessions of people, as Claude Code's, are never stopped. */
  restartClients?: ClientId[];
  /** How much slower a median answer may be before its client is taken back. */
  latencyTrigger?: LatencyTrigger;
  /** Stops it before its first change, as a listener does that leaves; later it goes on to its end. */
  unwanted?: AbortSignal;
}

/** Where the report of a migration was saved. */
export interface ReportFiles {
  html: string;
  json: string;
}

/** A result, with its report where there was something to report. */
export type ApplyResult = MigrationResult & { report?: ReportFiles };

/** What `apply` yields. */
export type ApplyProgress =
  Extract<MigrationProgress, { type: 'step' }> | { type: 'result'; result: ApplyResult };

export interface RollbackOptions {
  clients?: ClientId[];
  migration?: string;
  dryRun: boolean;
  /** Also forgets the secrets that were moved to the store and that nothing uses any more. */
  removeSecrets?: boolean;
}

/**
 * Detects clients, rewrites their configs, proves the result and takes it back. Works the same inside the hub and
 * in the CLI without one; a lock in the data folder keeps two of them apart.
 */
export interface MigrationService {
  /** Finishes or undoes what a crash left behind. Call once before anything else; returns what it did, in words. */
  recover(): Promise<string[]>;
  clients(): Promise<ClientView[]>;
  plan(options: PlanOptions): Promise<Plan>;
  /** Yields steps, then exactly one result. Throws PatchbayError when nothing was changed. */
  apply(options: ApplyOptions): AsyncGenerator<ApplyProgress>;
  verify(options: { clients?: ClientId[] }): Promise<{ ok: boolean; parity: ParityRow[] }>;
  rollback(options: RollbackOptions): Promise<RollbackResult>;
  history(): Promise<HistoryItem[]>;
  /** Rejects with NOT_FOUND for a migration without one. */
  report(id: string): Promise<SavedReport>;
}

export interface MigrationDeps {
  data: DataFolder;
  platform: Platform;
  shim: ShimCommand;
  logger: Logger;
  /** Text of the built shim, written to `data.shim` before the first entry points at it. */
  installShim(): Promise<void>;
  /** Knows when a client itself comes to the hub; absent where no hub can be asked. */
  arrivals?: ClientArrivals;
  /** Programs of the person; the real machine's, if absent. */
  control?: ProcessControl;
  restartTiming?: RestartTiming;
  /** Told of every config that was written and stands, for whoever looks at it again later. */
  followWrite?(path: string, sha256: string): void;
  /** Of Patchbay, for the report. */
  version?: string;
}
