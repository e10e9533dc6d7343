import { expect, it } from 'vitest';
import { DEFAULT_CHOICES } from '../../../renderer/lib/setup-choices.ts';
import { formatRoute, parseRoute, type Route } from '../../../renderer/lib/route.ts';

const routes: Route[] = [
  { screen: 'traffic', filter: '', exchange: null },
  { screen: 'traffic', filter: 'server:"my server" dur:>500ms a&b=#?', exchange: 12 },
  { screen: 'traffic', filter: 'tool:echo', exchange: 3, compare: 12 },
  { screen: 'latency' },
  { screen: 'latency', filter: 'server:a&b tool:"x y"', period: '7d', row: { server: 'a/b', tool: '#?ü' } },
  { screen: 'latency', tab: 'alerts' },
  { screen: 'servers', server: null },
  { screen: 'servers', server: null, view: 'sharing' },
  { screen: 'servers', server: 'a', view: 'settings' },
  { screen: 'servers', server: 'a/b #1?&ü' },
  { screen: 'clients' },
  { screen: 'clients', config: '' },
  { screen: 'clients', config: '/home/a b/.claude.json?#' },
  { screen: 'settings' },
  { screen: 'setup', step: 'found', clients: [], choices: DEFAULT_CHOICES },
  {
    screen: 'setup',
    step: 'review',
    clients: ['claude-code', 'claude-desktop'],
    choices: {
      mode: 'merged',
      transport: 'http',
      projects: true,
      remotes: true,
      rewriteRules: true,
      moveSecrets: ['claude-code.a b.TOKEN', 'other'],
      slower: { percent: 20, ms: 0 },
    },
  },
  { screen: 'setup', step: 'apply', clients: [], choices: DEFAULT_CHOICES, since: 1_763_715_600_000 },
  { screen: 'setup', step: 'report', clients: [], choices: DEFAULT_CHOICES, migration: 'a b&c' },
];

it.each(routes)('reads back what it wrote: %o', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route);
});

it.each([
  '',
  '#',
  '#/',
  '#/nowhere',
  '#/traffic?exchange=abc',
  '#/traffic?compare=3',
  '#/../etc',
  '#token=x',
])('takes an unknown address for the traffic screen: %j', (hash) => {
  expect(parseRoute(hash)).toEqual({ screen: 'traffic', filter: '', exchange: null });
});

it('leaves out what is no period, no tab and only half a row', () => {
  expect(parseRoute('#/latency?period=9y&tab=x&server=a')).toEqual({ screen: 'latency' });
  expect(parseRoute('#/servers?view=x')).toEqual({ screen: 'servers', server: null });
});

it('starts the wizard at its first step when the step is unknown', () => {
  expect(parseRoute('#/setup?step=bogus')).toEqual({
    screen: 'setup',
    step: 'found',
    clients: [],
    choices: DEFAULT_CHOICES,
  });
});

it.each(['mode=all', 'transport=pigeon', 'slower=-1-5', 'slower=abc', 'slower=1e9-1', 'since=soon'])(
  'takes a choice that it does not know for the one that changes least: %s',
  (query) => {
    expect(parseRoute(`#/setup?step=choose&${query}`)).toEqual({
      screen: 'setup',
      step: 'choose',
      clients: [],
      choices: DEFAULT_CHOICES,
    });
  },
);
