/** Parts of a run, in the order they are made. */
export const SECTIONS = [
  'small',
  'big',
  'sdk-server',
  'logging',
  'start',
  'restart',
  'memory',
  'sessions',
  'scale',
  'neighbours',
  'window',
  'history',
] as const;
export type Section = (typeof SECTIONS)[number];

export interface Options {
  isFull: boolean;
  withPeers: boolean;
  /** File for all figures, every round included. */
  json: string | null;
  sections: readonly Section[];
  /** Names of targets; null: all. `relay#2` is a second process of the same kind. */
  targets: readonly string[] | null;
}

export const HELP = `node build/bench.mjs [options]

  --quick        some minutes in all (the default)
  --full         longer rounds and more of them, also 256 calls in flight
  --peers        also the npm peers; fetches them into .cache/bench the first time
  --json FILE    writes all figures, every round included
  --only NAMES   only these parts (${SECTIONS.join(', ')}) or targets
                 (relay, hub-socket, …; relay#2 is a second one), separated by commas
`;

/** Throws with one sentence when the arguments make no sense. `known`: names of targets. */
export function parseOptions(argv: readonly string[], known: readonly string[]): Options {
  const options = { isFull: false, withPeers: false, json: null as string | null };
  const names: string[] = [];
  const words = [...argv];
  const valueOf = (option: string): string => {
    const value = words.shift();
    if (value === undefined) throw new Error(`${option} needs a value.`);
    return value;
  };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--quick') options.isFull = false;
    else if (word === '--full') options.isFull = true;
    else if (word === '--peers') options.withPeers = true;
    else if (word === '--json') options.json = valueOf(word);
    else if (word === '--only') names.push(...valueOf(word).split(','));
    else throw new Error(`Unknown option: ${word}`);
  }
  const isSection = (name: string): name is Section => (SECTIONS as readonly string[]).includes(name);
  const stranger = names.find((name) => !isSection(name) && !known.includes(name.split('#')[0]!));
  if (stranger !== undefined) {
    throw new Error(
      `--only does not know ${stranger}. Parts: ${SECTIONS.join(', ')}. Targets: ${known.join(', ')}.`,
    );
  }
  const sections = names.filter(isSection);
  const targets = names.filter((name) => !isSection(name));
  return {
    ...options,
    sections: sections.length > 0 ? sections : targets.length > 0 ? ['small'] : SECTIONS,
    targets: targets.length > 0 ? targets : null,
  };
}
