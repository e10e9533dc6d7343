import path from 'node:path';
import type { ClientId } from '../../../shared/model/client.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { RollbackFile } from '../../../shared/model/migration.ts';
import type { DataFolder, Platform } from '../data-folder.ts';
import { withDataLock } from '../files/data-lock.ts';
import { errnoOf } from '../files/file-errors.ts';
import { removeTree } from '../files/remove-tree.ts';
import type { Storage } from '../files/storage.ts';
import { loginFileOf } from './login-file.ts';
import type { MigrationService } from './migration-service.ts';
import { dataPieces } from './data-pieces.ts';

/** What uninstalling needs of the rest of Patchbay. */
export interface UninstallDeps {
  service: Pick<MigrationService, 'clients' | 'rollback'>;
  storage: Storage;
  data: DataFolder;
  platform: Platform;
  /** The live hub of this data folder; null when none runs. Throws when it is not ours to end. */
  findHub(): Promise<StoppableHub | null>;
}

/** A hub that can be asked to end. */
export interface StoppableHub {
  /** False when it did not end in time. */
  stop(): Promise<boolean>;
}

export interface UninstallOptions {
  /** Only say what would be done. */
  dryRun: boolean;
  /** Leave catalog, secrets, settings, history and backups where they are. */
  keepData: boolean;
  /** Go on although some config cannot be put back. */
  force: boolean;
}

/** One thing that is still there, and why. */
export interface Leftover {
  path: string;
  reason: string;
}

/** What became of one client. */
export interface UninstalledClient {
  client: ClientId;
  name: string;
  files: RollbackFile[];
  /** Entries that still lead to Patchbay. */
  stillRouted: { path: string; entry: string }[];
}

export interface UninstallReport {
  /** `refused`: some config could not be put back, so nothing that its entries need was removed. */
  state: 'preview' | 'refused' | 'done';
  clients: UninstalledClient[];
  hub: 'stopped' | 'still-running' | 'none';
  /** Paths that are gone, or would be. */
  removed: string[];
  left: Leftover[];
}

/**
 * Takes Patchbay off this machine, in the order in which nobody loses a tool: the configs first, then the hub, then our
 * files. Stops after the configs when one of them could not be put back, unless told otherwise; then it goes on, but
 * leaves what the remaining entries need to start their servers by themselves (A32). Can be repeated.
 */
export async function uninstall(deps: UninstallDeps, options: UninstallOptions): Promise<UninstallReport> {
  const { service, data, platform } = deps;
  const preview = await service.rollback({ dryRun: true });
  const before = await clientsOf(deps, preview.files);
  const login = await loginFileOf(deps.storage.files, platform);
  if (options.dryRun) {
    const removed = [...(await present(deps, dataPieces(data, options))), ...(login ? [login] : [])];
    return { state: 'preview', clients: before, hub: 'none', removed, left: elsewhere(platform) };
  }
  if (hasConflict(preview.files) && !options.force) return refused(before);
  // Asked before anything is changed: a hub that must not be ended ends it all here.
  const live = await deps.findHub();

  const { files } = await rollBack(deps, preview.files);
  const clients = await clientsOf(deps, files);
  const isInUse = clients.some(({ stillRouted }) => stillRouted.length > 0);
  if ((hasConflict(files) || isInUse) && !options.force) return refused(clients);

  // Before the hub ends: a shim that loses it would start the next one.
  const removal = new Removal(deps.storage);
  await removal.remove(data.launch);
  const hub = live === null ? 'none' : (await live.stop()) ? 'stopped' : 'still-running';
  if (login) await removal.remove(login);
  await removePieces(deps, removal, { ...options, isInUse, hub });
  return {
    state: 'done',
    clients,
    hub,
    removed: removal.removed,
    left: [...removal.left, ...elsewhere(platform)],
  };
}

const hasConflict = (files: readonly RollbackFile[]): boolean =>
  files.some(({ result }) => result === 'conflict');

const refused = (clients: UninstalledClient[]): UninstallReport => ({
  state: 'refused',
  clients,
  hub: 'none',
  removed: [],
  left: [],
});

/** Where nothing at all can be put back the rollback throws; for us that is one more conflict. */
async function rollBack(
  { service }: UninstallDeps,
  preview: readonly RollbackFile[],
): Promise<{ files: RollbackFile[] }> {
  try {
    return await service.rollback({ dryRun: false });
  } catch (error) {
    if (!(error instanceof PatchbayError) || preview.length === 0) throw error;
    const message = error.info.hint ? `${error.message} ${error.info.hint}` : error.message;
    return { files: preview.map((row) => ({ ...row, result: 'conflict', sha256: null, diff: '', message })) };
  }
}

async function clientsOf(
  { service }: UninstallDeps,
  files: readonly RollbackFile[],
): Promise<UninstalledClient[]> {
  const views = await service.clients();
  return views
    .map(({ id, name, configs }) => ({
      client: id,
      name,
      files: files.filter(({ client }) => client === id),
      stillRouted: configs.flatMap(({ path: file, entries }) =>
        entries.filter(({ routed }) => routed).map((entry) => ({ path: file, entry: entry.name })),
      ),
    }))
    .filter(({ files: own, stillRouted }) => own.length > 0 || stillRouted.length > 0);
}

async function present({ storage: { files } }: UninstallDeps, pieces: readonly string[]): Promise<string[]> {
  const facts = await Promise.all(pieces.map((piece) => files.linkFacts(piece).catch(() => null)));
  return pieces.filter((_piece, index) => facts[index] !== null);
}

async function removePieces(
  { storage, data }: UninstallDeps,
  removal: Removal,
  { keepData, isInUse, hub }: { keepData: boolean; isInUse: boolean; hub: UninstallReport['hub'] },
): Promise<void> {
  if (hub === 'still-running') {
    return removal.leave(data.root, 'The hub did not end and works with these files.');
  }
  const pieces = dataPieces(data, { keepData }).filter((piece) => {
    if (!isInUse) return true;
    const needed = piece === path.dirname(data.shim) || piece === data.migrations;
    if (needed) removal.leave(piece, 'Entries that could not be put back need it.');
    return !needed;
  });
  // The lock lies in the folder of migrations, so that one goes when it has been given back.
  await withDataLock(storage, data, 'the removal of Patchbay', async () => {
    for (const piece of pieces) if (piece !== data.migrations) await removal.remove(piece);
  });
  if (pieces.includes(data.migrations)) await removal.remove(data.migrations);
  if (!keepData) await removal.removeIfEmpty(data.root);
}

/** What was removed and what would not go. One thing that stays does not keep the others. */
class Removal {
  readonly removed: string[] = [];
  readonly left: Leftover[] = [];
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  leave(file: string, reason: string): void {
    this.left.push({ path: file, reason });
  }

  async remove(file: string): Promise<void> {
    const { files } = this.#storage;
    try {
      await files.linkFacts(file);
    } catch {
      return;
    }
    try {
      await removeTree(files, file);
      this.removed.push(file);
    } catch (error) {
      this.leave(file, `It could not be removed (${errnoOf(error)}).`);
    }
  }

  async removeIfEmpty(folder: string): Promise<void> {
    const { files } = this.#storage;
    const names = await files.list(folder).catch((): string[] => []);
    if (names.length === 0) return await this.remove(folder);
    const strangers = names.filter(
      (name) => !this.left.some(({ path: kept }) => kept === path.join(folder, name)),
    );
    if (strangers.length > 0) this.leave(folder, `It holds what is not Patchbay's: ${strangers.join(', ')}.`);
  }
}

/** What no program may take away behind a person's back, or can without the app. */
function elsewhere({ os }: Platform): Leftover[] {
  if (os === 'darwin') {
    const reason = 'If Patchbay opens at login: take it out under System Settings > General > Login Items.';
    return [{ path: 'Login Items', reason }];
  }
  if (os !== 'win32') return [];
  const reason = 'If Patchbay starts at login: switch it off under Settings > Apps > Startup.';
  return [{ path: 'Startup Apps', reason }];
}
