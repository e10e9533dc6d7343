import { PatchbayError } from '../../../shared/model/error.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import { applySplices, type Splice } from '../files/splice.ts';
import { parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { findEntry, type Entry, type RemoteServer, type StdioCommand } from './entry.ts';
import { rewriteEntry, rewriteRemote, rewriteToHttp, type Additions } from './entry-rewrite.ts';
import type { ShimCommand } from './migration-service.ts';
import { blankSecrets } from './moved-secrets.ts';
import type { GatewayMove, MergedMove, Move, OverrideMove } from './move.ts';
import { addEntries, gatewayEntry, mergeTable, overrideEntry } from './new-entries.ts';
import type { PlannedFile } from './plan.ts';
import { readRoutedEntry } from './routed-entry.ts';
import { editRules } from './rule-edits.ts';

/** A file's bytes with its entries routed. */
export interface RewrittenFile {
  bytes: Uint8Array;
  /** What was added per move; null for one that was routed this way already. */
  additions: (Additions | null)[];
}

/**
 * Routes the entries of one file and proves that the result reads as intended. Throws CONFIG_CHANGED when an entry
 * is no longer what the plan saw.
 */
export function rewriteFile(
  document: JsonDocument,
  moves: readonly Move[],
  client: ClientId,
  shim: ShimCommand,
): RewrittenFile {
  const splices: Splice[] = [];
  const additions = moves.map((move): Additions | null => {
    const entry = findEntry(document.root, move.table, move.name);
    if (isDone(entry, move)) return null;
    if (!isAsPlanned(entry, move)) throw entryChanged(document.path, move.name);
    const rewrite = rewriteInPlace(document, entry, move, { client, shim });
    const secrets = [...(move.secrets ?? [])];
    if (entry && rewrite) splices.push(...rewrite.splices, ...blankSecrets(entry, secrets));
    const additions = rewrite?.additions ?? { args: false, env: false, envNames: [] };
    return secrets.length > 0 ? { ...additions, secrets } : additions;
  });
  splices.push(
    ...tableSplices(
      document,
      moves.filter((_move, index) => additions[index]),
      { client, shim },
    ),
  );
  const bytes = applySplices(document, splices);
  const after = parseJsonDocument(bytes, document.path);
  for (const move of moves) {
    if (!isDone(findEntry(after.root, move.table, move.name), move)) {
      throw new Error(`The rewritten entry ${JSON.stringify(move.name)} does not read as intended.`);
    }
  }
  return { bytes, additions };
}

/** What a plan makes of a file: its entries routed, or the rules rewritten that name them. See `rewriteFile`. */
export function rewritePlanned(
  document: JsonDocument,
  { config, moves, rules }: Pick<PlannedFile, 'config' | 'moves' | 'rules'>,
  shim: ShimCommand,
): RewrittenFile {
  if (rules.length > 0) return { bytes: editRules(document, rules), additions: [] };
  return rewriteFile(document, moves, config.file.client, shim);
}

interface Route {
  client: ClientId;
  shim: ShimCommand;
}

/** Null for moves that are no edit of one entry by itself. */
function rewriteInPlace(
  document: JsonDocument,
  entry: Entry | undefined,
  move: Move,
  { client, shim }: Route,
): { splices: Splice[]; additions: Additions } | null {
  if (!entry) return null;
  const { server, secrets } = move;
  const route = { client, server, ...(secrets && { secrets }) };
  if (move.way === 'shim') return rewriteEntry(document, entry, route, shim);
  if (move.way === 'remote') {
    const env = { ...Object.fromEntries(move.env), ...shim.env };
    return rewriteRemote(document, entry, route, { ...shim, env });
  }
  return move.way === 'http' ? rewriteToHttp(document, entry, move.endpoint) : null;
}

/** The edits that take entries out of tables or put new ones into them, one table at a time. */
function tableSplices(document: JsonDocument, moves: readonly Move[], { client, shim }: Route): Splice[] {
  const merged = groupByTable(moves.filter((move): move is MergedMove => move.way === 'merged'));
  const gateways = moves.filter((move): move is GatewayMove => move.way === 'gateway');
  const splices = [...merged].flatMap(([table, group]) => {
    const gateway = gateways.find((move) => tableKey(move) === table);
    return mergeTable(
      document,
      group,
      gateway ? { name: gateway.name, entry: gatewayEntry(gateway, client, shim) } : null,
    );
  });
  // Every entry it would stand for is gone meanwhile.
  const idle = gateways.find((move) => !merged.has(tableKey(move)));
  if (idle) throw entryChanged(document.path, idle.name);
  const overrides = groupByTable(moves.filter((move): move is OverrideMove => move.way === 'override'));
  for (const group of overrides.values()) {
    const entries = group.map((move) => ({ name: move.name, entry: overrideEntry(move, client, shim) }));
    const added = addEntries(document, group[0]!.table.keys, entries);
    if (!added) throw entryChanged(document.path, group[0]!.name);
    splices.push(...added);
  }
  return splices;
}

const tableKey = ({ table }: Move): string => JSON.stringify(table.keys);

function groupByTable<M extends Move>(moves: readonly M[]): Map<string, M[]> {
  const groups = new Map<string, M[]>();
  for (const move of moves) groups.set(tableKey(move), [...(groups.get(tableKey(move)) ?? []), move]);
  return groups;
}

/** Whether an entry is what the move makes of it. */
function isDone(entry: Entry | undefined, move: Move): boolean {
  if (move.way === 'merged') return entry === undefined;
  if (!entry) return false;
  const { route } = entry;
  if (move.way === 'shim' || move.way === 'override') {
    const routed = entry.stdio && readRoutedEntry(entry.stdio);
    const { command, args } = move.original;
    return routed?.server === move.server && routed.command === command && sameList(routed.args, args);
  }
  if (move.way === 'http') {
    return route?.way === 'http' && route.server === move.server && entry.remote?.url === move.endpoint.url;
  }
  return route?.way === move.way && route.server === move.server;
}

/** Whether an entry still is what the plan saw. */
function isAsPlanned(entry: Entry | undefined, move: Move): boolean {
  if (move.way === 'gateway' || move.way === 'override') return entry === undefined;
  if (move.way === 'remote') return entry?.remote !== undefined && isSameRemote(entry.remote, move.original);
  return entry?.stdio !== undefined && isSame(entry.stdio, move.original);
}

function isSame(a: StdioCommand, b: StdioCommand): boolean {
  return a.command === b.command && sameList(a.args, b.args) && sameMap(a.env, b.env);
}

const isSameRemote = (a: RemoteServer, b: RemoteServer): boolean =>
  a.url === b.url && a.type === b.type && sameMap(a.headers, b.headers);

const sameMap = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  sameList([...a].flat(), [...b].flat());

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

const entryChanged = (path: string, name: string): PatchbayError =>
  new PatchbayError(
    'CONFIG_CHANGED',
    `The entry ${JSON.stringify(name)} in ${path} is no longer what the plan showed.`,
    {
      path,
      hint: 'Look at the new plan and try again.',
    },
  );
