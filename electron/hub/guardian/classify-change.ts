import type { ConfigAuthor } from '../../../shared/model/config-version.ts';
import type { FindingEntry, FindingKind, FindingLevel } from '../../../shared/model/guardian.ts';
import type { Entry } from '../migration/entry.ts';
import { keyOf, launchHash, originalHash, type FileRecord, type RecordedEntry } from './entry-record.ts';
import { shownCommand } from './shown-command.ts';

/** One entry of a condition, with what it was agreed to be and what it is. */
export interface ConditionEntry extends FindingEntry {
  /** Hash of the launch that was agreed to; null for an entry nobody agreed to, or where it is not known. */
  expected: string | null;
  /** Hash of the launch that stands there now; null for none. */
  present: string | null;
}

/** Something that holds for a file now and was not agreed to. */
export interface Condition {
  kind: FindingKind;
  level: FindingLevel;
  entries: ConditionEntry[];
  /** Tells it from a condition of the same kind that a person has accepted. */
  detail: string;
}

export interface Comparison {
  record: FileRecord;
  present: readonly Entry[];
  /** No place for entries is left in the file, or there is no file. */
  isBare: boolean;
  author: ConfigAuthor;
  /** Hashes of launches that are no news, such as those of the catalog. */
  known: ReadonlySet<string>;
}

/** Added servers of one file that are told one by one. */
const MAX_SINGLE = 20;

/** What became of the entries of a file. Pure. */
export function classifyChange({ record, present, isBare, author, known }: Comparison): Condition[] {
  const now = new Map(present.map((entry) => [keyOf({ keys: entry.table.keys, name: entry.name }), entry]));
  const ours = record.entries.filter(({ server }) => server !== null);
  const agreed = new Map(record.entries.map((entry) => [keyOf(entry), entry]));
  const conditions: Condition[] = [];

  const missing = ours.filter((entry) => !now.has(keyOf(entry)));
  if (missing.length > 0) {
    // A person takes out one entry and then another; a client that never had them writes none at all.
    const isRewrite = isBare || (author.kind === 'client' && author.evidence === 'running');
    const isWiped = missing.length === ours.length && present.length === 0 && (ours.length > 1 || isRewrite);
    conditions.push(
      condition(isWiped ? 'wiped' : 'removed', isWiped ? 'warning' : 'notice', missing.map(missingEntry)),
    );
  }

  const edited: ConditionEntry[] = [];
  const direct: ConditionEntry[] = [];
  let isStrange = { edited: false, direct: false };
  for (const recorded of ours) {
    const entry = now.get(keyOf(recorded));
    if (!entry || launchHash(entry) === recorded.launch) continue;
    const isRouted = entry.route !== null;
    const behind = isRouted ? originalHash(entry) : launchHash(entry);
    const strange = behind !== recorded.original && !(behind !== null && known.has(behind));
    if (isRouted) isStrange = { ...isStrange, edited: isStrange.edited || strange };
    else isStrange = { ...isStrange, direct: isStrange.direct || strange };
    (isRouted ? edited : direct).push(presentEntry(entry, recorded));
  }
  if (edited.length > 0) conditions.push(condition('edited', isStrange.edited ? 'alert' : 'warning', edited));
  if (direct.length > 0)
    conditions.push(condition('turned-direct', isStrange.direct ? 'alert' : 'warning', direct));

  const added = present.filter((entry) => {
    const before = agreed.get(keyOf({ keys: entry.table.keys, name: entry.name }));
    return !before || (before.absent && before.launch !== launchHash(entry));
  });
  const levelOf = (entry: Entry): FindingLevel =>
    known.has(originalHash(entry) ?? launchHash(entry)) ? 'notice' : 'alert';
  if (added.length <= MAX_SINGLE) {
    for (const entry of added) {
      conditions.push(condition('added', levelOf(entry), [presentEntry(entry, null)]));
    }
  } else {
    // Ten thousand alerts are no alert.
    const level = added.some((entry) => levelOf(entry) === 'alert') ? 'alert' : 'notice';
    conditions.push(
      condition(
        'added',
        level,
        added.map((entry) => presentEntry(entry, null)),
      ),
    );
  }
  return conditions;
}

/** Entries that went and are remembered; nobody takes out more than that and puts it back. */
const MAX_ABSENT = 500;

/** The entries as they are agreed to by now: those of others follow whatever is done to them. */
export function updatedRecord(record: FileRecord, present: readonly Entry[]): FileRecord {
  const now = new Map(present.map((entry) => [keyOf({ keys: entry.table.keys, name: entry.name }), entry]));
  let absent = 0;
  const entries = record.entries.flatMap((recorded): RecordedEntry[] => {
    if (recorded.server !== null) return [recorded];
    const entry = now.get(keyOf(recorded));
    if (!entry) return (absent += 1) > MAX_ABSENT ? [] : [{ ...recorded, absent: true }];
    const launch = launchHash(entry);
    if (recorded.absent && launch !== recorded.launch) return [recorded];
    return [{ ...recorded, launch, original: originalHash(entry), absent: false }];
  });
  return { ...record, entries };
}

export function condition(kind: FindingKind, level: FindingLevel, entries: ConditionEntry[]): Condition {
  const detail = entries.map((entry) => `${keyOf(entry)} ${entry.present}`).sort();
  return { kind, level, entries, detail: JSON.stringify(detail) };
}

export function missingEntry({ keys, name, scope, project, server, launch }: RecordedEntry): ConditionEntry {
  return {
    name,
    keys,
    scope,
    ...(project !== undefined && { project }),
    ...(server !== null && { server }),
    transport: 'unknown',
    expected: launch,
    present: null,
  };
}

/** An entry that stands in the file now. */
export function presentEntry(entry: Entry, recorded: RecordedEntry | null): ConditionEntry {
  const { scope, project, keys } = entry.table;
  const starts = shownCommand(entry);
  const server = recorded?.server ?? entry.route?.server;
  return {
    name: entry.name,
    keys: [...keys],
    scope,
    ...(project !== undefined && { project }),
    ...(server !== undefined && { server }),
    transport: entry.transport,
    ...(starts !== undefined && { starts }),
    expected: recorded?.launch ?? null,
    present: launchHash(entry),
  };
}
