import type { PlanOptions } from '../../../shared/model/migration.ts';
import { readCatalogFile } from '../servers/edit-catalog-file.ts';
import type { Engine } from './engine.ts';
import { hubEndpoint } from './hub-endpoint.ts';
import { makePlan, type MigrationPlan } from './plan.ts';
import type { Running } from './running-clients.ts';
import { surveyClients } from './survey.ts';

/**
 * The plan for the files as they are at this moment, and who runs. Throws CATALOG_INVALID, and HUB_NOT_RUNNING for
 * entries that would be URLs of a hub that never was.
 */
export async function planNow(
  engine: Engine,
  options: PlanOptions = {},
): Promise<{ plan: MigrationPlan; running: Running }> {
  const [survey, catalog, hub] = await Promise.all([
    surveyClients(engine, options),
    readCatalogFile(engine.storage, engine.data),
    options.transport === 'http' ? hubEndpoint(engine) : null,
  ]);
  const { shim, platform } = engine;
  return { plan: makePlan({ ...survey, catalog, shim, hub, platform, options }), running: survey.running };
}
