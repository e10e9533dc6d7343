import path from 'node:path';
import type { RollbackFile } from '../../../shared/model/migration.ts';
import { removeBackupFolder } from './backup.ts';
import type { Engine } from './engine.ts';
import { sweepDeadWaiters } from '../files/data-lock.ts';
import { isMissing } from '../files/file-errors.ts';
import { clearJournal, readJournal, type Journal } from './journal.ts';
import {
  migrationFolder,
  MigrationId,
  readManifest,
  readManifests,
  settledState,
  writeManifest,
} from './manifest.ts';
import { isTempName, tempPathFor } from '../files/replace-file.ts';
import { rollBackFiles } from './roll-back-files.ts';
import { findRunning } from './running-clients.ts';
import { dropUnusedSecretsIfPossible } from './secret-store-use.ts';
import { tidyCatalog } from './tidy-catalog.ts';

/**
 * Settles what an interrupted run left open: an unproven migration is undone, a rollback is finished. Afterwards
 * every file is what it was before or what it was meant to become, and the manifest says which (A15, A29). Returns
 * what was done, in words; nothing when nothing was open. Callers hold the data lock.
 */
export async function settleOpenWork(present: Engine): Promise<string[]> {
  const engine = withOwnLeftovers(present);
  const { storage, data } = engine;
  await sweepDeadWaiters(storage, data);
  const journal = await readJournal(storage, data);
  await sweep(engine, journal !== null);
  if (journal === null) return [];
  if (journal === 'damaged') return await settleWithoutJournal(engine);
  for (const target of journal.targets) await removeIfThere(engine, tempPathFor(target, journal.token));
  const told =
    journal.kind === 'apply'
      ? await undoMigration(engine, journal.id, journal.token)
      : await finishRollback(engine, journal);
  await clearJournal(storage, data);
  return told;
}

/**
 * The dead process may have held a client's lock, which is then too young to be called a leftover. That nobody touches
 * it while we wait is enough here: clients hold it for milliseconds.
 */
function withOwnLeftovers(engine: Engine): Engine {
  const { storage } = engine;
  return { ...engine, storage: { ...storage, timing: { ...storage.timing, clientLockStaleMs: 0 } } };
}

async function undoMigration(engine: Engine, id: string, token: string): Promise<string[]> {
  const { storage, data } = engine;
  const manifest = await readManifest(storage.files, data, id);
  const untouched = (): boolean =>
    manifest === null || manifest.files.every(({ state }) => state === 'skipped');
  // Settled before the journal was cleared: all that may be missing is that this outlasts a power cut.
  if (manifest && manifest.state !== 'applying' && !untouched()) {
    await storage.files.syncFolder(migrationFolder(data, id));
    return [];
  }
  if (!manifest) return await forget(engine, id);

  const rows = await rollBackFiles(engine, {
    manifests: [manifest],
    includes: () => true,
    leftoversOf: [],
    running: await findRunning(engine),
    token,
    dryRun: false,
  });
  if (untouched()) return await forget(engine, id);
  // What could not be undone stays routed, which works; it counts as applied so that a rollback finds it.
  for (const file of manifest.files) if (file.state === 'pending') file.state = 'applied';
  manifest.state = settledState(manifest.files);
  await writeManifest(storage, data, manifest);
  await dropUnusedSecretsIfPossible(engine, manifest.secretsAdded ?? []);
  return [
    `The migration ${id} was interrupted before it was proven, so it was taken back.`,
    ...rows.map(rowInWords),
  ];
}

async function forget(engine: Engine, id: string): Promise<string[]> {
  const { storage, data } = engine;
  // With the folder goes the knowledge of what the catalog and the secret store got.
  const manifest = await readManifest(storage.files, data, id);
  if (manifest) await tidyCatalog(engine);
  await dropUnusedSecretsIfPossible(engine, manifest?.secretsAdded ?? []);
  await removeBackupFolder(storage, data, id);
  return [`The migration ${id} was interrupted before it changed anything.`];
}

async function finishRollback(
  engine: Engine,
  journal: Extract<Journal, { kind: 'rollback' }>,
): Promise<string[]> {
  const { storage, data, adapters } = engine;
  const { manifests } = await readManifests(storage.files, data);
  const { clients, migration } = journal;
  const rows = await rollBackFiles(engine, {
    manifests: manifests.filter(({ id }) => migration === undefined || id === migration),
    includes: ({ client }) => !clients || clients.includes(client),
    leftoversOf: migration === undefined ? (clients ?? adapters.map(({ id }) => id)) : [],
    running: await findRunning(engine),
    token: journal.token,
    dryRun: false,
  });
  return ['An interrupted rollback was finished.', ...rows.map(rowInWords)];
}

/** The manifests say what was under way just as well; the damaged journal is kept for whoever wants to know. */
async function settleWithoutJournal(engine: Engine): Promise<string[]> {
  const { storage, data } = engine;
  const aside = path.join(data.migrations, `journal-damaged-${storage.token()}.json`);
  const told = [`The journal of an interrupted run was damaged and is kept as ${aside}.`];
  const { manifests } = await readManifests(storage.files, data);
  for (const { id, state } of manifests) {
    if (state === 'applying') told.push(...(await undoMigration(engine, id, storage.token())));
  }
  await storage.files.rename(data.journal, aside);
  await storage.files.syncFolder(data.migrations);
  return told;
}

/** Temporary files of our own folders: whoever writes one there holds the data folder's lock, so they are dead. */
async function sweep({ storage: { files }, data }: Engine, wasInterrupted: boolean): Promise<void> {
  const folders = [data.root, data.migrations];
  if (wasInterrupted) {
    const ids = (await files.list(data.migrations)).filter((name) => MigrationId.safeParse(name).success);
    folders.push(...ids.map((id) => migrationFolder(data, id)));
  }
  for (const folder of folders) {
    for (const name of await files.list(folder)) {
      if (isTempName(name)) await files.remove(path.join(folder, name));
    }
  }
}

async function removeIfThere({ storage }: Engine, file: string): Promise<void> {
  try {
    await storage.files.remove(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function rowInWords({ path: file, result, message }: RollbackFile): string {
  const what = {
    exact: 'is byte for byte what it was before',
    merged: 'has its original commands back; later changes were kept',
    unchanged: 'needed nothing',
    conflict: 'was left alone',
  }[result];
  return message ? `${file} ${what}. ${message}` : `${file} ${what}.`;
}
