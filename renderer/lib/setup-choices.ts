import { EntryTransport, MigrationMode, type PlanOptions } from '../../shared/model/migration.ts';
import { ClientId } from '../../shared/model/client.ts';

/** What a person chose in the wizard. The first of everything changes least. */
export interface SetupChoices {
  mode: MigrationMode;
  transport: EntryTransport;
  projects: boolean;
  remotes: boolean;
  rewriteRules: boolean;
  /** Names of the secrets that go to the secret store. */
  moveSecrets: readonly string[];
  /** When a slower answer takes a client back: worse than both. */
  slower: { percent: number; ms: number };
}

export const DEFAULT_CHOICES: SetupChoices = {
  mode: 'per-server',
  transport: 'shim',
  projects: false,
  remotes: false,
  rewriteRules: false,
  moveSecrets: [],
  slower: { percent: 50, ms: 25 },
};

/** More would be no limit, and the hub takes no less than nothing. */
export const MAX_SLOWER = 100_000;

/** Reads choices from an address; what is missing or unknown there is as little change as possible. */
export function readChoices(query: URLSearchParams): SetupChoices {
  const slower = /^(\d{1,6})-(\d{1,6})$/.exec(query.get('slower') ?? '');
  const [percent, ms] = slower ? [Number(slower[1]), Number(slower[2])] : [Infinity, Infinity];
  return {
    mode: MigrationMode.options.find((mode) => mode === query.get('mode')) ?? DEFAULT_CHOICES.mode,
    transport:
      EntryTransport.options.find((transport) => transport === query.get('transport')) ??
      DEFAULT_CHOICES.transport,
    projects: query.has('projects'),
    remotes: query.has('remotes'),
    rewriteRules: query.has('rules'),
    moveSecrets: query.getAll('secret'),
    slower: Math.max(percent, ms) <= MAX_SLOWER ? { percent, ms } : DEFAULT_CHOICES.slower,
  };
}

/** Writes choices to an address; what stands by itself is left out. */
export function writeChoices(query: URLSearchParams, choices: SetupChoices): void {
  const { mode, transport, projects, remotes, rewriteRules, moveSecrets, slower } = choices;
  if (mode !== DEFAULT_CHOICES.mode) query.set('mode', mode);
  if (transport !== DEFAULT_CHOICES.transport) query.set('transport', transport);
  if (projects) query.set('projects', '');
  if (remotes) query.set('remotes', '');
  if (rewriteRules) query.set('rules', '');
  for (const name of moveSecrets) query.append('secret', name);
  const isUsual =
    slower.percent === DEFAULT_CHOICES.slower.percent && slower.ms === DEFAULT_CHOICES.slower.ms;
  if (!isUsual) query.set('slower', `${slower.percent}-${slower.ms}`);
}

/** The hub's own words for it. No client named means all of them; names the hub does not know are left out. */
export function planOptionsOf(choices: SetupChoices, named: readonly string[]): PlanOptions {
  const clients = ClientId.options.filter((id) => named.includes(id));
  const { mode, transport, projects, remotes, rewriteRules, moveSecrets } = choices;
  return {
    ...(clients.length > 0 && { clients }),
    mode,
    transport,
    // The shared file would still bring them under their own names.
    projects: projects && mode === 'per-server',
    remotes,
    rewriteRules: rewriteRules && mode === 'merged',
    ...(moveSecrets.length > 0 && { moveSecrets: [...moveSecrets] }),
  };
}
