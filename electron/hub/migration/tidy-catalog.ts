import { isAsImported } from './catalog-names.ts';
import { editCatalogFile, readCatalogFile } from '../servers/edit-catalog-file.ts';
import type { Engine } from './engine.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { entriesOf, loadConfigs } from './load-configs.ts';
import { readManifests } from './manifest.ts';

/**
 * Takes out of the catalog what migrations put there, where nobody has edited it and no routed entry uses it any
 * more. When that cannot be told for sure, it stays. Callers hold the data lock. Throws CATALOG_INVALID
 * and DISK_FULL.
 */
export async function tidyCatalog(engine: Engine): Promise<void> {
  const { storage, data } = engine;
  const { manifests } = await readManifests(storage.files, data);
  const configs = await loadConfigs(engine);
  if (configs.some(({ error }) => error !== null)) return;

  const used = new Set<string>();
  for (const { route } of configs.flatMap(entriesOf)) if (route) used.add(route.server);
  // Files that no client reads at the moment, such as those of another CLAUDE_CONFIG_DIR.
  const read = new Set(configs.map(({ file }) => file.path));
  for (const file of manifests.flatMap(({ files }) => files)) {
    const open = file.state === 'applied' || file.state === 'pending';
    if (!open) continue;
    // An entry that was merged is to be seen no more; the one that stands for it names none.
    const kept = file.entries.filter(({ way }) => way === 'merged' || !read.has(file.path));
    for (const { server } of kept) used.add(server);
  }

  const catalog = await readCatalogFile(storage, data);
  const remove = manifests
    .flatMap(({ catalogAdded }) => catalogAdded)
    .filter((name) => {
      const definition = catalog.get(name);
      return definition !== undefined && !used.has(name) && isAsImported(definition);
    });
  await editCatalogFile(storage, data, { remove });
}

/** The same where it is not the point: a catalog that cannot be read or written now is tidied another time. */
export async function tidyCatalogIfPossible(engine: Engine): Promise<void> {
  try {
    await tidyCatalog(engine);
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    engine.logger.log('warn', 'migration.catalog-not-tidied', { code: error.code });
  }
}
