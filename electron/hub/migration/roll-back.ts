import type { RollbackFile, RollbackResult } from '../../../shared/model/migration.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { withDataLock } from '../files/data-lock.ts';
import type { Engine } from './engine.ts';
import { clearJournal, writeJournal } from './journal.ts';
import { readConfig } from './load-configs.ts';
import { MigrationId, readManifest, readManifests, type Manifest } from './manifest.ts';
import { afterwardsNotes } from './migration-notes.ts';
import type { RollbackOptions } from './migration-service.ts';
import { settleOpenWork } from './recover.ts';
import { rollBackFiles, type RollbackRequest } from './roll-back-files.ts';
import { findRunning, runningRefusal, type Running } from './running-clients.ts';
import { dropUnusedSecrets, unusedSecrets } from './secret-store-use.ts';
import { sha256 } from '../files/sha256.ts';
import { tidyCatalogIfPossible } from './tidy-catalog.ts';

/**
 * Takes migrations back: one, those of some clients, or all. Throws NOT_FOUND for a migration nobody knows and
 * CLIENT_RUNNING when nothing could be done because clients run.
 */
export async function rollBack(engine: Engine, options: RollbackOptions): Promise<RollbackResult> {
  if (options.dryRun) {
    const request = await requestOf(engine, options);
    const secrets = movedBy(request);
    const files = await rollBackFiles(engine, request);
    return resultOf(files, secrets, new Set());
  }
  return await withDataLock(engine.storage, engine.data, 'a rollback', async () => {
    await settleOpenWork(engine);
    const secrets = movedBy(await requestOf(engine, options));
    const files = await rollBackForReal(engine, options);
    const unused = await unusedSecrets(engine, secrets);
    const removed = options.removeSecrets ? await dropUnusedSecrets(engine, unused) : [];
    return resultOf(files, unused, new Set(removed));
  });
}

/** Names in the store that the files hold no value of, for as long as they are routed. */
const movedBy = ({ manifests, includes }: RollbackRequest): string[] => [
  ...new Set(
    manifests
      .flatMap(({ files }) => files)
      .filter((file) => (file.state === 'applied' || file.state === 'pending') && includes(file))
      .flatMap(({ entries }) => entries.flatMap(({ additions }) => additions.secrets ?? []))
      .map(({ secret }) => secret),
  ),
];

const resultOf = (
  files: RollbackFile[],
  secrets: readonly string[],
  removed: ReadonlySet<string>,
): RollbackResult => ({
  files,
  ...(secrets.length > 0 && {
    secrets: secrets.map((name) => ({ name, removed: removed.has(name) })),
  }),
});

async function rollBackForReal(engine: Engine, options: RollbackOptions): Promise<RollbackFile[]> {
  const { storage, data } = engine;
  const { clients, migration } = options;
  const request = await requestOf(engine, options);
  const preview = await rollBackFiles(engine, { ...request, dryRun: true });
  if (preview.length === 0) {
    await tidyCatalogIfPossible(engine);
    return migration === undefined ? [] : await unchangedRows(engine, request.manifests);
  }
  refuseIfAllRun(engine, preview, request.running);
  const paths = [...new Set(preview.map(({ path }) => path))];
  const targets = await Promise.all(paths.map((path) => storage.files.realPath(path).catch(() => path)));
  await writeJournal(storage, data, {
    version: 1,
    kind: 'rollback',
    ...(clients && { clients }),
    ...(migration !== undefined && { migration }),
    token: request.token,
    targets,
  });
  const rows = await rollBackFiles(engine, request);
  await clearJournal(storage, data);
  return rows.map((row) => withSessionNote(engine, row, request.running));
}

/** Live sessions keep the servers they have until they are reloaded. */
function withSessionNote({ adapters }: Engine, row: RollbackFile, running: Running): RollbackFile {
  const changed = row.result === 'exact' || row.result === 'merged';
  if (!changed || running.of(row.client).length === 0) return row;
  const parts = [row.message, ...afterwardsNotes(adapters, [row.client], running)];
  return { ...row, message: parts.filter((part) => part !== undefined).join(' ') };
}

/** Some files out of several are rows that say so; when there is nothing else to do, it is an error. */
function refuseIfAllRun(
  { adapters, platform }: Engine,
  preview: readonly RollbackFile[],
  running: Running,
): void {
  const refusals = preview
    .filter(({ result }) => result === 'exact' || result === 'merged')
    .map(({ client }) => {
      const adapter = adapters.find(({ id }) => id === client);
      const mustNotRun = adapter?.configFiles(platform)[0]?.mustNotRun ?? false;
      return runningRefusal({ client, mustNotRun }, adapter?.name ?? client, running);
    });
  const [first] = refusals;
  if (first && refusals.every((refusal) => refusal !== null))
    throw new PatchbayError(first.code, first.message, first);
}

/** A migration that was taken back before: the same question again has the same answer (A28). */
async function unchangedRows({ storage }: Engine, manifests: readonly Manifest[]): Promise<RollbackFile[]> {
  const files = manifests.flatMap(({ id, files: saved }) => saved.map((file) => ({ id, file })));
  return await Promise.all(
    files.map(async ({ id, file: { path, client } }): Promise<RollbackFile> => {
      const bytes = await readConfig(storage.files, path).catch(() => null);
      return { path, client, migration: id, result: 'unchanged', sha256: bytes && sha256(bytes), diff: '' };
    }),
  );
}

async function requestOf(
  engine: Engine,
  { clients, migration, dryRun }: RollbackOptions,
): Promise<RollbackRequest> {
  const { storage, data, adapters } = engine;
  const manifests =
    migration === undefined
      ? (await readManifests(storage.files, data)).manifests
      : [await oneManifest(engine, migration)];
  return {
    manifests,
    includes: ({ client }) => !clients || clients.includes(client),
    leftoversOf: migration === undefined ? (clients ?? adapters.map(({ id }) => id)) : [],
    running: await findRunning(engine),
    token: storage.token(),
    dryRun,
  };
}

async function oneManifest({ storage, data }: Engine, id: string): Promise<Manifest> {
  const manifest = MigrationId.safeParse(id).success ? await readManifest(storage.files, data, id) : null;
  if (manifest) return manifest;
  throw new PatchbayError('NOT_FOUND', `There is no migration ${JSON.stringify(id)}.`, {
    hint: 'See: patchbay history',
  });
}
