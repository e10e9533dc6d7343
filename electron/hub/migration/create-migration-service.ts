import type { ClientAdapter, ProcessFacts } from '../clients/client-adapter.ts';
import type { ReadPropertyList } from '../clients/mac-preferences.ts';
import type { ReadRegistry } from '../clients/windows-policies.ts';
import { applyMigration } from './apply.ts';
import { streamOf } from './apply-stream.ts';
import { viewClients } from './client-views.ts';
import { planNow } from './current-plan.ts';
import { tryDataLock } from '../files/data-lock.ts';
import type { Engine } from './engine.ts';
import { readHistory } from './history.ts';
import type { ApplyOptions, MigrationDeps, MigrationService } from './migration-service.ts';
import { settleOpenWork } from './recover.ts';
import { readReport } from './report/read-report.ts';
import { rollBack } from './roll-back.ts';
import { DEFAULT_TRIGGER } from './settle/latency-trigger.ts';
import type { RunSettings } from './settle/migration-run.ts';
import { liveProcessControl } from './settle/process-control.ts';
import { DEFAULT_RESTART_TIMING } from './settle/restart-client.ts';
import { nodeStorage, type Storage } from '../files/storage.ts';
import { verifyRouted } from './verify.ts';
import type { Witness } from './witness-port.ts';

/** Everything the engine needs; `storage` only to stand in for the real machine. */
export type MigrationServiceDeps = MigrationDeps & {
  adapters: readonly ClientAdapter[];
  /** Rejects with NOT_SUPPORTED where processes cannot be listed. */
  listProcesses(): Promise<ProcessFacts[]>;
  readRegistry?: ReadRegistry;
  readPropertyList?: ReadPropertyList;
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
    plan: async (options) => (await planNow(engine, options)).plan.view,
    apply: (options) =>
      streamOf((report, unwanted) =>
        applyMigration(engine, {
          options,
          settings: runSettings(engine, options),
          report,
          unwanted: options.unwanted ? AbortSignal.any([unwanted, options.unwanted]) : unwanted,
        }),
      ),
    verify: ({ clients }) => verifyRouted(engine, clients),
    rollback: (options) => rollBack(engine, options),
    history: () => readHistory(engine),
    report: (id) => readReport(engine, id),
  };
}

function runSettings(engine: Engine, options: ApplyOptions): RunSettings {
  // Whoever has sessions has terminals of people, and work in them: those are never stopped by us.
  const stoppable = engine.adapters.filter(({ sessionFolder }) => !sessionFolder).map(({ id }) => id);
  return {
    witness: options.witness,
    trigger: options.latencyTrigger ?? DEFAULT_TRIGGER,
    restartable: new Set(stoppable.filter((id) => options.restartClients?.includes(id))),
    control: engine.control ?? liveProcessControl(engine.platform.os),
    arrivals: engine.arrivals ?? null,
    timing: engine.restartTiming ?? DEFAULT_RESTART_TIMING,
  };
}
