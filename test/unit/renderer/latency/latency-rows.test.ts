import { expect, it } from 'vitest';
import { latencyOfServer } from '../../../../renderer/features/latency/parity-latency.ts';
import { errorRateOf, trendOf } from '../../../../renderer/features/latency/latency-trend.ts';
import { durationTerm, filterOfRow, sliceTerms } from '../../../../renderer/features/latency/row-filter.ts';
import { sortLatency } from '../../../../renderer/features/latency/sort-latency.ts';
import { parseFilter } from '../../../../shared/filter/parse-filter.ts';
import type { ToolLatency } from '../../../../shared/model/latency.ts';
import type { ParityRow } from '../../../../shared/model/migration.ts';

const row = (given: Partial<ToolLatency>): ToolLatency => ({
  server: 's',
  tool: 't',
  count: 100,
  errors: 0,
  p50Ms: 10,
  p90Ms: 20,
  p99Ms: 100,
  maxMs: 200,
  hubP50Ms: 0.1,
  spark: [],
  previous: null,
  ...given,
});
const before = (p99Ms: number, count = 100) => ({ count, errors: 0, p50Ms: 1, p99Ms });

it.each([
  [row({}), { kind: 'new' }],
  [row({ previous: before(100, 0) }), { kind: 'new' }],
  [row({ count: 4, previous: before(10) }), { kind: 'few' }],
  [row({ previous: before(10, 4) }), { kind: 'few' }],
  [row({ previous: before(90) }), { kind: 'same' }],
  [row({ p99Ms: 2, previous: before(1) }), { kind: 'same' }],
  [row({ previous: before(0) }), { kind: 'same' }],
  [row({ previous: before(50) }), { kind: 'slower', change: 1 }],
  [row({ previous: before(200) }), { kind: 'faster', change: -0.5 }],
])('compares with the period before (%#)', (given, trend) => {
  expect(trendOf(given)).toEqual(trend);
});

it('knows a share of nothing', () => {
  expect(errorRateOf({ count: 0, errors: 0 })).toBe(0);
  expect(errorRateOf({ count: 8, errors: 2 })).toBe(0.25);
});

it('sorts by what got slower, with equal rows in a fixed order', () => {
  const rows = [
    row({ tool: 'b' }),
    row({ tool: 'a' }),
    row({ tool: 'slow', previous: before(50) }),
    row({ tool: 'fast', previous: before(400) }),
  ];
  expect(sortLatency(rows, { column: 'trend', isDescending: true }).map(({ tool }) => tool)).toEqual([
    'slow',
    'a',
    'b',
    'fast',
  ]);
});

it('sorts by the share of errors, not by their number', () => {
  const rows = [row({ tool: 'many', count: 1_000, errors: 10 }), row({ tool: 'few', count: 2, errors: 1 })];
  expect(sortLatency(rows, { column: 'errorRate', isDescending: true })[0]!.tool).toBe('few');
});

it.each([
  [{ server: 'git hub', tool: 'create_issue' }, 'server:"git hub" tool:create_issue'],
  [{ server: 'a', tool: 'tools/list' }, 'server:a method:tools/list'],
  [{ server: 'a', tool: 'initialize' }, 'server:a method:initialize'],
  [{ server: 'a', tool: 'issues/create' }, 'server:a tool:issues/create'],
  [{ server: 'a', tool: 'initialized_at' }, 'server:a tool:initialized_at'],
])('filters for the calls of a row: %j', (given, filter) => {
  expect(filterOfRow(given)).toBe(filter);
});

it.each([
  [10, 20, 'dur:10ms..20ms'],
  [0, 0.25, 'dur:0ms..250us'],
  [1.0001, 2.0001, 'dur:1ms..2001us'],
  [1_000, null, 'dur:>=1000ms'],
])('filters for a span of durations: %d to %d', (from, to, term) => {
  expect(durationTerm(from, to)).toBe(term);
  expect(parseFilter(term).ok).toBe(true);
});

it('names a slice of time by its ends', () => {
  const since = 'since:1970-01-01T00:00:01.000Z';
  expect(sliceTerms(1_000, 60_000, false)).toBe(`${since} until:1970-01-01T00:01:01.000Z`);
  // The minute under way is counted there.
  expect(sliceTerms(1_000, 60_000, true)).toBe(`${since} until:1970-01-01T00:02:01.000Z`);
});

const parity = (given: Partial<ParityRow>): ParityRow => ({
  client: 'claude-code',
  server: 'files',
  scope: 'user',
  toolsBefore: 1,
  toolsAfter: 1,
  missing: [],
  added: [],
  changed: [],
  startBeforeMs: 1,
  startAfterMs: 1,
  latencyBeforeMs: 10,
  latencyAfterMs: 11,
  route: 'hub',
  ...given,
});

it('takes the newest measurement of each place a server was migrated in', () => {
  const found = latencyOfServer('files', [
    { at: '2026-01-01', result: { id: 'old', parity: [parity({}), parity({ client: 'claude-desktop' })] } },
    {
      at: '2026-02-01',
      result: {
        id: 'new',
        parity: [
          parity({ latencyAfterMs: 12 }),
          parity({ server: 'other' }),
          parity({ scope: 'local', project: '/p', latencyBeforeMs: null, latencyAfterMs: null }),
        ],
      },
    },
  ]);
  expect(found.map(({ migration, row }) => [migration, row.client, row.latencyAfterMs])).toEqual([
    ['new', 'claude-code', 12],
    ['old', 'claude-desktop', 11],
  ]);
});
