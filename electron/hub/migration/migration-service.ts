import type { ClientId, ClientView } from '../../../shared/model/client.ts';
import type {
  HistoryItem,
  MigrationProgress,
  ParityRow,
  Plan,
  RollbackResult,
} from '../../../shared/model/migration.ts';
import type { DataFolder, Platform } from '../data-folder.ts';
import type { Logger } from '../log.ts';

/** How an entry starts the shim: stable absolute paths. `env` is added to the entry (Electron as Node needs it). */
export interface ShimCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
}

export interface ApplyOptions {
  clients?: ClientId[];
  /** Hashes of the plan that was shown; absent: whatever the plan says now (`migrate --yes`). */
  expected?: { path: string; sha256: string }[];
  witness: boolean;
}

export interface RollbackOptions {
  clients?: ClientId[];
  migration?: string;
  dryRun: boolean;
}

/**
 * Detects clients, rewrites their configs, proves the result and takes it back. Works the same inside the hub and
 * in the CLI without one; a lock in the data folder keeps two of them apart.
 */
export interface MigrationService {
  /** Finishes or undoes what a crash left behind. Call once before anything else; returns what it did, in words. */
  recover(): Promise<string[]>;
  clients(): Promise<ClientView[]>;
  plan(options: { clients?: ClientId[] }): Promise<Plan>;
  /** Yields steps, then exactly one result. Throws PatchbayError when nothing was changed. */
  apply(options: ApplyOptions): AsyncGenerator<MigrationProgress>;
  verify(options: { clients?: ClientId[] }): Promise<{ ok: boolean; parity: ParityRow[] }>;
  rollback(options: RollbackOptions): Promise<RollbackResult>;
  history(): Promise<HistoryItem[]>;
}

export interface MigrationDeps {
  data: DataFolder;
  platform: Platform;
  shim: ShimCommand;
  logger: Logger;
  /** Text of the built shim, written to `data.shim` before the first entry points at it. */
  installShim(): Promise<void>;
}
