import type { PlanConsequences } from '../../../shared/model/migration.ts';
import type { MigrationPlan } from './plan.ts';
import type { Move } from './move.ts';

/** Programs that one session has running for a move, before and after. */
const PROCESSES: Readonly<Record<Move['way'], readonly [now: number, then: number]>> = {
  shim: [1, 2],
  override: [1, 2],
  // The hub has the server; the client has nothing but a connection.
  http: [1, 1],
  remote: [0, 1],
  merged: [1, 1],
  gateway: [0, 1],
};

/** The hub alone can serve these: nothing in the entry can be started in its place. */
const NEEDS_HUB: ReadonlySet<Move['way']> = new Set(['http', 'remote', 'merged']);

/** What a plan would do, in numbers. `servers` are all of the catalog once it is carried out. */
export function consequencesOf(
  { files }: Pick<MigrationPlan, 'files'>,
  servers: ReadonlySet<string>,
): PlanConsequences {
  const moves = files.flatMap((file) =>
    file.moves.map((move) => ({ move, client: file.config.file.client })),
  );
  const entries = moves.filter(({ move }) => move.way !== 'gateway');
  const views = files.flatMap(({ view }) => view.entries);
  const mentions = views.flatMap((entry) => (entry.action === 'move' ? (entry.mentions ?? []) : []));
  const processes = (at: 0 | 1): number => moves.reduce((sum, { move }) => sum + processesOf(move)[at], 0);
  const needing = entries.filter(({ move }) => NEEDS_HUB.has(move.way)).length;
  return {
    entriesMoved: entries.length,
    entriesLeft: views.filter(({ action }) => action === 'leave').length,
    namesChanged: entries.filter(({ move }) => move.way === 'merged').length,
    mentions: mentions.length,
    mentionsBroken: mentions.filter(({ keeps }) => !keeps).length,
    mentionsRewritten: mentions.filter(({ rewrites }) => rewrites).length,
    processesNow: processes(0),
    processesThen: processes(1),
    entriesNeedingHub: needing,
    worksWithoutHub: needing === 0,
    entriesElsewhere: entries.filter(({ move }) => move.way === 'http').length,
    serversGained: serversGained(moves, servers),
  };
}

const processesOf = (move: Move): readonly [number, number] =>
  move.way === 'gateway' && move.endpoint ? [0, 0] : PROCESSES[move.way];

/** A gateway shows the whole catalog, also what its client did not have before. */
function serversGained(
  moves: readonly { move: Move; client: string }[],
  servers: ReadonlySet<string>,
): number {
  const clients = new Set(moves.flatMap(({ move, client }) => (move.way === 'gateway' ? [client] : [])));
  return [...clients].reduce((sum, client) => {
    const had = new Set(moves.flatMap((other) => (other.client === client ? [other.move.server] : [])));
    return sum + [...servers].filter((server) => !had.has(server)).length;
  }, 0);
}
