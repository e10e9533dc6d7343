import { parseTree, findNodeAtLocation, modify } from 'jsonc-parser';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { DataFolder } from '../data-folder.ts';
import { withDataLock } from '../files/data-lock.ts';
import { MAX_CONFIG_BYTES, parseJsonDocument } from '../files/json-document.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import { applySplices } from '../files/splice.ts';
import { nodeStorage } from '../files/storage.ts';
import type { Catalog } from './catalog-parse.ts';
import { editCatalogFile, readCatalogFile, type CatalogChange } from './edit-catalog-file.ts';

/**
 * Reads and checks the catalog; a missing or empty file is an empty catalog. Throws CATALOG_INVALID with path, line,
 * column and what is wrong.
 */
export const readCatalog = (data: DataFolder): Promise<Catalog> =>
  readCatalogFile(nodeStorage(process.platform), data);

/** Adds and removes servers under the data folder's lock; everything else in the file stays as written. */
export async function editCatalog(data: DataFolder, change: CatalogChange): Promise<void> {
  const storage = nodeStorage(process.platform);
  await withDataLock(storage, data, 'a change of the catalog', () => editCatalogFile(storage, data, change));
}

/** Switches a server on or off by one member of its definition. Throws SERVER_UNKNOWN or CATALOG_INVALID. */
export async function setServerEnabled(data: DataFolder, name: string, enabled: boolean): Promise<void> {
  const storage = nodeStorage(process.platform);
  await withDataLock(storage, data, 'a change of the catalog', async () => {
    if (!(await readCatalogFile(storage, data)).has(name)) {
      throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${JSON.stringify(name)} in the catalog.`);
    }
    const document = parseJsonDocument(
      await storage.files.read(data.catalog, MAX_CONFIG_BYTES),
      data.catalog,
    );
    const edits = modify(document.text, [...placeOf(document.text, name), 'enabled'], enabled, {
      formattingOptions: FORMAT,
    });
    const splices = edits.map(({ offset, length, content }) => ({ offset, length, text: content }));
    await writeOwnFile(storage, data.catalog, applySplices(document, splices));
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
