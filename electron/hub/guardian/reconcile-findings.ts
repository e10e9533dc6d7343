import type { ConfigAuthor } from '../../../shared/model/config-version.ts';
import type { ConfigFile } from '../clients/client-adapter.ts';
import type { Condition } from './classify-change.ts';
import { keyOf } from './entry-record.ts';
import { actionsFor, findingMessage, habitAdvice } from './finding-words.ts';
import type { GuardianState, StoredFinding } from './findings-file.ts';

/** Undone within this time of being put back: its client does that, and would do it again. */
const HABIT_MS = 10 * 60_000;

/** What a look at one file found. */
export interface Look {
  file: ConfigFile;
  clientName: string;
  conditions: readonly Condition[];
  author: ConfigAuthor;
  version: string | null;
  lastGood: string | null;
  /** What is wrong with a file that cannot be read. */
  error: string | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Brings the findings about one file in line with what holds for it now, in place; answers those that are new or
 * changed. What no longer holds has settled by itself; what was accepted stays so until it changes.
 */
export function reconcileFindings(state: GuardianState, look: Look): StoredFinding[] {
  const told: StoredFinding[] = [];
  const about = state.findings.filter(({ path }) => path === look.file.path);
  const standing = new Set<StoredFinding>();
  for (const condition of look.conditions) {
    const accepted = about.findLast(
      (finding) => finding.state === 'accepted' && isAbout(finding, condition) && finding.kind !== 'removed',
    );
    if (accepted?.detail === condition.detail) continue;
    const open = about.find((finding) => finding.state === 'open' && isAbout(finding, condition));
    const undone = open ? undefined : putBackLately(about, condition, look.now);
    const finding = open ?? undone;
    if (!finding) {
      const fresh = newFinding(state, look, condition);
      standing.add(fresh);
      told.push(fresh);
      continue;
    }
    standing.add(finding);
    if (open && open.detail === condition.detail) continue;
    if (undone) {
      undone.undone += 1;
      undone.advice = habitAdvice(look.author, look.clientName);
    }
    settle(finding, look, condition);
    told.push(finding);
  }
  for (const finding of about) {
    if (finding.state !== 'open' || standing.has(finding)) continue;
    Object.assign(finding, { state: 'obsolete', settledAt: isoTime(look.now), actions: [] });
    told.push(finding);
  }
  return told;
}

/** One finding per kind and file, except that each added server is a story of its own. */
function isAbout(finding: StoredFinding, { kind, entries }: Condition): boolean {
  if (finding.kind !== kind) return false;
  const [mine, other] = [finding.entries[0], entries[0]];
  return kind !== 'added' || (mine !== undefined && other !== undefined && keyOf(mine) === keyOf(other));
}

/** The last finding that was put back and is undone by this condition, in whatever way. */
function putBackLately(
  about: readonly StoredFinding[],
  { kind, entries }: Condition,
  now: number,
): StoredFinding | undefined {
  if (kind === 'added' || kind === 'broken' || kind === 'shim-missing') return undefined;
  const keys = new Set(entries.map(keyOf));
  return about.findLast(
    ({ state, mergedAt, entries: merged }) =>
      state === 'merged-back' &&
      mergedAt !== null &&
      now - mergedAt <= HABIT_MS &&
      merged.some((entry) => keys.has(keyOf(entry))),
  );
}

function newFinding(state: GuardianState, look: Look, condition: Condition): StoredFinding {
  const finding: StoredFinding = {
    id: String(state.nextId),
    kind: condition.kind,
    level: condition.level,
    state: 'open',
    path: look.file.path,
    client: look.file.client,
    at: isoTime(look.now),
    settledAt: null,
    entries: [],
    author: look.author,
    version: null,
    lastGood: null,
    message: '',
    advice: null,
    undone: 0,
    actions: [],
    detail: '',
    mergedAt: null,
  };
  state.nextId += 1;
  state.findings.push(finding);
  settle(finding, look, condition);
  return finding;
}

/** Fills a finding in from what holds now. A removal is told once and then is what the file is meant to be. */
function settle(finding: StoredFinding, look: Look, { kind, level, entries, detail }: Condition): void {
  const isAgreed = kind === 'removed';
  Object.assign(finding, {
    kind,
    level,
    state: isAgreed ? 'accepted' : 'open',
    settledAt: isAgreed ? isoTime(look.now) : null,
    entries,
    detail,
    author: look.author,
    version: look.version,
    lastGood: look.lastGood,
  } satisfies Partial<StoredFinding>);
  finding.message = findingMessage(finding, look.clientName, look.error);
  finding.actions = actionsFor(finding);
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
