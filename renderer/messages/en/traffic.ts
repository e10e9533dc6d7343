import { formatCount, plural } from '../../lib/format.ts';

/** Texts of the traffic screen. */
export const trafficMessages = {
  title: 'Traffic',
  grid: 'Exchanges, oldest first',
  filterLabel: 'Filter traffic',
  filterPlaceholder: 'Filter: server:github tool:create* status:error dur:>500ms since:1h "free text"',
  filterShortcut: '/',
  completions: 'Completions',
  clearFilter: 'Clear the filter',
  filterError: (column: number, message: string): string => `Character ${formatCount(column)}: ${message}`,
  pause: 'Pause',
  resume: 'Resume',
  pauseHint: 'Pause the view; recording goes on (Space)',
  waiting: (count: number): string => `${formatCount(count)} waiting`,
  counts: (shown: number, held: number): string =>
    shown === held
      ? plural(shown, { one: '# exchange', other: '# exchanges' })
      : `${formatCount(shown)} of ${formatCount(held)} exchanges`,
  columns: {
    time: 'Time',
    client: 'Client · project',
    server: 'Server',
    method: 'Method / tool',
    outcome: 'Outcome',
    size: 'Size',
    duration: 'Duration',
  },
  outcome: {
    pending: 'Pending',
    ok: 'OK',
    error: 'Error',
    'tool-error': 'Tool error',
    cancelled: 'Cancelled',
    lost: 'Connection lost',
    notification: 'Sent',
  },
  outcomeWithCode: (code: number): string => `Error ${code}`,
  fromServer: 'from the server',
  jumpToNewest: 'Jump to newest',
  newBelow: (count: number): string => `${formatCount(count)} new`,
  loadingOlder: 'Loading older exchanges…',
  startOfHistory: 'Start of the recorded history',
  viewFull: 'The list is full. Narrow the filter to see older exchanges.',
  missed: (count: number): string =>
    `${plural(count, { one: '# exchange', other: '# exchanges' })} came too fast to be shown here. They are in the history.`,
  emptyTitle: 'No traffic yet',
  empty:
    'Calls appear here the moment a client makes one. Route a client through Patchbay, then use it as always.',
  emptyRouted: 'Your clients are routed through Patchbay. Use one of their tools and the call appears here.',
  emptySetup: 'Set up routing',
  noMatchTitle: 'Nothing matches the filter',
  noMatch: 'The recorded history holds no exchange like this.',
  loading: 'Loading exchanges…',
} as const;
