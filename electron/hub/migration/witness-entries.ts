import { PatchbayError } from '../../../shared/model/error.ts';
import { parseJsonDocument } from '../files/json-document.ts';
import { readCatalogFile } from '../servers/edit-catalog-file.ts';
import type { Engine } from './engine.ts';
import { findEntry, type Entry } from './entry.ts';
import { readConfig } from './load-configs.ts';
import type { GatewayMove, MergedMove, Move } from './move.ts';
import type { PlannedFile } from './plan.ts';
import { seenThroughGateway } from './settle/gateway-tools.ts';
import { witnessLaunch, witnessRequest } from './witness-launches.ts';
import type { ProbeResult, WitnessLaunch } from './witness-port.ts';

/** Longest that all servers together may take; a first `npx` downloads for minutes (B02). */
const PROBE_LIMIT_MS = 10 * 60_000;

/** What the entries to be moved answer now, without us. */
export async function askBefore(
  engine: Engine,
  files: readonly PlannedFile[],
  unwanted: AbortSignal,
): Promise<ProbeResult[]> {
  const launches = files.flatMap(({ config, moves }) =>
    moves.filter(isServer).map((move) => launchBefore(engine, config.adapter, move)),
  );
  const [unasked, asked] = [launches.filter(isOldHttp), launches.filter((launch) => !isOldHttp(launch))];
  const limit = AbortSignal.timeout(PROBE_LIMIT_MS);
  try {
    const answered = await engine.witness.probe(
      asked.map(({ launch }) => launch),
      AbortSignal.any([unwanted, limit]),
    );
    return [...answered, ...unasked.map(({ launch }) => unanswered(launch, OLD_HTTP))];
  } catch (error) {
    if (!limit.aborted) throw error;
    throw new PatchbayError(
      'SERVER_FAILED',
      'The servers took more than ten minutes to answer. Nothing was changed.',
      {
        hint: 'Migrate without the proof (--no-witness), or one client at a time (--client).',
      },
    );
  }
}

const OLD_HTTP = 'Servers with the older HTTP transport (SSE) are not asked directly.';

interface DirectLaunch {
  launch: WitnessLaunch;
  type: string | null;
}

const isOldHttp = ({ type }: DirectLaunch): boolean => type === 'sse';

/** A move of an entry that has a server of its own: a gateway stands for those that were merged. */
const isServer = (move: Move): move is Exclude<Move, GatewayMove> => move.way !== 'gateway';

function launchBefore(
  { platform }: Engine,
  adapter: PlannedFile['config']['adapter'],
  move: Exclude<Move, GatewayMove>,
): DirectLaunch {
  const way = { platform, route: 'direct' } as const;
  return move.way === 'remote'
    ? { launch: witnessRequest(adapter, move, move.original, way), type: move.original.type }
    : { launch: witnessLaunch(adapter, move, move.original, way), type: null };
}

/** What the moved entries answer, started from what now stands in the files. */
export async function askAfter(
  engine: Engine,
  files: readonly PlannedFile[],
  before: readonly ProbeResult[],
): Promise<ProbeResult[]> {
  const gone: ProbeResult[] = [];
  const launches: WitnessLaunch[] = [];
  const merged: MergedAsk[] = [];
  for (const { config, moves } of files) {
    const bytes = await readConfig(engine.storage.files, config.file.path);
    const root = (bytes && parseJsonDocument(bytes, config.file.path))?.root ?? null;
    for (const move of moves.filter((candidate) => candidate.way !== 'merged')) {
      const launch = launchAfter(engine, config.adapter, findEntry(root, move.table, move.name));
      if (!launch && isServer(move)) gone.push(changedAgain(engine, config.adapter, move));
      if (!launch) continue;
      if (move.way === 'gateway') {
        const stands = moves.filter((other) => other.way === 'merged' && isSameTable(other, move));
        merged.push({ launch, moves: stands as MergedMove[], adapter: config.adapter });
      }
      launches.push(launch);
    }
    const hasGateway = (move: Move): boolean =>
      merged.some(({ moves: covered }) => covered.some((other) => other === move));
    for (const move of moves) {
      if (move.way === 'merged' && !hasGateway(move)) gone.push(changedAgain(engine, config.adapter, move));
    }
  }
  const results = await engine.witness.probe(launches, AbortSignal.timeout(PROBE_LIMIT_MS));
  const gateways = new Set(merged.map(({ launch }) => launch));
  const split = await Promise.all(merged.map((asked) => splitGateway(engine, asked, { results, before })));
  return [...results.filter(({ launch }) => !gateways.has(launch)), ...split.flat(), ...gone];
}

interface MergedAsk {
  launch: WitnessLaunch;
  moves: MergedMove[];
  adapter: PlannedFile['config']['adapter'];
}

const isSameTable = (a: Move, b: Move): boolean => a.table.keys.join('\0') === b.table.keys.join('\0');

async function splitGateway(
  engine: Engine,
  { launch, moves, adapter }: MergedAsk,
  { results, before }: { results: readonly ProbeResult[]; before: readonly ProbeResult[] },
): Promise<ProbeResult[]> {
  const gateway = results.find((result) => result.launch === launch)!;
  const servers = [...(await readCatalogFile(engine.storage, engine.data)).keys()];
  return moves.map((move) => {
    const own = witnessLaunch(adapter, move, move.original, { platform: engine.platform, route: 'shim' });
    return seenThroughGateway(gateway, own, { server: move.server, servers, before });
  });
}

/** Null when the entry leads to the hub no more. */
export function launchAfter(
  { platform }: Pick<Engine, 'platform'>,
  adapter: PlannedFile['config']['adapter'],
  entry: Entry | undefined,
): WitnessLaunch | null {
  if (!entry?.route) return null;
  if (entry.stdio) return witnessLaunch(adapter, entry, entry.stdio, { platform, route: 'shim' });
  return entry.remote ? witnessRequest(adapter, entry, entry.remote, { platform, route: 'hub' }) : null;
}

function changedAgain(
  engine: Engine,
  adapter: PlannedFile['config']['adapter'],
  move: Exclude<Move, GatewayMove>,
): ProbeResult {
  const { launch } = launchBefore(engine, adapter, move);
  return unanswered(launch, 'The entry was changed again right after it was routed.');
}

const unanswered = (launch: WitnessLaunch, error: string): ProbeResult => ({
  launch,
  tools: null,
  startMs: null,
  latencyMs: null,
  error,
  route: 'direct',
});
