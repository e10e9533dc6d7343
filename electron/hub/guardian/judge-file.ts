import type { ConfigAuthor, ConfigVersion } from '../../../shared/model/config-version.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ClientAdapter, ConfigFile } from '../clients/client-adapter.ts';
import { valueOf } from '../files/json-node.ts';
import type { Engine } from '../migration/engine.ts';
import type { Entry } from '../migration/entry.ts';
import { readManifests, type Manifest, type ManifestFile } from '../migration/manifest.ts';
import { readCatalogFile } from '../servers/edit-catalog-file.ts';
import { entriesIn, tryParse } from '../time-machine/config-entries.ts';
import type { TimeMachine } from '../time-machine/time-machine.ts';
import { classifyChange, updatedRecord, type Condition } from './classify-change.ts';
import { addressHash, commandHash, keyOf, recordedEntry, type FileRecord } from './entry-record.ts';
import type { GuardianState, StoredFinding } from './findings-file.ts';
import { findMissingShims } from './missing-shim.ts';
import type { Content } from './read-settled.ts';
import { reconcileFindings } from './reconcile-findings.ts';

/** What a file is judged by. */
export interface JudgeDeps {
  engine: Engine;
  timeMachine: TimeMachine;
}

/** A migration that was not taken back, and what it says about one file. */
interface OpenMigration {
  id: string;
  file: ManifestFile;
}

/**
 * Compares a file with what was agreed about it and brings record and findings in line, in place. Answers the findings
 * that are new or changed. Nothing is reported before there is a migration to guard; until then, what is there is what
 * is agreed to.
 */
export async function judgeFile(
  { engine, timeMachine }: JudgeDeps,
  state: GuardianState,
  file: ConfigFile,
  content: Content,
): Promise<StoredFinding[]> {
  const adapter = engine.adapters.find(({ id }) => id === file.client);
  if (!adapter || file.project !== undefined) return [];
  const { manifests } = await readManifests(engine.storage.files, engine.data);
  const versions = await timeMachine.list(file.path);
  const entries = content.document ? entriesIn(content.document, adapter, file) : [];
  const open = openMigrationOf(manifests, file.path);
  const record = await agreedRecord({ timeMachine, versions, open, entries, file, adapter }, state);

  const author: ConfigAuthor = versions[0]?.author ?? { kind: 'unknown' };
  const conditions = manifests.some(({ files }) => files.some(isOpen))
    ? await conditionsOf(engine, adapter, { record, entries, content, author })
    : [];
  const told = reconcileFindings(state, {
    file,
    clientName: adapter.name,
    conditions,
    author,
    version: versions[0]?.id ?? null,
    lastGood: versions.find(({ state: kind }, index) => index > 0 && kind === 'readable')?.id ?? null,
    error: content.error,
    now: engine.storage.now(),
  });
  state.files[file.path] = nextRecord(record, entries, conditions);
  return told;
}

async function conditionsOf(
  engine: Engine,
  adapter: ClientAdapter,
  {
    record,
    entries,
    content,
    author,
  }: { record: FileRecord; entries: readonly Entry[]; content: Content; author: ConfigAuthor },
): Promise<Condition[]> {
  if (content.error !== null) {
    return [{ kind: 'broken', level: 'warning', entries: [], detail: content.sha256 ?? content.error }];
  }
  const conditions = classifyChange({
    record,
    present: entries,
    isBare: adapter.entryTables(valueOf(content.document?.root ?? null)).length === 0,
    author,
    known: await catalogLaunches(engine),
  });
  const agreed = new Set(record.entries.filter(({ server }) => server !== null).map(keyOf));
  const ours = entries.filter(({ table, name }) => agreed.has(keyOf({ keys: table.keys, name })));
  const shims = await findMissingShims(engine.storage.files, ours);
  return shims ? [...conditions, shims] : conditions;
}

/** The record of what was agreed, brought up to the newest thing that we did ourselves with consent. */
async function agreedRecord(
  {
    timeMachine,
    versions,
    open,
    entries,
    file,
    adapter,
  }: {
    timeMachine: TimeMachine;
    versions: readonly ConfigVersion[];
    open: OpenMigration | null;
    entries: readonly Entry[];
    file: ConfigFile;
    adapter: ClientAdapter;
  },
  { files }: GuardianState,
): Promise<FileRecord> {
  const known = Object.hasOwn(files, file.path) ? files[file.path]! : null;
  const base = { migration: open?.id ?? null, version: Number(versions[0]?.id ?? 0) };
  // A lost index counts from 1 again.
  const upTo = known && known.version <= base.version ? known.version : 0;
  const agreed = versions.find(({ id, author }) => Number(id) > upTo && isAgreed(author));
  if (agreed) {
    const then = await entriesOfVersion(timeMachine, agreed, file, adapter);
    if (then) return owned({ ...base, entries: then.map(recordedEntry) }, open);
  }
  const isOld = known?.migration !== base.migration;
  if (open && isOld && !entries.some(({ route }) => route !== null)) {
    // The migration was never seen, and nothing of it is left: its own record must do, which knows names only.
    return {
      ...base,
      entries: [...(known?.entries ?? []), ...entries.map(recordedEntry), ...neverSeen(open)],
    };
  }
  if (!known || (open && isOld)) return owned({ ...base, entries: entries.map(recordedEntry) }, open);
  return owned({ ...known, ...base }, open);
}

/** Entries that lead to the hub are ours to guard while a migration of their file stands. */
const owned = (record: FileRecord, open: OpenMigration | null): FileRecord =>
  open ? record : { ...record, entries: record.entries.map((entry) => ({ ...entry, server: null })) };

const neverSeen = ({ file }: OpenMigration): FileRecord['entries'] =>
  file.entries.map(({ keys, name, scope, project, server }) => ({
    keys,
    name,
    scope,
    ...(project !== undefined && { project }),
    launch: '',
    original: null,
    server,
    absent: false,
  }));

/** A person saw the whole file's diff before it was done. */
const isAgreed = (author: ConfigAuthor): boolean =>
  author.kind === 'patchbay' && ['migration', 'rollback', 'restore'].includes(author.action);

async function entriesOfVersion(
  timeMachine: TimeMachine,
  { id }: ConfigVersion,
  file: ConfigFile,
  adapter: ClientAdapter,
): Promise<Entry[] | null> {
  try {
    const { bytes } = await timeMachine.read(id);
    const document = bytes && tryParse(bytes, file.path);
    return document && typeof document !== 'string' ? entriesIn(document, adapter, file) : null;
  } catch (error) {
    if (error instanceof PatchbayError) return null;
    throw error;
  }
}

function nextRecord(
  record: FileRecord,
  entries: readonly Entry[],
  conditions: readonly Condition[],
): FileRecord {
  const removed = new Set(
    conditions.filter(({ kind }) => kind === 'removed').flatMap((condition) => condition.entries.map(keyOf)),
  );
  const next = updatedRecord(record, entries);
  return { ...next, entries: next.entries.filter((entry) => !removed.has(keyOf(entry))) };
}

async function catalogLaunches({ storage, data, logger }: Engine): Promise<Set<string>> {
  const known = new Set<string>();
  try {
    for (const { command, args = [], url, type } of (await readCatalogFile(storage, data)).values()) {
      if (command !== undefined) known.add(commandHash({ command, args }));
      if (url !== undefined) known.add(addressHash(type === 'sse' ? 'sse' : 'http', url));
    }
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    logger.log('warn', 'guardian.catalog-unreadable', { message: error.message });
  }
  return known;
}

const isOpen = ({ state }: ManifestFile): boolean => state === 'applied' || state === 'pending';

function openMigrationOf(manifests: readonly Manifest[], path: string): OpenMigration | null {
  for (const { id, files } of manifests) {
    const file = files.find((candidate) => candidate.path === path && isOpen(candidate));
    if (file) return { id, file };
  }
  return null;
}
