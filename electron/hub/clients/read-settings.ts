import type { Files } from '../files/files.ts';
import { isMissing } from '../files/file-errors.ts';
import { MAX_CONFIG_BYTES, parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { sha256 } from '../files/sha256.ts';
import { joinerFor } from './platform-paths.ts';
import type { SettingsPlace, Surroundings } from './surroundings.ts';

/** A settings file that exists. */
export interface FoundSettings extends SettingsPlace {
  /** Null when it cannot be read; then `error` says why. */
  document: JsonDocument | null;
  sha256: string | null;
  error: string | null;
}

type FoundContent = Pick<FoundSettings, 'document' | 'sha256' | 'error'>;

const MAX_FILES_IN_FOLDER = 100;

/** Those of the places that exist. */
export async function readSettings(files: Files, places: readonly SettingsPlace[]): Promise<FoundSettings[]> {
  const found = await Promise.all(places.map((place) => readPlace(files, place)));
  return found.filter((settings) => settings !== null);
}

/** An administrator's settings that are spread over folders, in the order in which they count. */
export async function readManagedFolders(
  files: Files,
  { managedSettingsFolders }: Surroundings,
  os: NodeJS.Platform,
): Promise<FoundSettings[]> {
  const join = joinerFor(os);
  const lists = await Promise.all(
    managedSettingsFolders.map(async (folder) => {
      const names = await namesIn(files, folder);
      const chosen = names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
      return chosen
        .slice(0, MAX_FILES_IN_FOLDER)
        .map((name): SettingsPlace => ({ path: join(folder, name), managed: true }));
    }),
  );
  return await readSettings(files, lists.flat());
}

async function readPlace(files: Files, place: SettingsPlace): Promise<FoundSettings | null> {
  const document = await readJson(files, place.path);
  return document && { ...place, ...document };
}

/** A JSON file as far as it can be read; null when there is none. Never rejects for what is in it. */
export async function readJson(files: Files, path: string): Promise<FoundContent | null> {
  try {
    return parseSettings(await files.read(path, MAX_CONFIG_BYTES), path);
  } catch (error) {
    return isMissing(error) ? null : unreadable(error);
  }
}

/** Settings as they came, whoever holds them; `path` names the place in an error. Never throws. */
export function parseSettings(bytes: Uint8Array, path: string): FoundContent {
  try {
    const document = parseJsonDocument(bytes, path);
    return { document, sha256: sha256(bytes), error: null };
  } catch (error) {
    return unreadable(error);
  }
}

const unreadable = (error: unknown): FoundContent => ({
  document: null,
  sha256: null,
  error: (error as Error).message,
});

/** What a folder holds; nothing for one that is not there or may not be looked into. */
export async function namesIn(files: Files, folder: string): Promise<string[]> {
  try {
    return await files.list(folder);
  } catch {
    return [];
  }
}
