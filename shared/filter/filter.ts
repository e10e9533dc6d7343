/**
 * The traffic query language, one for the UI, the CLI and the store.
 *
 *     filter   = term*                      every term must hold
 *     term     = ["-"] (field ":" values | text)      "-" turns the term round
 *     values   = value ("," value)*         any of them may hold
 *     value    = bare | quoted              bare: no space, comma or quote; `*` stands for anything
 *     quoted   = '"' … '"'                  literal, `\"` and `\\` as escapes
 *     text     = value                      found anywhere in server, client, project, method, tool or error
 *
 *     server client session project method tool   names; `tool:create*`, `server:github,gitlab`
 *                                                 project also matches by its last folders: `project:web`
 *     status   ok error tool-error cancelled lost pending failed
 *              error: an error answer or a tool error; failed: that or lost
 *     dur      >500ms  >=1s  <2ms  <=1m  100ms..2s     units us ms s m h, ms when there is none
 *     size     >10kb  <1mb  1kb..2kb                   request and response together; units b kb mb gb (1024)
 *     since    1h  30m  2d  1w (so long ago), or a time: 2026-11-21, 2026-11-21T10:00Z, 2026-11-21T10:00:00.250Z;
 *              a day begins at midnight UTC, a time without zone is local
 *     until    the same; that moment itself is no longer in it: since:2026-11-21 until:2026-11-22 is one day
 *     is       request notification from-client from-server bookmarked
 *
 * Letters match without regard to case, A to Z only: exactly what SQLite's NOCASE does, so that the predicate here
 * and the query of the store agree on every row.
 */
export const FILTER_FIELDS = [
  'server',
  'client',
  'tool',
  'method',
  'session',
  'project',
  'status',
  'dur',
  'size',
  'since',
  'until',
  'is',
] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** The pieces between the wildcards, case folded. One piece: the whole text must be equal to it. */
export type Pattern = readonly [string, ...string[]];

export interface Comparison {
  op: '>' | '>=' | '<' | '<=';
  value: number;
}

export type IsValue = 'request' | 'notification' | 'from-client' | 'from-server' | 'bookmarked';
/** What a whole conversation has in common. */
export type OriginField = 'server' | 'client' | 'session' | 'project';
export type NameField = OriginField | 'tool' | 'method';

export interface OriginCondition {
  field: OriginField;
  patterns: Pattern[];
}

/** What one term asks; inside a term the alternatives are joined by "or". */
export type Condition =
  | OriginCondition
  | { field: 'tool' | 'method' | 'text'; patterns: Pattern[] }
  | { field: 'status'; outcomes: ('pending' | 'ok' | 'error' | 'tool-error' | 'cancelled' | 'lost')[] }
  /** `dur` in milliseconds, `size` in bytes; the comparisons of one alternative must all hold. */
  | { field: 'dur' | 'size'; ranges: Comparison[][] }
  | { field: 'since' | 'until'; times: FilterTime[] }
  | { field: 'is'; values: IsValue[] };

/** A moment, or a time before now. */
export type FilterTime = { at: number } | { agoMs: number };

export interface FilterTerm {
  negated: boolean;
  condition: Condition;
  /** Where the term stands in the text, `end` exclusive. */
  start: number;
  end: number;
}

export interface Filter {
  terms: FilterTerm[];
}

export interface FilterError {
  message: string;
  /** The part of the text that is wrong, `end` exclusive. */
  start: number;
  end: number;
}

export type ParsedFilter = { ok: true; filter: Filter } | { ok: false; error: FilterError };

/** The moment a value of `since` or `until` means, in epoch milliseconds. */
export const momentOf = (time: FilterTime, nowMs: number): number =>
  'at' in time ? time.at : nowMs - time.agoMs;

/** Whether the answer depends on what people have bookmarked, which an exchange itself does not say. */
export const asksForBookmarks = ({ terms }: Filter): boolean =>
  terms.some(({ condition }) => condition.field === 'is' && condition.values.includes('bookmarked'));
