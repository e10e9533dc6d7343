import path from 'node:path';
import { z } from 'zod';
import { ClientId, Scope } from '../../../shared/model/client.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { MigrationState, type MigratedFile } from '../../../shared/model/migration.ts';
import type { DataFolder } from '../data-folder.ts';
import { isMissing } from '../files/file-errors.ts';
import type { Files } from '../files/files.ts';
import { MovedSecret } from './moved-secrets.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import type { Storage } from '../files/storage.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/** Time first, so that names sort by age; nothing in it may lead out of the folder (E08). */
export const MigrationId = z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{12}$/);
const BackupName = z.string().regex(/^[a-z0-9-]+\.backup$/);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** An entry that was routed. Holds no value of the config: those may be secrets. */
export const ManifestEntry = z.object({
  name: z.string(),
  keys: z.array(z.string()),
  scope: Scope,
  project: z.string().optional(),
  server: z.string(),
  /** What was done to the entry; absent: it starts our shim with its own command behind it. */
  way: z.enum(['shim', 'http', 'remote', 'merged', 'gateway', 'override']).optional(),
  additions: z.object({
    args: z.boolean(),
    env: z.boolean(),
    envNames: z.array(z.string()),
    members: z.array(z.string()).optional(),
    /** Values that went to the secret store. */
    secrets: z.array(MovedSecret).optional(),
  }),
});
export type ManifestEntry = z.infer<typeof ManifestEntry>;

export const ManifestFile = z.object({
  /** As the client names it; `target` is the file itself. */
  path: z.string(),
  target: z.string(),
  client: ClientId,
  backup: BackupName,
  mode: z.number().int(),
  sha256Before: Sha256,
  sha256After: Sha256,
  /** `pending`: meant to be written, or written and not proven yet. */
  state: z.enum(['pending', 'applied', 'rolled-back', 'skipped']),
  entries: z.array(ManifestEntry),
  /** Rules that were rewritten in a settings file. */
  rules: z.array(z.object({ where: z.string(), from: z.string(), to: z.string() })).optional(),
});
export type ManifestFile = z.infer<typeof ManifestFile>;

/** What one migration did, in its backup folder. */
export const Manifest = z.object({
  version: z.literal(1),
  id: MigrationId,
  /** ISO 8601. */
  at: z.string(),
  state: MigrationState,
  /** Servers this migration added to the catalog. */
  catalogAdded: z.array(z.string()),
  /** Names that the secret store got by it. */
  secretsAdded: z.array(z.string()).optional(),
  files: z.array(ManifestFile),
});
export type Manifest = z.infer<typeof Manifest>;

export const migrationFolder = (data: DataFolder, id: string): string =>
  path.join(data.migrations, MigrationId.parse(id));

export const backupPath = (data: DataFolder, id: string, file: Pick<ManifestFile, 'backup'>): string =>
  path.join(migrationFolder(data, id), BackupName.parse(file.backup));

export function newMigrationId(now: number, token: string): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return MigrationId.parse(`${time}-${token}`);
}

/** Callers hold the data folder's lock. */
export async function writeManifest(storage: Storage, data: DataFolder, manifest: Manifest): Promise<void> {
  const file = path.join(migrationFolder(data, manifest.id), 'manifest.json');
  await writeOwnFile(storage, file, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
}

/** Null when the migration has no manifest (yet). Throws BACKUP_CORRUPT for one that cannot be trusted. */
export async function readManifest(files: Files, data: DataFolder, id: string): Promise<Manifest | null> {
  const file = path.join(migrationFolder(data, id), 'manifest.json');
  let bytes: Uint8Array;
  try {
    bytes = await files.read(file, MAX_BYTES);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const manifest = Manifest.parse(JSON.parse(Buffer.from(bytes).toString()));
    if (manifest.id === id) return manifest;
  } catch {
    // Told below, with the path.
  }
  throw new PatchbayError('BACKUP_CORRUPT', `${file} is damaged.`, {
    path: file,
    hint: 'The saved originals lie beside it; the routed entries themselves hold their original commands too.',
  });
}

/** Every migration with a readable manifest, newest first; damaged ones are counted and left out. */
export async function readManifests(
  files: Files,
  data: DataFolder,
): Promise<{ manifests: Manifest[]; damaged: string[] }> {
  let names: string[];
  try {
    names = await files.list(data.migrations);
  } catch (error) {
    if (isMissing(error)) return { manifests: [], damaged: [] };
    throw error;
  }
  const manifests: Manifest[] = [];
  const damaged: string[] = [];
  for (const id of names.filter((name) => MigrationId.safeParse(name).success)) {
    try {
      const manifest = await readManifest(files, data, id);
      if (manifest) manifests.push(manifest);
    } catch (error) {
      if (!(error instanceof PatchbayError)) throw error;
      damaged.push(id);
    }
  }
  // The id settles the order of two within one millisecond.
  manifests.sort((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1));
  return { manifests, damaged };
}

/** A file as results and history show it. */
export function migratedFile(data: DataFolder, id: string, file: ManifestFile): MigratedFile {
  const { path: config, client, sha256Before, sha256After } = file;
  return { path: config, client, backup: backupPath(data, id, file), sha256Before, sha256After };
}

/** The state of a migration by those of its files. */
export function settledState(files: readonly ManifestFile[]): MigrationState {
  if (files.some(({ state }) => state === 'pending')) return 'applying';
  const touched = files.filter(({ state }) => state === 'applied' || state === 'rolled-back');
  if (touched.length === 0) return 'failed';
  if (touched.every(({ state }) => state === 'applied')) return 'applied';
  return touched.every(({ state }) => state === 'rolled-back') ? 'rolled-back' : 'partly-rolled-back';
}
