import type { ClientAdapter, ConfigFile } from '../clients/client-adapter.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { valueOf } from '../files/json-node.ts';
import { readEntries, type Entry } from '../migration/entry.ts';

/** Every entry of a config, table by table. In a project's shared file, all of them are of project scope. */
export function entriesIn(
  document: JsonDocument,
  adapter: ClientAdapter,
  { project }: Pick<ConfigFile, 'project'>,
): Entry[] {
  if (!document.root) return [];
  const tables = adapter.entryTables(valueOf(document.root));
  return tables.flatMap((table) =>
    readEntries(
      document.root,
      project === undefined ? table : { keys: table.keys, scope: 'project' as const, project },
    ),
  );
}

/** A config, or what is wrong with it in words. */
export function tryParse(bytes: Uint8Array, path: string): JsonDocument | string {
  try {
    return parseJsonDocument(bytes, path);
  } catch (error) {
    if (error instanceof PatchbayError) return error.message;
    throw error;
  }
}

/** What tells one entry of a file from another. */
export const entryKey = (keys: readonly string[], name: string): string => JSON.stringify([...keys, name]);
