import type { ClientId } from '../../../shared/model/client.ts';
import { PatchbayError, toErrorInfo, type ErrorInfo } from '../../../shared/model/error.ts';
import type { ClientAdapter, ConfigFile } from '../clients/client-adapter.ts';
import { currentConfigFiles } from '../clients/current-config-files.ts';
import { exists } from '../clients/read-sources.ts';
import type { Engine } from './engine.ts';
import { readEntries, type Entry } from './entry.ts';
import { asReadError, isMissing } from '../files/file-errors.ts';
import type { Files } from '../files/files.ts';
import { MAX_CONFIG_BYTES, parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { valueOf } from '../files/json-node.ts';
import { sha256 } from '../files/sha256.ts';
import { findWriteTarget, type WriteTarget } from './write-target.ts';

/** One config file of one client, as far as it could be read. */
export interface LoadedConfig {
  adapter: ClientAdapter;
  file: ConfigFile;
  exists: boolean;
  /** Of its bytes; null when they could not be read. */
  sha256: string | null;
  /** Null when absent or not readable; then `error` says why. */
  document: JsonDocument | null;
  error: ErrorInfo | null;
  target: WriteTarget | null;
  /** Why it must not be written, where reading it works. */
  targetError: ErrorInfo | null;
  /** The file that the client reads instead; null when it reads this one. */
  hiddenBy: string | null;
}

/** Every config file of the wanted clients (all, if none are named), in the order of the adapters. */
export async function loadConfigs(engine: Engine, clients?: readonly ClientId[]): Promise<LoadedConfig[]> {
  const wanted = engine.adapters.filter(({ id }) => !clients || clients.includes(id));
  const loaded = await Promise.all(
    wanted.map(async (adapter) => {
      const files = await currentConfigFiles(adapter, engine.platform);
      return await Promise.all(files.map((file) => loadConfig(engine, adapter, file)));
    }),
  );
  return loaded.flat();
}

/** One config file as far as it can be read. */
export async function loadConfig(
  engine: Engine,
  adapter: ClientAdapter,
  file: ConfigFile,
): Promise<LoadedConfig> {
  const { files } = engine.storage;
  const empty: LoadedConfig = {
    adapter,
    file,
    exists: false,
    sha256: null,
    document: null,
    error: null,
    target: null,
    targetError: null,
    hiddenBy: await firstThatExists(files, file.hiddenBy ?? []),
  };
  let bytes: Uint8Array | null;
  try {
    bytes = await readConfig(files, file.path);
  } catch (error) {
    return { ...empty, exists: true, error: expectedError(error) };
  }
  if (bytes === null) return empty;
  const found = { ...empty, exists: true, sha256: sha256(bytes) };
  try {
    found.document = parseJsonDocument(bytes, file.path);
  } catch (error) {
    return { ...found, error: expectedError(error) };
  }
  try {
    found.target = await findWriteTarget(files, file.path, engine.platform);
  } catch (error) {
    found.targetError = expectedError(error);
  }
  return found;
}

/** The bytes of a config; null when it is not there. Throws CONFIG_TOO_LARGE or CONFIG_UNREADABLE. */
export async function readConfig(files: Files, file: string): Promise<Uint8Array | null> {
  try {
    return await files.read(file, MAX_CONFIG_BYTES);
  } catch (error) {
    if (!isMissing(error)) throw asReadError(error, file);
  }
  // A link to nowhere is a file that cannot be read, not one that is absent.
  try {
    await files.linkFacts(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw asReadError(error, file);
  }
  throw new PatchbayError('CONFIG_UNREADABLE', `${file} is a link to a file that does not exist.`, {
    path: file,
  });
}

async function firstThatExists(files: Files, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await exists(files, path)) return path;
  return null;
}

/** Every entry of a file, table by table. */
export function entriesOf({
  adapter,
  file,
  document,
}: Pick<LoadedConfig, 'adapter' | 'document'> & Partial<Pick<LoadedConfig, 'file'>>): Entry[] {
  if (!document?.root) return [];
  const { root } = document;
  if (file?.project !== undefined) {
    return readEntries(root, { keys: ['mcpServers'], scope: 'project', project: file.project });
  }
  return adapter.entryTables(valueOf(root)).flatMap((table) => readEntries(root, table));
}

function expectedError(error: unknown): ErrorInfo {
  if (error instanceof PatchbayError) return toErrorInfo(error);
  throw error;
}
