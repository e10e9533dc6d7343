import { PatchbayError } from '../../../shared/model/error.ts';
import type { ParityRow } from '../../../shared/model/migration.ts';
import type { ClientAdapter } from '../clients/client-adapter.ts';
import type { Engine } from './engine.ts';
import { findEntry } from './entry.ts';
import { parseJsonDocument } from '../files/json-document.ts';
import { readConfig } from './load-configs.ts';
import type { PlannedFile } from './plan.ts';
import { isRoutedEntry } from './routed-entry.ts';
import { witnessLaunch } from './witness-launches.ts';
import type { ProbeResult, WitnessLaunch } from './witness-port.ts';

/** Longest that all servers together may take; a first `npx` downloads for minutes (B02). */
const PROBE_LIMIT_MS = 10 * 60_000;

/** What the entries to be moved answer now, without us. */
export async function askBefore(
  { witness, platform }: Engine,
  files: readonly PlannedFile[],
  unwanted: AbortSignal,
): Promise<ProbeResult[]> {
  const launches = files.flatMap(({ config, moves }) =>
    moves.map((move) => witnessLaunch(config.adapter, move, move.original, { platform, route: 'direct' })),
  );
  const limit = AbortSignal.timeout(PROBE_LIMIT_MS);
  try {
    return await witness.probe(launches, AbortSignal.any([unwanted, limit]));
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

/** What the moved entries answer, started from what now stands in the files. */
export async function askAfter(
  { witness, platform, storage }: Engine,
  files: readonly PlannedFile[],
): Promise<ProbeResult[]> {
  const gone: ProbeResult[] = [];
  const launches: WitnessLaunch[] = [];
  for (const { config, moves } of files) {
    const bytes = await readConfig(storage.files, config.file.path);
    const document = bytes && parseJsonDocument(bytes, config.file.path);
    for (const move of moves) {
      const stdio = findEntry(document?.root ?? null, move.table, move.name)?.stdio;
      const launch = witnessLaunch(config.adapter, move, stdio ?? move.original, { platform, route: 'shim' });
      if (stdio && isRoutedEntry(stdio)) launches.push(launch);
      else gone.push(unanswered(launch, 'The entry was changed again right after it was routed.'));
    }
  }
  return [...(await witness.probe(launches, AbortSignal.timeout(PROBE_LIMIT_MS))), ...gone];
}

const unanswered = (launch: WitnessLaunch, error: string): ProbeResult => ({
  launch,
  tools: null,
  startMs: null,
  latencyMs: null,
  error,
  route: 'direct',
});

/** The files whose entries these rows are about. */
export function filesOfRows(files: readonly PlannedFile[], rows: readonly ParityRow[]): Set<string> {
  const about = (
    row: ParityRow,
    adapter: ClientAdapter,
    { name, table }: PlannedFile['moves'][number],
  ): boolean =>
    row.client === adapter.id &&
    row.server === name &&
    row.scope === table.scope &&
    row.project === table.project;
  const hit = files.filter(({ config, moves }) =>
    rows.some((row) => moves.some((move) => about(row, config.adapter, move))),
  );
  return new Set(hit.map(({ view }) => view.path));
}
