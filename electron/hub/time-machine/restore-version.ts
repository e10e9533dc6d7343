import { isDeepStrictEqual } from 'node:util';
import type { ConfigVersion, ConfigWrite, RestorePart } from '../../../shared/model/config-version.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ClientAdapter, ConfigFile } from '../clients/client-adapter.ts';
import { parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { valueOf } from '../files/json-node.ts';
import type { Engine } from '../migration/engine.ts';
import { entriesIn, entryKey } from './config-entries.ts';
import { entryText, putEntries, removeEntries } from './entry-edits.ts';
import { writeConfig } from './guarded-write.ts';
import type { VersionLog } from './version-log.ts';

export interface RestoreOptions {
  part: RestorePart;
  dryRun: boolean;
  /** Hash of the file whose diff was shown. */
  expected?: string | null;
}

/** A saved version and where it goes. */
export interface Restorable {
  file: ConfigFile;
  version: ConfigVersion;
  bytes: Uint8Array;
}

/** Puts a saved version in the place of what is there, which is itself saved first. See `writeConfig`. */
export async function restoreVersion(
  engine: Engine,
  log: VersionLog,
  { file, version, bytes }: Restorable,
  { part, dryRun, expected }: RestoreOptions,
): Promise<ConfigWrite> {
  const adapter = engine.adapters.find(({ id }) => id === file.client);
  if (!adapter)
    throw new PatchbayError('NOT_SUPPORTED', `There is no adapter for the client ${file.client}.`);
  const done = await writeConfig(engine, log, {
    file,
    purpose: 'restoring a config version',
    author: { kind: 'patchbay', action: 'restore' },
    ...(expected !== undefined && { expected }),
    dryRun,
    edit: async (present) =>
      part === 'servers' && present ? withServersOf(present, bytes, adapter, file) : bytes,
  });
  return { ...done, notes: notesOf(file, version, part) };
}

/** The present file with exactly the server entries of another state of it. */
function withServersOf(
  present: Uint8Array,
  wanted: Uint8Array,
  adapter: ClientAdapter,
  file: ConfigFile,
): Uint8Array {
  const source = parseJsonDocument(wanted, file.path);
  const now = parseJsonDocument(present, file.path);
  const old = new Map(entriesOf(source, adapter, file));
  const current = new Map(entriesOf(now, adapter, file));
  const gone = [...current]
    .filter(([key]) => !old.has(key))
    .map(([, { table, name }]) => ({ keys: table.keys, name }));
  const put = [...old].flatMap(([key, entry]) => {
    const there = current.get(key);
    if (there && isDeepStrictEqual(valueOf(there.node), valueOf(entry.node))) return [];
    return entryText(source, entry.table.keys, entry.name) ?? [];
  });
  return putEntries(removeEntries(now, gone), put).bytes;
}

const entriesOf = (document: JsonDocument, adapter: ClientAdapter, file: ConfigFile) =>
  entriesIn(document, adapter, file).map((entry) => [entryKey(entry.table.keys, entry.name), entry] as const);

function notesOf(file: ConfigFile, { state, error, at }: ConfigVersion, part: RestorePart): string[] {
  const notes: string[] = [];
  if (state === 'broken')
    notes.push(`That version cannot be read by its client: ${error ?? 'it is damaged'}`);
  if (part === 'file' && file.clientLock !== undefined) {
    notes.push(
      `This puts the whole file back to ${at}, with what the client keeps in it, such as its login and approvals. ` +
        'To put back servers only, restore the part "servers".',
    );
  }
  return notes;
}
