import { expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route } from '../../../renderer/lib/route.ts';

const routes: Route[] = [
  { screen: 'traffic', filter: '', exchange: null },
  { screen: 'traffic', filter: 'server:"my server" dur:>500ms a&b=#?', exchange: 12 },
  { screen: 'traffic', filter: 'tool:echo', exchange: 3, compare: 12 },
  { screen: 'latency' },
  { screen: 'servers', server: null },
  { screen: 'servers', server: 'a/b #1?&ü' },
  { screen: 'clients' },
  { screen: 'settings' },
  { screen: 'setup', step: 'found', clients: [] },
  { screen: 'setup', step: 'review', clients: ['claude-code', 'claude-desktop'] },
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

it('starts the wizard at its first step when the step is unknown', () => {
  expect(parseRoute('#/setup?step=bogus')).toEqual({ screen: 'setup', step: 'found', clients: [] });
});
