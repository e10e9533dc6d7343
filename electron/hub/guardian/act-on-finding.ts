import type { ConfigWrite } from '../../../shared/model/config-version.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ClientAdapter, ConfigFile } from '../clients/client-adapter.ts';
import { parseJsonDocument } from '../files/json-document.ts';
import type { Engine } from '../migration/engine.ts';
import type { Entry } from '../migration/entry.ts';
import { readConfig } from '../migration/load-configs.ts';
import { readManifests, writeManifest } from '../migration/manifest.ts';
import { findRunning } from '../migration/running-clients.ts';
import { entriesIn } from '../time-machine/config-entries.ts';
import { removeEntries } from '../time-machine/entry-edits.ts';
import type { TimeMachine } from '../time-machine/time-machine.ts';
import { keyOf, launchHash, recordedEntry, type FileRecord } from './entry-record.ts';
import { actionsFor } from './finding-words.ts';
import type { GuardianState, StoredFinding } from './findings-file.ts';
import { findOwnEntries, mergeEntries, repairShims, type Repaired } from './merge-entries.ts';

/** How a person's word on a finding is carried out. */
export interface ActionOptions {
  dryRun: boolean;
  /** Hash of the file whose diff was shown. */
  expected?: string | null;
}

/** What actions work with; the finding and its file are looked up before. */
export interface ActionDeps {
  engine: Engine;
  timeMachine: TimeMachine;
  file: ConfigFile;
  adapter: ClientAdapter;
}

/** Puts our entries back, or lets them start the shim where it is now. Everything else in the file stays. */
export async function mergeFinding(
  { engine, timeMachine, file, adapter }: ActionDeps,
  finding: StoredFinding,
  options: ActionOptions,
): Promise<ConfigWrite> {
  const isRepair = finding.kind === 'shim-missing';
  const mayMerge = ['wiped', 'removed', 'edited', 'turned-direct'].includes(finding.kind);
  const isStanding = finding.state === 'open' || (finding.kind === 'removed' && finding.state === 'accepted');
  if (!(isRepair || mayMerge) || !isStanding) throw notPossible(finding, 'There is nothing to put back');
  await refuseFight(engine, finding, adapter);

  const entries = isRepair ? [] : await findOwnEntries(timeMachine, file, adapter, finding.entries);
  let added: Repaired['added'] = [];
  return await timeMachine.write({
    file,
    purpose: isRepair ? 'repairing entries' : 'putting entries back',
    author: { kind: 'patchbay', action: isRepair ? 'repair' : 'merge' },
    ...options,
    async edit(present) {
      if (!isRepair) return mergeEntries(present, file, entries, engine.shim);
      if (!present)
        throw new PatchbayError('CONFIG_UNREADABLE', `${file.path} is gone.`, { path: file.path });
      await engine.installShim();
      const repaired = repairShims(present, file, finding.entries, engine.shim);
      added = repaired.added;
      return repaired.bytes;
    },
    afterwards: () => noteAddedVariables(engine, file, added),
  });
}

/** Takes an added server out again; the version before it is saved. */
export async function removeAdded(
  { timeMachine, file, adapter }: ActionDeps,
  finding: StoredFinding,
  options: ActionOptions,
): Promise<ConfigWrite> {
  if (finding.kind !== 'added' || finding.state !== 'open')
    throw notPossible(finding, 'There is nothing to remove');
  return await timeMachine.write({
    file,
    purpose: 'removing an added server',
    author: { kind: 'patchbay', action: 'removal' },
    ...options,
    async edit(present) {
      if (!present)
        throw new PatchbayError('CONFIG_UNREADABLE', `${file.path} is gone.`, { path: file.path });
      const document = parseJsonDocument(present, file.path);
      assertAsFound(entriesIn(document, adapter, file), finding);
      return removeEntries(document, finding.entries).bytes;
    },
  });
}

/** What the file holds by now is agreed to, as far as the finding tells of it. Throws PLAN_STALE when it has changed. */
export async function acceptFinding(
  { engine, file, adapter }: ActionDeps,
  state: GuardianState,
  finding: StoredFinding,
): Promise<void> {
  if (finding.state !== 'open') throw notPossible(finding, 'There is nothing to accept');
  if (finding.kind !== 'broken' && finding.kind !== 'shim-missing') {
    const bytes = await readConfig(engine.storage.files, file.path);
    const entries = bytes ? entriesIn(parseJsonDocument(bytes, file.path), adapter, file) : [];
    assertAsFound(entries, finding);
    agree(state, finding, entries);
  }
  close(finding, 'accepted', engine.storage.now());
}

/** Records that the entries of a finding are meant to be as they are in the file. */
export function agree(state: GuardianState, finding: StoredFinding, entries: readonly Entry[]): void {
  const record: FileRecord | undefined = state.files[finding.path];
  if (!record) return;
  const about = new Set(finding.entries.map(keyOf));
  const now = entries.filter(({ table, name }) => about.has(keyOf({ keys: table.keys, name })));
  const others = record.entries.filter((entry) => !about.has(keyOf(entry)));
  state.files[finding.path] = { ...record, entries: [...others, ...now.map(recordedEntry)] };
}

export function close(finding: StoredFinding, how: StoredFinding['state'], now: number): void {
  finding.state = how;
  finding.settledAt = new Date(now).toISOString();
  finding.actions = actionsFor(finding);
}

function assertAsFound(entries: readonly Entry[], finding: StoredFinding): void {
  const now = new Map(
    entries.map((entry) => [keyOf({ keys: entry.table.keys, name: entry.name }), launchHash(entry)]),
  );
  const isAsFound = finding.entries.every((entry) => (now.get(keyOf(entry)) ?? null) === entry.present);
  if (isAsFound) return;
  throw new PatchbayError('PLAN_STALE', `${finding.path} has changed since this was found.`, {
    path: finding.path,
    hint: 'Look at what is found now: patchbay guardian',
  });
}

/** A client that undid this within minutes would do so again: only while it is closed can it stay. */
async function refuseFight(engine: Engine, finding: StoredFinding, adapter: ClientAdapter): Promise<void> {
  if (finding.advice === null) return;
  const running = await findRunning(engine);
  if (running.unknown === null && running.of(adapter.id).length === 0) return;
  throw new PatchbayError('CLIENT_RUNNING', `${adapter.name} undid this before. ${finding.advice}`, {
    path: finding.path,
    hint: `Quit ${adapter.name} completely and try again.`,
  });
}

/** A rollback takes out again what its record says was put in. */
async function noteAddedVariables(
  { storage, data }: Engine,
  file: ConfigFile,
  added: Repaired['added'],
): Promise<void> {
  if (added.length === 0) return;
  const { manifests } = await readManifests(storage.files, data);
  for (const manifest of manifests) {
    let isChanged = false;
    for (const record of manifest.files.filter(
      ({ path, state }) => path === file.path && state === 'applied',
    )) {
      for (const { keys, name, variables, hadEnv } of added) {
        const entry = record.entries.find((candidate) => keyOf(candidate) === keyOf({ keys, name }));
        const fresh = variables.filter((variable) => entry && !entry.additions.envNames.includes(variable));
        if (!entry || fresh.length === 0) continue;
        entry.additions.envNames.push(...fresh);
        entry.additions.env ||= !hadEnv;
        isChanged = true;
      }
    }
    if (isChanged) await writeManifest(storage, data, manifest);
  }
}

const notPossible = ({ id, state, kind }: StoredFinding, what: string): PatchbayError =>
  new PatchbayError('NOTHING_TO_DO', `${what}: the finding ${id} (${kind}) is ${state}.`, {
    hint: 'See: patchbay guardian',
  });
