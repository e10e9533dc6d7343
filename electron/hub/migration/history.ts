import type { HistoryItem } from '../../../shared/model/migration.ts';
import type { Engine } from './engine.ts';
import { migratedFile, readManifests } from './manifest.ts';
import { findReport } from './report/read-report.ts';

/** Every migration that changed something, newest first, from the backup folders. */
export async function readHistory(engine: Engine): Promise<HistoryItem[]> {
  const { storage, data, logger } = engine;
  const { manifests, damaged } = await readManifests(storage.files, data);
  for (const id of damaged) logger.log('warn', 'migration.manifest-damaged', { id });
  return await Promise.all(
    manifests.map(async ({ id, at, state, files }) => {
      const written = files.filter((file) => file.state !== 'skipped');
      const report = await findReport(engine, id);
      return {
        id,
        at,
        state,
        clients: [...new Set(written.map(({ client }) => client))],
        files: written.map((file) => migratedFile(data, id, file)),
        ...(report && { report }),
      };
    }),
  );
}
