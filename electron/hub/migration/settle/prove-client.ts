import { isParityKept, type ParityRow } from '../../../../shared/model/migration.ts';
import { lostNotes } from '../migration-notes.ts';
import type { Move } from '../move.ts';
import { askAfter } from '../witness-entries.ts';
import type { ProbeResult, WitnessLaunch } from '../witness-port.ts';
import { isTooSlow } from './latency-trigger.ts';
import type { ClientTurn, Run, RunFile } from './migration-run.ts';

/** A loss that shows as often as that is one. */
const MORE_TRIES = 3;
const AGAIN_LIMIT_MS = 5 * 60_000;

/**
 * Starts the routed entries as their client would and holds what they answer beside the baseline. Fills the turn;
 * gives the sentences for what was lost, none when all is kept.
 */
export async function proveClient(
  run: Run,
  turn: ClientTurn,
  written: readonly RunFile[],
): Promise<string[]> {
  const { engine, report } = run;
  report('witness', 'started', `Starting each routed entry as ${turn.name} would.`);
  try {
    turn.after = await askAfter(
      engine,
      written.map(({ planned }) => planned),
      turn.before,
    );
    turn.parity = engine.witness.compare(turn.before, turn.after);
    for (let tries = 0; tries < MORE_TRIES; tries += 1) {
      for (const row of lostRows(run, turn.parity)) await askAgain(run, turn, { written, row });
    }
  } catch (error) {
    // Not proven is not done.
    engine.logger.log('error', 'migration.witness-failed', { message: (error as Error).message });
    return [`The routed entries of ${turn.name} could not be tried: ${(error as Error).message}`];
  }
  return lostNotes(lostRows(run, turn.parity), engine.adapters);
}

const lostRows = ({ settings }: Run, parity: readonly ParityRow[]): ParityRow[] =>
  parity.filter((row) => !isParityKept(row) || isTooSlow(row, settings.trigger));

/**
 * A machine that was busy for a moment, or a server whose lists change by themselves, is no reason to take a client
 * back: what looks lost is asked again by itself, direct and routed right after each other, and counts only when it
 * never comes out well.
 */
async function askAgain(
  { engine }: Run,
  turn: ClientTurn,
  { written, row }: { written: readonly RunFile[]; row: ParityRow },
): Promise<void> {
  const direct = turn.before.filter(({ launch }) => isSameEntry(row, launch));
  const again = await engine.witness.probe(
    direct.map(({ launch }) => launch),
    AbortSignal.timeout(AGAIN_LIMIT_MS),
  );
  // A server that can run only once may be taken by now; that it answered before is what counts.
  const before = direct.map((first, index) => (again[index]?.tools ? again[index] : first));
  const files = written.map(({ planned }) => ({
    ...planned,
    moves: planned.moves.filter((move) => move.way === 'gateway' || isMoveOf(row, move)),
  }));
  turn.before = replaced(turn.before, before);
  turn.after = replaced(turn.after, await askAfter(engine, files, before));
  turn.parity = engine.witness.compare(turn.before, turn.after);
}

const isMoveOf = ({ server, scope, project }: ParityRow, { name, table }: Move): boolean =>
  server === name && scope === table.scope && project === table.project;

const replaced = (all: readonly ProbeResult[], newer: readonly ProbeResult[]): ProbeResult[] =>
  all.map((result) => newer.find(({ launch }) => isSameEntry(launch, result.launch)) ?? result);

type Place = Pick<WitnessLaunch, 'client' | 'server' | 'scope' | 'project'>;

const isSameEntry = (a: Place, b: Place): boolean =>
  a.client === b.client && a.server === b.server && a.scope === b.scope && a.project === b.project;
