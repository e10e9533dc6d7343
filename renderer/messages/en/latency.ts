import { formatCount, plural } from '../../lib/format.ts';

export const latencyMessages = {
  title: 'Latency',
  table: 'Latency per tool',
  filterLabel: 'Filter',
  filterPlaceholder: 'server:github tool:create* client:claude-code',
  period: 'Period',
  periods: { '15m': '15 min', '1h': '1 hour', '24h': '24 hours', '7d': '7 days' },
  server: 'Server',
  tool: 'Tool',
  calls: 'Calls',
  errors: 'Errors',
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  max: 'Max',
  hub: 'Hub p50',
  hubHint: 'The share of Patchbay itself, apart from the server’s own time',
  trend: 'Calls over time',
  trendOf: (total: number, peak: number): string =>
    `${plural(total, { one: '# call', other: '# calls' })}, at most ${formatCount(peak)} per slice`,
  showTraffic: (server: string, tool: string): string => `Show the traffic of ${tool} on ${server}`,
  emptyTitle: 'No calls in this period',
  empty: 'Latency appears here per tool as soon as clients call servers through Patchbay.',
  noMatchTitle: 'Nothing matches the filter',
  noMatch: 'No calls of this period match. Widen the filter or choose a longer period.',
  summary: (tools: number, calls: number): string =>
    `${plural(tools, { one: '# tool', other: '# tools' })}, ${plural(calls, { one: '# call', other: '# calls' })}`,
} as const;
