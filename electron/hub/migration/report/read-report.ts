import { PatchbayError } from '../../../../shared/model/error.ts';
import type { MigrationResult, ParityRow, SavedReport } from '../../../../shared/model/migration.ts';
import type { Engine } from '../engine.ts';
import { isMissing } from '../../files/file-errors.ts';
import { MigrationId, readManifest } from '../manifest.ts';
import type { ReportFiles } from '../migration-service.ts';
import { ParityReport, type ReportClient, type ReportEntry } from './parity-report.ts';
import { reportHtml } from './report-html.ts';
import { reportFiles } from './save-report.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/** Paths of the saved report of a migration; null when there is none, as after an interruption. */
export async function findReport({ storage, data }: Engine, id: string): Promise<ReportFiles | null> {
  const files = reportFiles(data, id);
  try {
    await storage.files.linkFacts(files.json);
    return files;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * What a migration found, as its own result told it; only the state is that of today. Throws NOT_FOUND for one without
 * a report, and BACKUP_CORRUPT for a damaged one.
 */
export async function readReport(engine: Engine, id: string): Promise<SavedReport> {
  const { storage, data } = engine;
  const isId = MigrationId.safeParse(id).success;
  const manifest = isId ? await readManifest(storage.files, data, id) : null;
  const saved = manifest && (await findReport(engine, id));
  if (!manifest || !saved) {
    throw new PatchbayError('NOT_FOUND', `There is no report of a migration ${JSON.stringify(id)}.`, {
      hint: 'See: patchbay history',
    });
  }
  const report = await parseReport(engine, saved.json);
  const result: MigrationResult = {
    id,
    state: manifest.state,
    files: report.files,
    parity: report.clients.flatMap((client) => client.entries.map((entry) => rowOf(client, entry))),
    notes: report.notes,
    report: saved,
  };
  return { result, html: reportHtml(report) };
}

async function parseReport({ storage }: Engine, file: string): Promise<ParityReport> {
  const bytes = await storage.files.read(file, MAX_BYTES);
  try {
    return ParityReport.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    throw new PatchbayError('BACKUP_CORRUPT', `${file} is damaged.`, { path: file });
  }
}

function rowOf({ client }: ReportClient, entry: ReportEntry): ParityRow {
  const { server, scope, project, missing, added, changed, before, after, route } = entry;
  return {
    client,
    server,
    scope,
    ...(project !== null && { project }),
    toolsBefore: before.counts?.tools ?? null,
    toolsAfter: after.counts?.tools ?? null,
    missing,
    added,
    changed,
    startBeforeMs: before.startMs,
    startAfterMs: after.startMs,
    latencyBeforeMs: before.latencyMs,
    latencyAfterMs: after.latencyMs,
    ...(before.error !== null && { errorBefore: before.error }),
    ...(after.error !== null && { errorAfter: after.error }),
    route,
  };
}
