import { listProcesses } from '../clients/list-processes.ts';
import { createClientRegistry } from '../clients/registry.ts';
import { nodeStorage } from '../files/storage.ts';
import type { Engine } from '../migration/engine.ts';
import type { MigrationDeps } from '../migration/migration-service.ts';
import { createTimeMachine, type TimeMachine } from '../time-machine/time-machine.ts';
import { createWitness } from '../witness/create-witness.ts';
import { createGuardian, type Guardian } from './guardian.ts';

/** Time machine and guardian over the real clients, processes and files of this machine. Neither does anything yet. */
export function openGuardian(deps: MigrationDeps & { version: string }): {
  timeMachine: TimeMachine;
  guardian: Guardian;
} {
  const engine: Engine = {
    ...deps,
    adapters: createClientRegistry().all,
    listProcesses: () => listProcesses(deps.platform),
    witness: createWitness({ bypassNotes: deps.data.bypassNotes, version: deps.version }),
    storage: nodeStorage(deps.platform.os),
  };
  const timeMachine = createTimeMachine(engine);
  return { timeMachine, guardian: createGuardian(engine, timeMachine) };
}
