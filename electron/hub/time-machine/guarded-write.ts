import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ConfigAuthor, ConfigWrite } from '../../../shared/model/config-version.ts';
import type { ConfigFile } from '../clients/client-adapter.ts';
import { withDataLock } from '../files/data-lock.ts';
import { asReadError } from '../files/file-errors.ts';
import { replaceFile, tempPathFor } from '../files/replace-file.ts';
import { sha256 } from '../files/sha256.ts';
import { withClientLock } from '../migration/client-lock.ts';
import type { Engine } from '../migration/engine.ts';
import { readConfig } from '../migration/load-configs.ts';
import { settleOpenWork } from '../migration/recover.ts';
import { findRunning, runningRefusal } from '../migration/running-clients.ts';
import { updateConfig } from '../migration/update-config.ts';
import { findWriteTarget } from '../migration/write-target.ts';
import { versionDiff } from './version-diff.ts';
import type { VersionLog } from './version-log.ts';

/** One change of one config, as a person asked for it. */
export interface ConfigEdit {
  file: ConfigFile;
  /** In words, for whoever has to wait for it. */
  purpose: string;
  author: ConfigAuthor;
  /** Hash of the file whose diff was shown; null: there was none. Absent: whatever is there. */
  expected?: string | null;
  dryRun: boolean;
  /** The new bytes, made from those of this moment; asked anew when another program was faster. */
  edit(present: Uint8Array | null): Promise<Uint8Array>;
  /** What else is to be done while no other Patchbay is at work. */
  afterwards?(): Promise<void>;
}

/**
 * The only way a config is written outside a migration, by the same rules: under the data folder's lock and the
 * client's own, never while a client runs that writes from memory, compared before it is replaced, the bytes of before
 * saved first. Throws PLAN_STALE when the file is no longer what was shown, and whatever refuses the write.
 */
export async function writeConfig(engine: Engine, log: VersionLog, wanted: ConfigEdit): Promise<ConfigWrite> {
  return wanted.dryRun
    ? await tryOut(engine, wanted)
    : await withDataLock(engine.storage, engine.data, wanted.purpose, async () => {
        await settleOpenWork(engine);
        await log.settle();
        const done = await carryOut(engine, log, wanted);
        await wanted.afterwards?.();
        return done;
      });
}

async function tryOut(engine: Engine, { file, edit, expected }: ConfigEdit): Promise<ConfigWrite> {
  const present = await readConfig(engine.storage.files, file.path);
  assertExpected(file, present, expected);
  const bytes = await edit(present);
  const outcome = outcomeOf(file, present, bytes, true);
  try {
    await assertWritable(engine, file);
    return outcome;
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    const { code, message, hint } = error.info;
    return { ...outcome, refusal: { code, message, ...(hint !== undefined && { hint }) } };
  }
}

async function carryOut(
  engine: Engine,
  log: VersionLog,
  { file, edit, expected, author }: ConfigEdit,
): Promise<ConfigWrite> {
  const { storage } = engine;
  const first = await readConfig(storage.files, file.path);
  assertExpected(file, first, expected);
  await assertWritable(engine, file);
  const token = storage.token();
  let undo = await log.see({ file, bytes: first });
  let outcome = outcomeOf(file, first, await edit(first), false);
  if (outcome.result === 'unchanged') return outcome;

  const announce = (target: string, bytes: Uint8Array): Promise<void> =>
    log.announce({ token, file, target, author, sha256: sha256(bytes) });
  try {
    if (first === null) {
      const bytes = await edit(null);
      await announce(file.path, bytes);
      await createConfig(engine, file, { bytes, token });
    } else {
      await updateConfig(engine, { ...file, token }, async (present, target) => {
        assertExpected(file, present, expected);
        if (present && sha256(present) !== outcome.sha256Before)
          undo = await log.see({ file, bytes: present });
        const bytes = await edit(present);
        outcome = outcomeOf(file, present, bytes, false);
        if (target) await announce(target.path, bytes);
        return { bytes };
      });
    }
    // The client's lock is gone for good before we stop answering for it.
    await storage.files.syncFolder(path.dirname(file.path));
    await log.see({ file, bytes: await readConfig(storage.files, file.path) });
  } finally {
    await log.retract(token);
  }
  return { ...outcome, undo: undo.version.id };
}

/** A file that is not there: its folder is, as the client made it. */
async function createConfig(
  { storage }: Engine,
  file: ConfigFile,
  { bytes, token }: { bytes: Uint8Array; token: string },
): Promise<void> {
  const folder = path.dirname(file.path);
  try {
    await storage.files.facts(folder);
  } catch (error) {
    throw asReadError(error, folder);
  }
  await withClientLock(storage, file.clientLock, () =>
    replaceFile(storage, { path: file.path, bytes, expected: null, temp: tempPathFor(file.path, token) }),
  );
}

function assertExpected(file: ConfigFile, present: Uint8Array | null, expected?: string | null): void {
  if (expected === undefined || expected === (present && sha256(present))) return;
  throw new PatchbayError('PLAN_STALE', `${file.path} has changed since its diff was shown.`, {
    path: file.path,
    hint: 'Look at the new diff and try again.',
  });
}

async function assertWritable(engine: Engine, file: ConfigFile): Promise<void> {
  if (file.project !== undefined) {
    throw new PatchbayError(
      'CONFIG_NOT_WRITABLE',
      `${file.path} belongs to a project and everyone who has it; Patchbay only reads it.`,
      { path: file.path, hint: 'Its history is in the version control of the project.' },
    );
  }
  await findWriteTarget(engine.storage.files, file.path, engine.platform);
  const name = engine.adapters.find(({ id }) => id === file.client)?.name ?? file.client;
  const refusal = runningRefusal(file, name, await findRunning(engine));
  if (refusal) throw new PatchbayError(refusal.code, refusal.message, refusal);
}

function outcomeOf(
  file: ConfigFile,
  before: Uint8Array | null,
  after: Uint8Array,
  dryRun: boolean,
): ConfigWrite {
  const [sha256Before, sha256After] = [before && sha256(before), sha256(after)];
  return {
    path: file.path,
    client: file.client,
    dryRun,
    result: sha256Before === sha256After ? 'unchanged' : 'changed',
    sha256Before,
    sha256After,
    diff: sha256Before === sha256After ? '' : versionDiff(file.path, before, after),
    undo: null,
    notes: [],
  };
}
