import {
  isParityKept,
  type MigrationProgress,
  type MigrationResult,
  type ParityRow,
  type RollbackFile,
} from '../../../shared/model/migration.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { chooseFiles } from './choose-files.ts';
import { planNow } from './current-plan.ts';
import { withDataLock } from '../files/data-lock.ts';
import { editCatalogFile } from '../servers/edit-catalog-file.ts';
import type { Engine } from './engine.ts';
import { clearJournal, writeJournal } from './journal.ts';
import { migratedFile, newMigrationId, settledState, writeManifest, type Manifest } from './manifest.ts';
import type { ApplyOptions } from './migration-service.ts';
import { afterwardsNotes, lostNotes } from './migration-notes.ts';
import { saveBackup } from './backup.ts';
import type { PlannedFile } from './plan.ts';
import { settleOpenWork } from './recover.ts';
import { rollBackFiles } from './roll-back-files.ts';
import { findRunning, runningRefusal } from './running-clients.ts';
import { startManifest } from './start-manifest.ts';
import { askBefore, askAfter, filesOfRows } from './witness-entries.ts';
import type { ProbeResult } from './witness-port.ts';
import { writeMigratedFile } from './write-migrated-file.ts';

type Step = Extract<MigrationProgress, { type: 'step' }>;

/** Tells how far a migration is. */
export type Report = (step: Step['step'], state: Step['state'], detail: string) => void;

/**
 * Carries a migration out, start to proof. Throws a PatchbayError when nothing was changed, or when all that was
 * changed has been put back. `unwanted` stops it only before the first change.
 */
export async function applyMigration(
  engine: Engine,
  options: ApplyOptions,
  report: Report,
  unwanted: AbortSignal,
): Promise<MigrationResult> {
  return await withDataLock(engine.storage, engine.data, 'a migration', async () => {
    await settleOpenWork(engine);
    const { plan } = await planNow(engine, options.clients);
    const { files, leftOut } = chooseFiles(plan, options);

    let before: ProbeResult[] = [];
    if (options.witness) {
      report('baseline', 'started', 'Asking each server for its tools, the way the client does now.');
      before = await askBefore(engine, files, unwanted);
      report('baseline', 'finished', answersInWords(before));
    }
    // The baseline may have taken a minute: a client that was started since must not be written under.
    const ready = await withoutRunning(engine, files, leftOut);
    unwanted.throwIfAborted();
    await engine.installShim();

    const { storage, data } = engine;
    const manifest = startManifest(engine, ready, plan.added, newMigrationId(storage.now(), storage.token()));
    const run: Run = { engine, files: ready, manifest, token: storage.token(), report, notes: [...leftOut] };
    try {
      const targets = manifest.files.map(({ target }) => target);
      await writeJournal(storage, data, {
        version: 1,
        kind: 'apply',
        id: manifest.id,
        token: run.token,
        targets,
      });
      await backUp(run);
      await editCatalogFile(storage, data, { add: addedBy(manifest, plan.added) });
      await write(run);
      const parity = options.witness ? await prove(run, before) : [];
      return await finish(run, parity);
    } catch (error) {
      throw await undone(engine, error);
    }
  });
}

/** One migration under way. */
interface Run {
  engine: Engine;
  files: PlannedFile[];
  /** `manifest.files[i]` belongs to `files[i]`. */
  manifest: Manifest;
  token: string;
  report: Report;
  notes: string[];
}

const addedBy = <T>(manifest: Manifest, added: ReadonlyMap<string, T>): Map<string, T> =>
  new Map([...added].filter(([name]) => manifest.catalogAdded.includes(name)));

async function withoutRunning(
  engine: Engine,
  files: readonly PlannedFile[],
  leftOut: string[],
): Promise<PlannedFile[]> {
  const running = await findRunning(engine);
  const refusals = files.map(({ config }) => runningRefusal(config.file, config.adapter.name, running));
  const ready = files.filter((_file, index) => refusals[index] === null);
  const first = refusals.find((refusal) => refusal !== null);
  if (ready.length === 0 && first) throw new PatchbayError(first.code, first.message, first);
  for (const refusal of refusals) if (refusal) leftOut.push(`${refusal.message} It was left as it is.`);
  return ready;
}

async function backUp({ engine, files, manifest, report }: Run): Promise<void> {
  report('backup', 'started', `Saving ${count(files.length, 'config file')} as they are.`);
  const originals = files.map(({ config }) => config.document!.bytes);
  const folder = await saveBackup(engine.storage, engine.data, manifest, originals);
  report('backup', 'finished', `Saved and checked in ${folder}.`);
}

/** Files stand alone: one that cannot be written is left as it was, and the others go on (A29). */
async function write(run: Run): Promise<void> {
  const { engine, files, manifest, token, report, notes } = run;
  report(
    'write',
    'started',
    `Routing ${count(manifest.files.flatMap(({ entries }) => entries).length, 'server entry', 'server entries')}.`,
  );
  let failure: PatchbayError | null = null;
  for (const [index, planned] of files.entries()) {
    const record = manifest.files[index]!;
    let mayBeThere = false;
    try {
      const onCommit = (): void => void (mayBeThere = true);
      await writeMigratedFile(engine, planned, { manifest, record, token, onCommit });
    } catch (error) {
      if (!(error instanceof PatchbayError)) throw error;
      failure ??= error;
      // It may have failed with the new bytes in place, as when the disk does not confirm them.
      if (mayBeThere) await takeBack(run, new Set([record.path]));
      else record.state = 'skipped';
      notes.push(`${planned.config.adapter.name} was left as it is: ${error.message}`);
    }
  }
  const written = manifest.files.filter(({ state }) => state === 'pending');
  if (failure && written.length === 0) {
    report('write', 'failed', failure.message);
    await writeManifest(engine.storage, engine.data, { ...manifest, state: settledState(manifest.files) });
    throw failure;
  }
  report('write', 'finished', written.map(({ path }) => path).join(', '));
}

async function takeBack(
  { engine, manifest, token }: Run,
  paths: ReadonlySet<string>,
): Promise<RollbackFile[]> {
  return await rollBackFiles(engine, {
    manifests: [manifest],
    includes: ({ path }) => paths.has(path),
    leftoversOf: [],
    running: await findRunning(engine),
    token,
    dryRun: false,
  });
}

/** Starts the migrated entries and takes back, by file, what answers with less than before. */
async function prove(run: Run, before: readonly ProbeResult[]): Promise<ParityRow[]> {
  const { engine, files, manifest, report, notes } = run;
  const written = files.filter((_file, index) => manifest.files[index]!.state === 'pending');
  report('witness', 'started', 'Starting each routed entry as its client would.');
  let parity: ParityRow[] = [];
  let lostPaths: Set<string>;
  try {
    const after = await askAfter(engine, written);
    parity = engine.witness.compare(before, after);
    const lost = parity.filter((row) => !isParityKept(row));
    lostPaths = filesOfRows(written, lost);
    notes.push(...lostNotes(lost, engine.adapters));
  } catch (error) {
    // Not proven is not done.
    engine.logger.log('error', 'migration.witness-failed', { message: (error as Error).message });
    lostPaths = new Set(written.map(({ view }) => view.path));
    notes.push(`The routed entries could not be tried: ${(error as Error).message}`);
  }
  if (lostPaths.size === 0) {
    report('witness', 'finished', provenInWords(parity));
    return parity;
  }

  report('witness', 'failed', notes.at(-1) ?? '');
  report('rollback', 'started', `Putting back ${[...lostPaths].join(', ')}.`);
  const rows = await takeBack(run, lostPaths);
  const stuck = rows.filter(({ result }) => result === 'conflict');
  notes.push(...stuck.map(({ path, message }) => `${path} could not be put back: ${message ?? ''}`));
  report(
    'rollback',
    stuck.length > 0 ? 'failed' : 'finished',
    rows.map(({ path, result }) => `${path}: ${result}`).join(', '),
  );
  return parity;
}

async function finish(
  { engine, manifest, report, notes }: Run,
  parity: ParityRow[],
): Promise<MigrationResult> {
  const { storage, data } = engine;
  const running = await findRunning(engine);
  for (const file of manifest.files) if (file.state === 'pending') file.state = 'applied';
  manifest.state = settledState(manifest.files);
  await writeManifest(storage, data, manifest);
  await clearJournal(storage, data);
  const kept = manifest.files.filter(({ state }) => state === 'applied').map(({ client }) => client);
  notes.push(...afterwardsNotes(engine.adapters, kept, running));
  report('done', 'finished', manifest.state);
  const files = manifest.files.filter(({ state }) => state !== 'skipped');
  return {
    id: manifest.id,
    state: manifest.state,
    files: files.map((file) => migratedFile(data, manifest.id, file)),
    parity,
    notes,
  };
}

/** Takes back what a failed run did, at once and not at the next start, and says when even that fails. */
async function undone(engine: Engine, error: unknown): Promise<unknown> {
  try {
    await settleOpenWork(engine);
    return error;
  } catch {
    if (!(error instanceof PatchbayError)) return error;
    const { code, message, ...extra } = error.info;
    const more = 'What was done so far could not be put back yet; the next start of Patchbay does it.';
    return new PatchbayError(code, `${message} ${more}`, extra, error);
  }
}

function provenInWords(parity: readonly ParityRow[]): string {
  const silent = parity.filter(
    ({ toolsBefore, toolsAfter }) => toolsBefore === null && toolsAfter === null,
  ).length;
  if (silent === 0) return 'Every server answers with the same tools as before.';
  const same = parity.length - silent;
  return `${count(same, 'server entry', 'server entries')} with the same tools as before; ${silent} did not answer before and do not now.`;
}

function answersInWords(results: readonly ProbeResult[]): string {
  const answered = results.filter(({ tools }) => tools !== null).length;
  return `${answered} of ${count(results.length, 'server entry', 'server entries')} answered.`;
}

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
