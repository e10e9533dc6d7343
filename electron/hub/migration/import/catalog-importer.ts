import type { ServerImport } from '../../../../shared/model/server-change.ts';
import type { DataFolder } from '../../data-folder.ts';
import type { Storage } from '../../files/storage.ts';
import { importServers } from './import-servers.ts';

/** Imports the text of another tool's file; `importServers` says what it throws. */
export type CatalogImporter = (request: {
  text: string;
  /** The file's name, for errors and for the origin of each server. */
  source: string;
  dryRun: boolean;
}) => Promise<ServerImport>;

export const catalogImporter =
  (storage: Storage, data: DataFolder): CatalogImporter =>
  async ({ text, source, dryRun }) => {
    const { format, items, passedOver } = await importServers(storage, data, {
      bytes: Buffer.from(text),
      source,
      dryRun,
    });
    return { format, servers: items, passedOver };
  };
