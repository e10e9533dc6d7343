import { Isolation, type ToolRules } from '../../../shared/model/server.ts';
import { ServerChange } from '../../../shared/model/server-change.ts';
import { parseSize, parseTime, writeSize, writeTime } from '../../lib/quantities.ts';

/** Fields with one line of text. Empty means our default. */
export const LIMIT_FIELDS = [
  'timeout',
  'startTimeout',
  'idleTimeout',
  'warm',
  'copies',
  'concurrency',
  'memoryLimit',
] as const;
export type LimitField = (typeof LIMIT_FIELDS)[number];

/** The settings of a server as the form holds them: what is typed, right or wrong. */
export interface ServerDraft extends Record<LimitField, string> {
  /** Empty: our default. */
  isolation: Isolation | '';
  /** Patterns, one per line; empty: all. */
  allow: string;
  /** Patterns, one per line. */
  deny: string;
  /** Server's name of a tool → name shown; an empty name keeps its own. */
  rename: Readonly<Record<string, string>>;
  holdChangedTools: boolean;
}

export type ServerProblem = LimitField | 'rename';

interface Quantity {
  read(text: string): number | null;
  write(value: number): string;
}
const TIME: Quantity = { read: parseTime, write: writeTime };
const SIZE: Quantity = { read: parseSize, write: writeSize };
const NUMBER: Quantity = {
  read: (text) => (/^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : null),
  write: String,
};
const QUANTITIES: Record<LimitField, Quantity> = {
  timeout: TIME,
  startTimeout: TIME,
  idleTimeout: TIME,
  warm: NUMBER,
  copies: NUMBER,
  concurrency: NUMBER,
  memoryLimit: SIZE,
};

/** The form for what stands in the catalog file. */
export function draftOf(settings: ServerChange): ServerDraft {
  const limit = (field: LimitField): string => {
    const value = settings[field];
    return value === undefined || value === null ? '' : QUANTITIES[field].write(value);
  };
  return {
    isolation: settings.isolation ?? '',
    timeout: limit('timeout'),
    startTimeout: limit('startTimeout'),
    idleTimeout: limit('idleTimeout'),
    warm: limit('warm'),
    copies: limit('copies'),
    concurrency: limit('concurrency'),
    memoryLimit: limit('memoryLimit'),
    allow: (settings.tools?.allow ?? []).join('\n'),
    deny: (settings.tools?.deny ?? []).join('\n'),
    rename: settings.tools?.rename ?? {},
    holdChangedTools: settings.holdChangedTools ?? false,
  };
}

/** Patterns as typed, one per line. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line, index, all) => line !== '' && all.indexOf(line) === index);

/**
 * What the form changes of the settings it was made from: a field that was emptied becomes null, which brings our
 * default back, and one that nobody touched is left out, so that a change made elsewhere meanwhile stays.
 */
export function readDraft(
  draft: ServerDraft,
  settings: ServerChange,
): { change: ServerChange; problems: ReadonlySet<ServerProblem> } {
  const start = draftOf(settings);
  const change: ServerChange = {};
  const problems = new Set<ServerProblem>();
  if (draft.isolation !== start.isolation) change.isolation = draft.isolation === '' ? null : draft.isolation;
  if (draft.holdChangedTools !== start.holdChangedTools)
    change.holdChangedTools = draft.holdChangedTools ? true : null;
  for (const field of LIMIT_FIELDS) {
    const typed = draft[field].trim();
    if (typed === start[field]) continue;
    const value = typed === '' ? null : QUANTITIES[field].read(typed);
    if ((typed !== '' && value === null) || !ServerChange.shape[field].safeParse(value).success)
      problems.add(field);
    else change[field] = value;
  }
  if (toolsDiffer(draft, start)) {
    const tools = readTools(draft, settings.tools ?? {});
    if (hasDoubleName(tools)) problems.add('rename');
    else change.tools = Object.keys(tools).length === 0 ? null : tools;
  }
  return { change, problems };
}

/** The rules a draft stands for; keys of ours that are empty are left out, others stay. */
export function readTools(
  draft: Pick<ServerDraft, 'allow' | 'deny' | 'rename'>,
  before: ToolRules,
): ToolRules {
  const { allow: _, deny: __, rename: ___, ...unknown } = before;
  const [allow, deny] = [linesOf(draft.allow), linesOf(draft.deny)];
  const rename = Object.fromEntries(
    Object.entries(draft.rename)
      .map(([tool, name]) => [tool, name.trim()] as const)
      .filter(([tool, name]) => name !== '' && name !== tool),
  );
  return {
    ...unknown,
    ...(allow.length > 0 && { allow }),
    ...(deny.length > 0 && { deny }),
    ...(Object.keys(rename).length > 0 && { rename }),
  };
}

function toolsDiffer(draft: ServerDraft, start: ServerDraft): boolean {
  const plain = ({ allow, deny, rename }: ServerDraft): string =>
    JSON.stringify([
      linesOf(allow),
      linesOf(deny),
      Object.entries(rename)
        .filter(([tool, name]) => name.trim() !== '' && name.trim() !== tool)
        .toSorted(([a], [b]) => a.localeCompare(b)),
    ]);
  return plain(draft) !== plain(start);
}

/** Two tools under one name: a client could call only one of them. */
function hasDoubleName({ rename = {} }: ToolRules): boolean {
  const names = Object.values(rename);
  return new Set(names).size < names.length;
}

/** Reads the choice of a select box. */
export const readIsolation = (value: string): Isolation | '' => Isolation.safeParse(value).data ?? '';
