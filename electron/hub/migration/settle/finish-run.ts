import { clearJournal } from '../journal.ts';
import { migratedFile, settledState, writeManifest } from '../manifest.ts';
import type { ApplyResult, ReportFiles } from '../migration-service.ts';
import { reportOfRun } from '../report/parity-report.ts';
import { saveReport } from '../report/save-report.ts';
import { dropUnusedSecretsIfPossible } from '../secret-store-use.ts';
import { tidyCatalogIfPossible } from '../tidy-catalog.ts';
import { sessionAdvice } from './live-sessions.ts';
import type { ClientTurn, Run } from './migration-run.ts';

/** Settles a run: states, journal, catalog and report; gives what the person is told. */
export async function finishRun(run: Run): Promise<ApplyResult> {
  const { engine, manifest, report, notes, turns } = run;
  const { storage, data } = engine;
  for (const file of manifest.files) if (file.state === 'pending') file.state = 'applied';
  manifest.state = settledState(manifest.files);
  await writeManifest(storage, data, manifest);
  notes.push(...turns.flatMap((turn) => afterwards(run, turn)), ...secretNotes(run));
  // Before the journal goes: with it, the next start sweeps what a crash leaves of it.
  const saved = await saveIfPossible(run);
  await clearJournal(storage, data);
  if (manifest.files.some(({ state }) => state !== 'applied')) {
    await tidyCatalogIfPossible(engine);
    // What was put back by itself was never wanted in the store.
    await dropUnusedSecretsIfPossible(engine, manifest.secretsAdded ?? []);
  }
  for (const file of manifest.files) {
    if (file.state === 'applied') engine.followWrite?.(file.path, file.sha256After);
  }
  report('done', 'finished', manifest.state);
  const files = manifest.files.filter(({ state }) => state !== 'skipped');
  return {
    id: manifest.id,
    state: manifest.state,
    files: files.map((file) => migratedFile(data, manifest.id, file)),
    parity: turns.flatMap(({ parity }) => parity),
    notes,
    ...(saved && { report: saved }),
  };
}

/** What is left for the person to do about one client. */
function afterwards({ engine }: Run, turn: ClientTurn): string[] {
  if (turn.outcome !== 'migrated') return [];
  const { name, restart, sessions, remarks } = turn;
  const advice = sessions.map((session) => sessionAdvice(name, session, engine.platform.os));
  const hasSessions = engine.adapters.some(({ id, sessionFolder }) => id === turn.client && sessionFolder);
  // Clients with sessions find the new config by themselves at their next start.
  const start = restart === 'not-running' && !hasSessions ? [`Start ${name} again.`] : [];
  return [...remarks, ...start, ...advice];
}

/** Where secrets went that are in no client's file any more. */
function secretNotes({ manifest: { files } }: Run): string[] {
  const moved = files
    .filter(({ state }) => state === 'applied')
    .flatMap(({ entries }) => entries.flatMap(({ additions }) => additions.secrets ?? []));
  if (moved.length === 0) return [];
  const names = [...new Set(moved.map(({ secret }) => secret))];
  return [
    `Moved to the secret store: ${names.join(', ')}. The kept copies and versions of the files still hold the values; ` +
      'renew a secret to be rid of those.',
  ];
}

/** A report that cannot be saved does not undo what it is about. */
async function saveIfPossible(run: Run): Promise<ReportFiles | null> {
  const { engine, manifest } = run;
  try {
    return await saveReport(engine.storage, engine.data, manifest.id, reportOfRun(run));
  } catch (error) {
    engine.logger.log('warn', 'migration.report-not-saved', { message: (error as Error).message });
    run.notes.push(`The report could not be saved: ${(error as Error).message}`);
    return null;
  }
}
