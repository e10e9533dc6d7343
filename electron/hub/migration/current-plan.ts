import type { ClientId } from '../../../shared/model/client.ts';
import { readCatalogFile } from '../servers/edit-catalog-file.ts';
import type { Engine } from './engine.ts';
import { loadConfigs } from './load-configs.ts';
import { makePlan, type MigrationPlan } from './plan.ts';
import { findRunning, type Running } from './running-clients.ts';

/** The plan for the files as they are at this moment, and who runs. Throws CATALOG_INVALID. */
export async function planNow(
  engine: Engine,
  clients?: readonly ClientId[],
): Promise<{ plan: MigrationPlan; running: Running }> {
  const [configs, catalog, running] = await Promise.all([
    loadConfigs(engine, clients),
    readCatalogFile(engine.storage, engine.data),
    findRunning(engine),
  ]);
  return { plan: makePlan({ configs, catalog, running, shim: engine.shim }), running };
}
