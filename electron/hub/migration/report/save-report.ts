import path from 'node:path';
import type { DataFolder } from '../../data-folder.ts';
import { writeOwnFile } from '../../files/replace-file.ts';
import type { Storage } from '../../files/storage.ts';
import { migrationFolder } from '../manifest.ts';
import type { ReportFiles } from '../migration-service.ts';
import type { ParityReport } from './parity-report.ts';
import { reportHtml } from './report-html.ts';
import { reportJson } from './report-json.ts';

/** Where the report of a migration is kept. */
export function reportFiles(data: DataFolder, id: string): ReportFiles {
  const folder = migrationFolder(data, id);
  return { html: path.join(folder, 'report.html'), json: path.join(folder, 'report.json') };
}

/** Writes both forms into the migration's folder, for its owner only. Callers hold the data lock. */
export async function saveReport(
  storage: Storage,
  data: DataFolder,
  id: string,
  report: ParityReport,
): Promise<ReportFiles> {
  const files = reportFiles(data, id);
  await writeOwnFile(storage, files.html, Buffer.from(reportHtml(report)));
  await writeOwnFile(storage, files.json, Buffer.from(reportJson(report)));
  return files;
}
