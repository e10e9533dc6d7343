import { PatchbayError } from '../../../shared/model/error.ts';
import type { RollbackFile } from '../../../shared/model/migration.ts';
import type { ClientAdapter, EntryTable } from '../clients/client-adapter.ts';
import { findEntry, readEntries } from './entry.ts';
import { restoreEntry } from './entry-restore.ts';
import { parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { valueOf } from '../files/json-node.ts';
import type { ManifestEntry, ManifestFile } from './manifest.ts';
import { sha256 } from '../files/sha256.ts';
import { applySplices, type Splice } from '../files/splice.ts';
import { unblankSecrets, withoutOriginal } from './moved-secrets.ts';
import { readRoutedEntry } from './routed-entry.ts';
import { needsOriginal, restoreTable } from './restore-table.ts';
import { reversedRules, ruleSplices } from './rule-edits.ts';

/** What one step of a rollback makes of a file's bytes. */
export interface Restored {
  result: RollbackFile['result'];
  /** The bytes after this step; null when there is no file. */
  bytes: Uint8Array | null;
  /** Set with `exact`: the permission bits of before. */
  mode?: number;
  message?: string;
}

/** What a restore needs to know beside the bytes. */
export interface RestoreKnowledge {
  /** The saved original, or why there is none to be trusted. */
  original: Uint8Array | PatchbayError;
  /** Variables the shim needs, for entries nothing else is known about. */
  shimEnv: Readonly<Record<string, string>>;
}

/**
 * Takes one migration of one file back. Pure. Untouched since: the very bytes of before. Changed since: only what we
 * replaced, and only in entries that are still ours (A24); the original command stands in each of them, so that works
 * without the backup too (A26, A27).
 */
export function restoreFile(
  present: Uint8Array | null,
  file: ManifestFile,
  knowledge: RestoreKnowledge,
): Restored {
  if (!present)
    return { result: 'unchanged', bytes: null, message: `${file.path} is gone; nothing was put back.` };
  const hash = sha256(present);
  if (hash === file.sha256Before) return { result: 'unchanged', bytes: present };
  const { original } = knowledge;
  if (hash === file.sha256After && !(original instanceof PatchbayError)) {
    return { result: 'exact', bytes: original, mode: file.mode };
  }

  const restored = editOut(present, file.path, (document) => [
    ...file.entries.filter(isInPlace).flatMap((recorded) => {
      const entry = findEntry(document.root, tableOf(recorded), recorded.name);
      const splices = entry && restoreEntry(document, entry, knowledge.shimEnv, recorded.additions);
      if (!splices) return [];
      const { secrets } = recorded.additions;
      return secrets
        ? [...splices, ...unblankSecrets(entry, secrets, savedEntry(recorded, file, original))]
        : splices;
    }),
    ...restoreTables(document, file, original),
    ...(file.rules ? ruleSplices(document, reversedRules(file.rules)) : []),
  ]);
  const exact = restored.result === 'merged' && sha256(restored.bytes!) === file.sha256Before;
  const step: Restored = exact ? { ...restored, result: 'exact', mode: file.mode } : restored;
  if (!(original instanceof PatchbayError) || step.result === 'unchanged') return step;
  const how =
    step.result === 'conflict'
      ? step.message
      : 'The original commands were taken from the entries themselves.';
  return { ...step, message: `${original.message} ${how}` };
}

function savedEntry(
  recorded: ManifestEntry,
  { path }: ManifestFile,
  original: RestoreKnowledge['original'],
): Parameters<typeof unblankSecrets>[2] {
  if (original instanceof PatchbayError) return original;
  const document = parseJsonDocument(original, path);
  return { document, entry: findEntry(document.root, tableOf(recorded), recorded.name) };
}

/** Takes our part out of every routed entry of a file, whoever put it there. Pure. */
export function restoreAllEntries(
  present: Uint8Array,
  path: string,
  adapter: ClientAdapter,
  shimEnv: Readonly<Record<string, string>>,
): Restored {
  return editOut(present, path, (document) =>
    adapter
      .entryTables(valueOf(document.root))
      .flatMap((table) => readEntries(document.root, table))
      .flatMap((entry) => {
        const secrets = entry.stdio && readRoutedEntry(entry.stdio)?.secrets;
        if (secrets) throw withoutOriginal(entry.name, [{ secret: secrets }]);
        return restoreEntry(document, entry, shimEnv) ?? [];
      }),
  );
}

const isInPlace = ({ way = 'shim' }: ManifestEntry): boolean => ['shim', 'http', 'remote'].includes(way);

/** Entries that were put in and taken out, table by table. */
function restoreTables(
  document: JsonDocument,
  { entries, path }: ManifestFile,
  saved: RestoreKnowledge['original'],
): Splice[] {
  const tables = new Map<string, ManifestEntry[]>();
  for (const entry of entries.filter((recorded) => !isInPlace(recorded))) {
    const key = JSON.stringify(entry.keys);
    tables.set(key, [...(tables.get(key) ?? []), entry]);
  }
  return [...tables.values()].flatMap((recorded) => {
    if (!needsOriginal(document, recorded)) return restoreTable(document, recorded, null);
    if (saved instanceof PatchbayError) throw saved;
    return restoreTable(document, recorded, parseJsonDocument(saved, path));
  });
}

function editOut(
  present: Uint8Array,
  path: string,
  splicesFor: (document: JsonDocument) => Splice[],
): Restored {
  let document: JsonDocument;
  let splices: Splice[];
  try {
    document = parseJsonDocument(present, path);
    splices = splicesFor(document);
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    return { result: 'conflict', bytes: present, message: `${error.message} The file was left alone.` };
  }
  if (splices.length === 0) return { result: 'unchanged', bytes: present };
  const bytes = applySplices(document, splices);
  parseJsonDocument(bytes, path);
  return { result: 'merged', bytes };
}

const tableOf = ({ keys, scope, project }: ManifestEntry): EntryTable => ({
  keys,
  scope,
  ...(project !== undefined && { project }),
});
