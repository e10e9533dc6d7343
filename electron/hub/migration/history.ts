import type { HistoryItem } from '../../../shared/model/migration.ts';
import type { Engine } from './engine.ts';
import { migratedFile, readManifests } from './manifest.ts';

/** Every migration that changed something, newest first, from the backup folders. */
export async function readHistory({ storage, data, logger }: Engine): Promise<HistoryItem[]> {
  const { manifests, damaged } = await readManifests(storage.files, data);
  for (const id of damaged) logger.log('warn', 'migration.manifest-damaged', { id });
  return manifests.map(({ id, at, state, files }) => {
    const written = files.filter((file) => file.state !== 'skipped');
    return {
      id,
      at,
      state,
      clients: [...new Set(written.map(({ client }) => client))],
      files: written.map((file) => migratedFile(data, id, file)),
    };
  });
}
