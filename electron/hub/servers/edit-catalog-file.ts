import type { Node } from 'jsonc-parser';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import type { DataFolder } from '../data-folder.ts';
import { invalid, parseCatalogContent, type Catalog, type CatalogContent } from './catalog-parse.ts';
import { CATALOG_SCHEMA_NAME } from './catalog-schema-name.ts';
import { isMissing } from '../files/file-errors.ts';
import { insertLast, removeItems } from '../files/json-edit.ts';
import { literal, memberText } from '../files/json-literal.ts';
import { MAX_CONFIG_BYTES, parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { memberOf, membersOf } from '../files/json-node.ts';
import { styleAt } from '../files/json-style.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import { applySplices, type Splice } from '../files/splice.ts';
import type { Storage } from '../files/storage.ts';

/** Servers to add and names to take out; a name in both is replaced. */
export interface CatalogChange {
  add?: ReadonlyMap<string, ServerDefinition>;
  remove?: readonly string[];
}

const EMPTY = `{\n  "$schema": "./${CATALOG_SCHEMA_NAME}",\n  "mcpServers": {}\n}\n`;

/**
 * Adds and removes servers by byte-range edits; everything else in the catalog stays as written. Names to remove that
 * are not there are passed over. Callers hold the data folder's lock. Throws CATALOG_INVALID or CATALOG_CONFLICT.
 */
export async function editCatalogFile(
  storage: Storage,
  data: DataFolder,
  change: CatalogChange,
): Promise<void> {
  const before = await readDocument(storage, data);
  if (!before && (change.add?.size ?? 0) === 0) return;
  const start = before?.root ? before : parseJsonDocument(Buffer.from(EMPTY), data.catalog);
  const removed = removeServers(start, change.remove ?? []);
  const changed = addServers(removed, change.add ?? new Map());
  contentOf(changed);
  if (before && Buffer.from(before.bytes).equals(changed.bytes)) return;
  await writeOwnFile(storage, data.catalog, changed.bytes);
}

/** The servers of the catalog as it is on the disk; see `parseCatalog`. */
export const readCatalogFile = async (storage: Storage, data: DataFolder): Promise<Catalog> =>
  (await readCatalogContent(storage, data)).servers;

/** The catalog as it is on the disk; see `parseCatalogContent`. */
export async function readCatalogContent(storage: Storage, data: DataFolder): Promise<CatalogContent> {
  const document = await readDocument(storage, data);
  return document ? contentOf(document) : { servers: new Map(), profiles: new Map() };
}

/** The catalog's own parser knows no byte order mark. */
const contentOf = ({ text, path }: JsonDocument): CatalogContent =>
  parseCatalogContent(text.replace(/^\uFEFF/, ''), path);

async function readDocument({ files }: Storage, { catalog }: DataFolder): Promise<JsonDocument | null> {
  let bytes: Uint8Array;
  try {
    bytes = await files.read(catalog, MAX_CONFIG_BYTES);
  } catch (error) {
    if (isMissing(error)) return null;
    throw invalid(catalog, `It cannot be read: ${(error as Error).message}`);
  }
  try {
    return parseJsonDocument(bytes, catalog);
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    throw new PatchbayError('CATALOG_INVALID', error.message, { ...error.info, path: catalog }, error);
  }
}

function removeServers(document: JsonDocument, names: readonly string[]): JsonDocument {
  const doomed = new Set(names);
  const splices: Splice[] = [];
  const take = (container: Node | undefined, items: Node[]): void => {
    if (container) splices.push(...removeItems(document.text, container, new Set(items)));
  };
  const table = memberOf(document.root, 'mcpServers')?.value;
  take(
    table,
    membersOf(table).flatMap(({ name, property }) => (doomed.has(name) ? [property] : [])),
  );
  const list = memberOf(document.root, 'servers')?.value;
  const listed = list?.type === 'array' ? (list.children ?? []) : [];
  take(
    list,
    listed.filter((item) => doomed.has(String(memberOf(item, 'name')?.value.value))),
  );
  return spliced(document, splices);
}

function addServers(document: JsonDocument, servers: ReadonlyMap<string, ServerDefinition>): JsonDocument {
  if (servers.size === 0) return document;
  const { text } = document;
  const root = document.root!;
  const table = memberOf(root, 'mcpServers');
  if (!table) {
    const style = styleAt(text, root, root);
    const splice = insertLast(text, root, [memberText('mcpServers', '{}', style)], style);
    return addServers(spliced(document, [splice]), servers);
  }
  const present = new Set(contentOf(document).servers.keys());
  const style = styleAt(text, root, table.value.children?.length ? table.value : root);
  // Members stand one step further in than the table's own line.
  const place = { text, offset: table.property.offset, depth: 1 };
  const members = [...servers].map(([name, definition]) => {
    if (present.has(name)) {
      throw new PatchbayError(
        'CATALOG_CONFLICT',
        `There is a server ${JSON.stringify(name)} in the catalog already.`,
        {
          path: document.path,
        },
      );
    }
    return memberText(name, literal(definition, style, place), style);
  });
  return spliced(document, [insertLast(text, table.value, members, style)]);
}

function spliced(document: JsonDocument, splices: readonly Splice[]): JsonDocument {
  return splices.length === 0 ? document : parseJsonDocument(applySplices(document, splices), document.path);
}
