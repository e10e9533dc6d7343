import type { EntryTransport, MigrationMode, PlanConsequences } from '../../../shared/model/migration.ts';
import { formatCount } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';

const text = messages.setup.choose;

/** A way to route, by its two choices. */
export interface Way {
  mode: MigrationMode;
  transport: EntryTransport;
}

/** All of them, the one that changes least first. */
export const WAYS: readonly Way[] = [
  { mode: 'per-server', transport: 'shim' },
  { mode: 'per-server', transport: 'http' },
  { mode: 'merged', transport: 'shim' },
  { mode: 'merged', transport: 'http' },
];

export const wayKey = ({ mode, transport }: Way): keyof typeof text.way => `${mode} ${transport}`;

/** What one way costs in one respect; `isWorse` than today. */
export interface Cost {
  words: string;
  isWorse: boolean;
}

export type CostName = keyof typeof text.costs;

/** The numbers of one way in words. `entriesMoved` of the way that moves most tells whether another leaves some out. */
export function costsOf(numbers: PlanConsequences, mostMoved: number): Record<CostName, Cost> {
  const { namesChanged, mentions, mentionsBroken, mentionsRewritten, entriesNeedingHub } = numbers;
  const { processesNow, processesThen, entriesElsewhere, serversGained, entriesMoved } = numbers;
  return {
    moved: { words: formatCount(entriesMoved), isWorse: entriesMoved < mostMoved },
    names: {
      words: namesChanged === 0 ? text.namesKept : text.namesChanged(namesChanged),
      isWorse: namesChanged > 0,
    },
    mentions: {
      words:
        mentions === 0
          ? text.mentionsNone
          : mentionsBroken === 0
            ? text.mentionsKept(mentions)
            : text.mentionsBroken(mentionsBroken, mentionsRewritten),
      isWorse: mentionsBroken > mentionsRewritten,
    },
    // A shim is small, yet one process more is one process more.
    processes: { words: text.processes(processesNow, processesThen), isWorse: processesThen > processesNow },
    offline: {
      words: entriesNeedingHub === 0 ? text.worksOffline : text.needsHub(entriesNeedingHub),
      isWorse: entriesNeedingHub > 0,
    },
    place: {
      words: entriesElsewhere === 0 ? text.samePlace : text.otherPlace(entriesElsewhere),
      isWorse: entriesElsewhere > 0,
    },
    gained: {
      words: serversGained === 0 ? text.gainedNone : formatCount(serversGained),
      isWorse: serversGained > 0,
    },
  };
}

/** Everything that would change of what a person has, in a few sentences, nothing left out that is worse. */
export function inShort(numbers: PlanConsequences): string[] {
  const costs = costsOf(numbers, numbers.entriesMoved);
  return (['names', 'mentions', 'processes', 'offline', 'place', 'gained'] as const)
    .filter((name) => name === 'names' || name === 'mentions' || name === 'offline' || costs[name].isWorse)
    .map((name) => `${text.costs[name]}: ${costs[name].words}`);
}
