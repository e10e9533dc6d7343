import type { ClientAdapter, ProcessFacts } from '../clients/client-adapter.ts';
import type { ReadPropertyList } from '../clients/mac-preferences.ts';
import type { ReadRegistry } from '../clients/windows-policies.ts';
import type { MigrationDeps } from './migration-service.ts';
import type { Storage } from '../files/storage.ts';
import type { Witness } from './witness-port.ts';

/** What every part of the migration engine works with. */
export interface Engine extends MigrationDeps {
  adapters: readonly ClientAdapter[];
  /** Rejects with NOT_SUPPORTED where processes cannot be listed. */
  listProcesses(): Promise<ProcessFacts[]>;
  /** Absent where there is no registry. */
  readRegistry?: ReadRegistry;
  /** Absent where there are no property lists. */
  readPropertyList?: ReadPropertyList;
  witness: Witness;
  storage: Storage;
}
