import { counted } from '../../../shared/language/counted.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { withDataLock } from '../files/data-lock.ts';
import { editCatalogFile } from '../servers/edit-catalog-file.ts';
import { saveBackup } from './backup.ts';
import { chooseFiles, rulesFor } from './choose-files.ts';
import { planNow } from './current-plan.ts';
import type { Engine } from './engine.ts';
import { finishRun } from './settle/finish-run.ts';
import { writeJournal } from './journal.ts';
import { valuesOf } from './moved-secrets.ts';
import { newMigrationId, settledState, writeManifest } from './manifest.ts';
import type { ApplyOptions, ApplyResult } from './migration-service.ts';
import type { MigrationPlan, PlannedFile } from './plan.ts';
import { settleOpenWork } from './recover.ts';
import { findRunning, runningRefusal } from './running-clients.ts';
import { newTurn, type Report, type Run, type RunSettings } from './settle/migration-run.ts';
import { takeTurn } from './settle/take-turn.ts';
import { storeSecrets } from './secret-store-use.ts';
import { startManifest } from './start-manifest.ts';
import { askBefore } from './witness-entries.ts';
import type { ProbeResult } from './witness-port.ts';

/** One call of `applyMigration`. */
export interface ApplyCall {
  options: ApplyOptions;
  settings: RunSettings;
  report: Report;
  /** Stops it only before the first change. */
  unwanted: AbortSignal;
}

/**
 * Carries a migration out, one client after the other, each from baseline to proof. Throws a PatchbayError when nothing
 * was changed, or when all that was changed has been put back.
 */
export async function applyMigration(engine: Engine, call: ApplyCall): Promise<ApplyResult> {
  return await withDataLock(engine.storage, engine.data, 'a migration', async () => {
    const { options, settings, report, unwanted } = call;
    await settleOpenWork(engine);
    const { plan } = await planNow(engine, options);
    const { files, leftOut } = chooseFiles(withConsent(plan, settings.restartable), options);
    const first = files[0]!.config.adapter.id;
    const before = await baseline(engine, filesOf(files, first), call);
    // The baseline may have taken a minute: a client that was started since must not be written under.
    const ready = await withoutRunning(engine, files, { leftOut, restartable: settings.restartable });
    unwanted.throwIfAborted();
    await engine.installShim();

    const { storage, data } = engine;
    const id = newMigrationId(storage.now(), storage.token());
    const manifest = startManifest(engine, ready, plan, id);
    const token = storage.token();
    const run: Run = { engine, settings, manifest, token, report, notes: [...leftOut], turns: [] };
    try {
      const targets = manifest.files.map(({ target }) => target);
      await writeJournal(storage, data, { version: 1, kind: 'apply', id, token, targets });
      await backUp(run, ready);
      // Before anything refers to them, and long before a value leaves a client's file.
      await storeSecrets(engine, valuesOf(ready.flatMap(({ moves }) => moves)));
      await editCatalogFile(storage, data, { add: addedBy(run, plan) });
      // From here on nobody can stop it half-way.
      const later = { ...call, unwanted: new AbortController().signal };
      await takeTurns(run, ready, async (client, own) =>
        client === first ? before : await baseline(engine, own, later),
      );
      return await finishRun(run);
    } catch (error) {
      throw await undone(engine, error);
    }
  });
}

/** What stands in the way of a file whose client may be stopped is gone by the time of its turn. */
function withConsent(plan: MigrationPlan, restartable: ReadonlySet<ClientId>): MigrationPlan {
  const files = plan.files.map((planned) => {
    const { refusal, ...view } = planned.view;
    const isOpen = refusal?.code !== 'CLIENT_RUNNING' || !restartable.has(view.client);
    return isOpen ? planned : { ...planned, view };
  });
  return { ...plan, files };
}

const filesOf = (files: readonly PlannedFile[], client: ClientId): PlannedFile[] =>
  files.filter(({ config }) => config.adapter.id === client);

const addedBy = ({ manifest }: Run, { added }: MigrationPlan): MigrationPlan['added'] =>
  new Map([...added].filter(([name]) => manifest.catalogAdded.includes(name)));

async function baseline(
  engine: Engine,
  files: readonly PlannedFile[],
  { options, report, unwanted }: ApplyCall,
): Promise<ProbeResult[]> {
  if (!options.witness) return [];
  const { name, id } = files[0]!.config.adapter;
  report(
    'baseline',
    'started',
    `Asking each server of ${name} what it offers, the way the client does now.`,
    id,
  );
  const before = await askBefore(engine, files, unwanted);
  const answered = before.filter(({ tools }) => tools !== null).length;
  const all = counted(before.length, 'server entry', 'server entries');
  report('baseline', 'finished', `${name}: ${answered} of ${all} answered.`, id);
  return before;
}

async function withoutRunning(
  engine: Engine,
  files: readonly PlannedFile[],
  { leftOut, restartable }: { leftOut: string[]; restartable: ReadonlySet<ClientId> },
): Promise<PlannedFile[]> {
  const running = await findRunning(engine);
  const refusals = files.map(({ config: { file, adapter } }) => {
    const refusal = runningRefusal(file, adapter.name, running);
    return refusal?.code === 'CLIENT_RUNNING' && restartable.has(adapter.id) ? null : refusal;
  });
  const closed = files.filter((_file, index) => refusals[index] === null);
  const routed = closed.filter(({ moves }) => moves.length > 0);
  const ready = [...routed, ...rulesFor(routed, closed)];
  const first = refusals.find((refusal) => refusal !== null);
  if (ready.length === 0 && first) throw new PatchbayError(first.code, first.message, first);
  for (const refusal of refusals) if (refusal) leftOut.push(`${refusal.message} It was left as it is.`);
  return ready;
}

async function backUp({ engine, manifest, report }: Run, files: readonly PlannedFile[]): Promise<void> {
  report('backup', 'started', `Saving ${counted(files.length, 'config file')} as they are.`);
  const originals = files.map(({ config }) => config.document!.bytes);
  const folder = await saveBackup(engine.storage, engine.data, manifest, originals);
  report('backup', 'finished', `Saved and checked in ${folder}.`);
}

type Baseline = (client: ClientId, files: readonly PlannedFile[]) => Promise<ProbeResult[]>;

/** Client after client. Throws the first failure when no file of any client could be written. */
async function takeTurns(run: Run, files: readonly PlannedFile[], ask: Baseline): Promise<void> {
  const { engine, manifest } = run;
  let first: PatchbayError | null = null;
  for (const client of new Set(files.map(({ config }) => config.adapter.id))) {
    const own = files.flatMap((planned, index) =>
      planned.config.adapter.id === client ? [{ planned, record: manifest.files[index]! }] : [],
    );
    const { adapter } = own[0]!.planned.config;
    try {
      const before = await ask(
        client,
        own.map(({ planned }) => planned),
      );
      const { failure } = await takeTurn(inTurn(run, client), { adapter, files: own, before });
      first ??= failure;
    } catch (error) {
      // The clients before it are proven and stay; without its baseline this one is not touched.
      if (!(error instanceof PatchbayError) || own.some(({ record }) => record.state !== 'pending'))
        throw error;
      for (const { record } of own) record.state = 'skipped';
      run.notes.push(`${adapter.name} was left as it is: ${error.message}`);
      run.turns.push({ ...newTurn(adapter), remarks: [error.message] });
      first ??= error;
    }
  }
  if (!first || manifest.files.some(({ state }) => state !== 'skipped')) return;
  await writeManifest(engine.storage, engine.data, { ...manifest, state: settledState(manifest.files) });
  throw first;
}

/** The same run, whose reports say whose turn it is. */
const inTurn = (run: Run, client: ClientId): Run => ({
  ...run,
  report: (step, state, detail) => run.report(step, state, detail, client),
});

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
