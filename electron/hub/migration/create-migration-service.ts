import type { ClientAdapter, ProcessFacts } from '../clients/client-adapter.ts';
import { applyMigration } from './apply.ts';
import { streamOf } from './apply-stream.ts';
import { viewClients } from './client-views.ts';
import { planNow } from './current-plan.ts';
import { tryDataLock } from '../files/data-lock.ts';
import type { Engine } from './engine.ts';
import { readHistory } from './history.ts';
import type { MigrationDeps, MigrationService } from './migration-service.ts';
import { settleOpenWork } from './recover.ts';
import { rollBack } from './roll-back.ts';
import { nodeStorage, type Storage } from '../files/storage.ts';
import { verifyRouted } from './verify.ts';
import type { Witness } from './witness-port.ts';

/** Everything the engine needs; `storage` only to stand in for the real machine. */
export type MigrationServiceDeps = MigrationDeps & {
  adapters: readonly ClientAdapter[];
  /** Rejects with NOT_SUPPORTED where processes cannot be listed. */
  listProcesses(): Promise<ProcessFacts[]>;
  witness: Witness;
  storage?: Storage;
};

/** The migration engine. Nothing happens before the first call; nothing runs after the last one has settled. */
export function createMigrationService(deps: MigrationServiceDeps): MigrationService {
  const engine: Engine = { ...deps, storage: deps.storage ?? nodeStorage(deps.platform.os) };
  const { storage, data } = engine;
  return {
    // Another Patchbay at work settles its own business.
    recover: async () => (await tryDataLock(storage, data, 'a repair', () => settleOpenWork(engine))) ?? [],
    clients: () => viewClients(engine),
    plan: async ({ clients }) => (await planNow(engine, clients)).plan.view,
    apply: (options) => streamOf((report, unwanted) => applyMigration(engine, options, report, unwanted)),
    verify: ({ clients }) => verifyRouted(engine, clients),
    rollback: (options) => rollBack(engine, options),
    history: () => readHistory(engine),
  };
}
