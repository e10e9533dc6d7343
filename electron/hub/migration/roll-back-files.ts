import type { ClientId } from '../../../shared/model/client.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { RollbackFile } from '../../../shared/model/migration.ts';
import type { ClientAdapter, ConfigFile } from '../clients/client-adapter.ts';
import { currentConfigFiles } from '../clients/current-config-files.ts';
import { readOriginal } from './backup.ts';
import { tidyCatalogIfPossible } from './tidy-catalog.ts';
import { configDiff } from './config-diff.ts';
import type { Engine } from './engine.ts';
import { parseJsonDocument } from '../files/json-document.ts';
import { readConfig } from './load-configs.ts';
import { settledState, writeManifest, type Manifest, type ManifestFile } from './manifest.ts';
import { restoreAllEntries, restoreFile, type Restored } from './restore-file.ts';
import { runningRefusal, type Running } from './running-clients.ts';
import { sha256 } from '../files/sha256.ts';
import { updateConfig } from './update-config.ts';

/** What to take back. */
export interface RollbackRequest {
  /** Newest first. */
  manifests: readonly Manifest[];
  /** Which of their files; those that are taken back already are passed over anyway. */
  includes(file: ManifestFile): boolean;
  /** Clients whose files are freed of every other routed entry too, such as those of a lost backup. */
  leftoversOf: readonly ClientId[];
  running: Running;
  /** For temporary names; the journal knows it. */
  token: string;
  dryRun: boolean;
}

/** One config file and what is to be undone in it, newest first. */
interface Task {
  adapter: ClientAdapter;
  file: ConfigFile;
  steps: { manifest: Manifest; file: ManifestFile }[];
  leftovers: boolean;
}

/** Stands for the migration in rows about entries that no backup knows. */
const NO_MIGRATION = 'unknown';

/**
 * Takes files back, says what became of each, and brings manifests and catalog in line. A file that cannot be taken
 * back is a row with `conflict` and the reason; the others go on. Callers hold the data lock, unless `dryRun`.
 */
export async function rollBackFiles(engine: Engine, request: RollbackRequest): Promise<RollbackFile[]> {
  const rows: RollbackFile[] = [];
  for (const task of await tasksOf(engine, request)) rows.push(...(await carryOut(engine, task, request)));
  if (request.dryRun) return rows;

  for (const manifest of request.manifests) {
    let settled = false;
    for (const file of manifest.files.filter(
      (candidate) => isOpen(candidate) && request.includes(candidate),
    )) {
      const row = rows.find(({ path, migration }) => path === file.path && migration === manifest.id);
      if (!row || row.result === 'conflict') continue;
      file.state =
        file.state === 'pending' && row.sha256 === file.sha256Before && row.result === 'unchanged'
          ? 'skipped'
          : 'rolled-back';
      settled = true;
    }
    if (!settled) continue;
    manifest.state = settledState(manifest.files);
    await writeManifest(engine.storage, engine.data, manifest);
  }
  await tidyCatalogIfPossible(engine);
  return rows;
}

const isOpen = ({ state }: ManifestFile): boolean => state === 'applied' || state === 'pending';

async function tasksOf(
  engine: Engine,
  { manifests, includes, leftoversOf }: RollbackRequest,
): Promise<Task[]> {
  const tasks = new Map<string, Task>();
  for (const adapter of engine.adapters) {
    const files = await currentConfigFiles(adapter, engine.platform);
    for (const file of files) {
      tasks.set(file.path, { adapter, file, steps: [], leftovers: leftoversOf.includes(adapter.id) });
    }
  }
  for (const manifest of manifests) {
    for (const file of manifest.files.filter((candidate) => isOpen(candidate) && includes(candidate))) {
      const adapter = engine.adapters.find(({ id }) => id === file.client);
      if (!adapter) continue;
      // The client may look elsewhere by now, as after a change of CLAUDE_CONFIG_DIR; its habits stay the same.
      const [habit] = adapter.configFiles(engine.platform);
      const task = tasks.get(file.path) ?? {
        adapter,
        file: {
          path: file.path,
          client: adapter.id,
          mustNotRun: habit?.mustNotRun ?? true,
          ...(habit?.clientLock !== undefined && { clientLock: `${file.path}.lock` }),
        },
        steps: [],
        leftovers: false,
      };
      task.steps.push({ manifest, file });
      tasks.set(file.path, task);
    }
  }
  return [...tasks.values()].filter(({ steps, leftovers }) => steps.length > 0 || leftovers);
}

async function carryOut(engine: Engine, task: Task, request: RollbackRequest): Promise<RollbackFile[]> {
  const { adapter, file } = task;
  const { storage } = engine;
  let rows: RollbackFile[] = [];
  try {
    const preview = await undo(engine, task, await readConfig(storage.files, file.path));
    rows = preview.rows;
    if (request.dryRun || !preview.changes) return rows;
    const refusal = runningRefusal(file, adapter.name, request.running);
    if (refusal) throw new PatchbayError(refusal.code, refusal.message, refusal);
    await updateConfig(engine, { ...file, token: request.token }, async (present) => {
      const done = await undo(engine, task, present);
      rows = done.rows;
      return { bytes: done.bytes, ...(done.mode !== undefined && { mode: done.mode }) };
    });
    return rows;
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    const { info } = error;
    engine.logger.log('warn', 'migration.rollback-conflict', { path: file.path, code: info.code });
    const message = info.hint ? `${info.message} ${info.hint}` : info.message;
    const ids =
      rows.length > 0
        ? rows.map(({ migration }) => migration)
        : task.steps.map(({ manifest }) => manifest.id);
    return ids.map((migration) => ({
      path: file.path,
      client: adapter.id,
      migration,
      result: 'conflict',
      sha256: null,
      diff: '',
      message,
    }));
  }
}

interface Undone {
  rows: RollbackFile[];
  bytes: Uint8Array | null;
  mode?: number;
  changes: boolean;
}

/** All steps of one file, worked out on the bytes it has now. */
async function undo(
  engine: Engine,
  { adapter, file, steps, leftovers }: Task,
  present: Uint8Array | null,
): Promise<Undone> {
  const rows: RollbackFile[] = [];
  let bytes = present;
  let mode: number | undefined;
  const take = (migration: string, restored: Restored): void => {
    rows.push(rowOf(file, migration, bytes, restored));
    bytes = restored.bytes;
    mode = restored.mode ?? mode;
  };
  for (const { manifest, file: saved } of steps) {
    const original = await readOriginal(engine.storage, engine.data, manifest.id, saved).catch(
      (error: unknown) => {
        if (error instanceof PatchbayError) return error;
        throw error;
      },
    );
    take(manifest.id, restoreFile(bytes, saved, { original, shimEnv: engine.shim.env }));
  }
  if (leftovers && bytes) {
    const restored = restoreAllEntries(bytes, file.path, adapter, engine.shim.env);
    if (restored.result === 'merged') {
      take(NO_MIGRATION, {
        ...restored,
        message:
          'No backup knows these entries: their original commands were taken from the entries themselves.',
      });
    }
  }
  const changes = rows.some(({ result }) => result === 'exact' || result === 'merged');
  return { rows, bytes, changes, ...(mode !== undefined && { mode }) };
}

function rowOf(
  file: ConfigFile,
  migration: string,
  before: Uint8Array | null,
  restored: Restored,
): RollbackFile {
  const { result, bytes, message } = restored;
  const changed = before && bytes && (result === 'exact' || result === 'merged');
  return {
    path: file.path,
    client: file.client,
    migration,
    result,
    sha256: bytes && sha256(bytes),
    diff: changed ? configDiff(parseJsonDocument(before, file.path), bytes) : '',
    ...(message !== undefined && { message }),
  };
}
