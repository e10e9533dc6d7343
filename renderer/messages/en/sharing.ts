import { formatBytes, plural } from '../../lib/format.ts';

const processes = (count: number): string => plural(count, { one: '# process', other: '# processes' });

/** Texts of the sharing adviser. */
export const sharingMessages = {
  title: 'Sharing',
  lead: 'By default each session has its own process of a server, as it had without Patchbay. Where a server keeps nothing per session, sessions can share one. Nothing is shared unless you say so.',
  headline: (fewer: number, bytes: number | null): string =>
    fewer === 0
      ? 'Nothing to save at the moment.'
      : bytes === null
        ? `Sharing would save ${processes(fewer)}.`
        : `Sharing would save ${processes(fewer)} and about ${formatBytes(bytes)}.`,
  headlineHint: 'Counted over the servers below for which sharing is offered, from what runs now.',
  none: 'No server that runs on this computer is switched on.',
  remote: 'A remote server has no process here that could be shared.',
  verdicts: {
    good: 'Can be shared',
    possible: 'Can be tried',
    bad: 'Keep apart',
    already: 'Is shared',
  },
  verdictHints: {
    good: 'Nothing that was seen speaks against it.',
    possible: 'Nothing speaks against it, but not all is known. A trial can be taken back.',
    bad: 'Sessions would get in each other’s way.',
    already: 'Its sessions use the same process.',
  },
  signs: { for: 'For:', against: 'Against:', unknown: 'Open:' },
  reasons: {
    roots: 'Sessions told it different folders to work in (roots).',
    cwd: 'Its sessions started in different folders.',
    env: 'Its sessions have different variables where it may look.',
    'server-requests': 'It asks its client for things: one client would get questions about another’s work.',
    'session-state':
      'The same call gave other answers in other sessions, or its tools changed: it remembers.',
    subscriptions: 'Sessions subscribed to resources.',
    'read-only': 'All its tools say that they only read.',
    known: 'It is known to keep nothing between calls.',
    'few-calls': 'Too few calls, or too few sessions, were seen to be sure.',
  },
  now: 'Now',
  shared: 'Shared',
  isolation: 'Isolation',
  processes: 'Processes',
  memory: 'Memory',
  sessions: 'Sessions',
  saves: (bytes: number): string => `saves about ${formatBytes(bytes)}`,
  table: (server: string): string => `What sharing ${server} would change`,
  try: {
    shared: 'Try sharing',
    user: 'Try sharing per user',
    client: 'Try sharing per client',
    session: 'Try',
  },
  tryOf: (what: string, server: string): string => `${what}: ${server}`,
  trial: (since: string, before: string): string => `On trial since ${since}; before: ${before}.`,
  trialHint: 'Sessions that were open then keep their own process; new ones share.',
  takeBack: 'Take back',
  keep: 'Keep',
  takeBackOf: (server: string): string => `Take back the trial of ${server}`,
  keepOf: (server: string): string => `Keep sharing ${server}`,
  toServer: (server: string): string => `Show ${server}`,
} as const;
