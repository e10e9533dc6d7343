import type { PlanOptions } from '../../../shared/model/migration.ts';
import { readSecretsFile } from '../secrets/secrets-file.ts';
import { readCatalogFile } from '../servers/edit-catalog-file.ts';
import type { Engine } from './engine.ts';
import { hubEndpoint } from './hub-endpoint.ts';
import { makePlan, type MigrationPlan } from './plan.ts';
import type { Running } from './running-clients.ts';
import { surveyClients } from './survey.ts';

/** A store that cannot be read stops no migration that does not want it. */
async function storedSecrets(
  { storage, data }: Engine,
  { moveSecrets }: PlanOptions,
): Promise<ReadonlyMap<string, string>> {
  try {
    return new Map(Object.entries((await readSecretsFile(storage, data)).secrets));
  } catch (error) {
    if (moveSecrets !== undefined) throw error;
    return new Map();
  }
}

/**
 * The plan for the files as they are at this moment, and who runs. Throws CATALOG_INVALID, and HUB_NOT_RUNNING for
 * entries that would be URLs of a hub that never was.
 */
export async function planNow(
  engine: Engine,
  options: PlanOptions = {},
): Promise<{ plan: MigrationPlan; running: Running }> {
  const [survey, catalog, secrets, hub] = await Promise.all([
    surveyClients(engine, options),
    readCatalogFile(engine.storage, engine.data),
    storedSecrets(engine, options),
    options.transport === 'http' ? hubEndpoint(engine) : null,
  ]);
  const { shim, platform } = engine;
  return {
    plan: makePlan({ ...survey, catalog, secrets, shim, hub, platform, options }),
    running: survey.running,
  };
}
