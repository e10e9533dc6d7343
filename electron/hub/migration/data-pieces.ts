import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { CATALOG_SCHEMA_NAME } from '../servers/catalog-schema-name.ts';

/** What a person has made or may want again: catalog, settings, secrets, what was seen of configs, the app's own. */
const OWN_DATA = ['secrets.json', 'config-versions', 'guardian', 'desktop', 'damaged'];

/**
 * What Patchbay has put into its data folder, by name: the folder itself may be one that the person chose
 * (PATCHBAY_HOME), so nothing is removed for merely being in it.
 */
export function dataPieces(data: DataFolder, { keepData }: { keepData: boolean }): string[] {
  const program = [path.dirname(data.shim), data.launch, data.run, data.token];
  if (keepData) return program;
  return [
    ...program,
    data.catalog,
    path.join(data.root, CATALOG_SCHEMA_NAME),
    data.settings,
    data.sharingTrials,
    data.knownTools,
    data.alerts,
    data.alertStates,
    data.filters,
    path.dirname(data.trafficDb),
    ...OWN_DATA.map((name) => path.join(data.root, name)),
    data.migrations,
  ];
}
