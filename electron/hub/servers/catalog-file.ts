import { parseTree, findNodeAtLocation, modify } from 'jsonc-parser';
import { PatchbayError } from '../../../shared/model/error.ts';
import { ServerChange } from '../../../shared/model/server-change.ts';
import type { DataFolder } from '../data-folder.ts';
import { withDataLock } from '../files/data-lock.ts';
import { MAX_CONFIG_BYTES, parseJsonDocument } from '../files/json-document.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import { applySplices } from '../files/splice.ts';
import { nodeStorage } from '../files/storage.ts';
import { parseCatalogContent, type CatalogContent } from './catalog-parse.ts';
import {
  editCatalogFile,
  readCatalogContent,
  readCatalogFile,
  type CatalogChange,
} from './edit-catalog-file.ts';

/**
 * Reads and checks the catalog; a missing or empty file is an empty catalog. Throws CATALOG_INVALID with path, line,
 * column and what is wrong.
 */
export const readCatalog = (data: DataFolder): Promise<CatalogContent> =>
  readCatalogContent(nodeStorage(process.platform), data);

/** Adds and removes servers under the data folder's lock; everything else in the file stays as written. */
export async function editCatalog(data: DataFolder, change: CatalogChange): Promise<void> {
  const storage = nodeStorage(process.platform);
  await withDataLock(storage, data, 'a change of the catalog', () => editCatalogFile(storage, data, change));
}

/** The fields of a definition that people change here. */
export const CHANGEABLE_FIELDS = Object.keys(ServerChange.shape) as readonly ChangeableField[];
export type ChangeableField = keyof ServerChange;
export type { ServerChange };

/**
 * Changes members of one definition; everything else in the file stays as written. Throws SERVER_UNKNOWN, or
 * CATALOG_INVALID when the change does not go with the rest of the definition; then nothing is written.
 */
export async function changeServer(data: DataFolder, name: string, change: ServerChange): Promise<void> {
  const storage = nodeStorage(process.platform);
  await withDataLock(storage, data, 'a change of the catalog', async () => {
    if (!(await readCatalogFile(storage, data)).has(name)) {
      throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${JSON.stringify(name)} in the catalog.`);
    }
    let document = parseJsonDocument(await storage.files.read(data.catalog, MAX_CONFIG_BYTES), data.catalog);
    for (const field of CHANGEABLE_FIELDS) {
      const value = change[field];
      if (value === undefined) continue;
      const place = [...placeOf(document.text, name), field];
      const edits = modify(document.text, place, value ?? undefined, { formattingOptions: FORMAT });
      const splices = edits.map(({ offset, length, content }) => ({ offset, length, text: content }));
      document = parseJsonDocument(applySplices(document, splices), data.catalog);
    }
    parseCatalogContent(document.text.replace(/^\uFEFF/, ''), data.catalog);
    await writeOwnFile(storage, data.catalog, document.bytes);
  });
}

const FORMAT = { insertSpaces: true, tabSize: 2 };

/** Where the definition stands: in the common form, or in the list form. */
function placeOf(text: string, name: string): (string | number)[] {
  const root = parseTree(text);
  const list = root && findNodeAtLocation(root, ['servers']);
  const index = list?.children?.findIndex((item) => findNodeAtLocation(item, ['name'])?.value === name) ?? -1;
  return index === -1 ? ['mcpServers', name] : ['servers', index];
}
