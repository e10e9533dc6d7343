import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { prometheusRules } from '../../../electron/hub/alerts/prometheus-rules.ts';
import { createMetrics } from '../../../electron/hub/api/metrics.ts';
import { ALERT_TEMPLATES, type AlertRule } from '../../../shared/model/alert.ts';
import { projectRoot } from '../../support/cli.ts';

// A parser that the packager brings along; it is no dependency of ours.
const { parse } = (await import(path.join(projectRoot, 'node_modules', 'yaml', 'dist', 'index.js'))) as {
  parse(text: string): unknown;
};

/** https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
const RuleFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().min(1),
          expr: z.string().min(1),
          for: z.string().regex(/^\d+m$/),
          labels: z.record(z.string().regex(/^[a-z_]+$/), z.string()),
          annotations: z.record(z.string().regex(/^[a-z_]+$/), z.string()),
        }),
      ),
    }),
  ),
});

const rulesOf = (rules: readonly AlertRule[]) =>
  RuleFile.parse(parse(prometheusRules(rules))).groups[0]!.rules;
const rule = (changed: Partial<AlertRule>): AlertRule => ({ ...ALERT_TEMPLATES[0]!, ...changed });

test('the templates become these rules', () => {
  expect(rulesOf(ALERT_TEMPLATES).map(({ alert, for: time, expr }) => [alert, time, expr])).toEqual([
    [
      'Slow calls',
      '5m',
      '1000 * histogram_quantile(0.99, sum by (server, le) (rate(patchbay_exchange_duration_seconds_bucket[5m]))) > 5000 ' +
        'and on (server) sum by (server) (increase(patchbay_exchange_duration_seconds_count[5m])) >= 20',
    ],
    [
      'Failing calls',
      '5m',
      '100 * sum by (server) (rate(patchbay_exchanges_total{outcome=~"error|tool-error|lost"}[5m])) / ' +
        'sum by (server) (rate(patchbay_exchanges_total[5m])) > 20 ' +
        'and on (server) sum by (server) (increase(patchbay_exchanges_total[5m])) >= 10',
    ],
    ['Server down', '1m', 'max by (server) (patchbay_server_failed) == 1'],
  ]);
});

test('rules of one server and tool look at these only', () => {
  const [failing, down] = rulesOf([
    rule({
      kind: 'error-rate',
      server: 'git"hub\\',
      tool: 'a\nb',
      threshold: 1.5,
      forMinutes: 60,
      minCalls: 2,
    }),
    rule({ kind: 'server-down', server: 'x' }),
  ]);
  expect(failing?.expr).toBe(
    String.raw`100 * sum by (server, tool) (rate(patchbay_exchanges_total{server="git\"hub\\",tool="a\nb",outcome=~"error|tool-error|lost"}[60m])) / ` +
      String.raw`sum by (server, tool) (rate(patchbay_exchanges_total{server="git\"hub\\",tool="a\nb"}[60m])) > 1.5 ` +
      String.raw`and on (server, tool) sum by (server, tool) (increase(patchbay_exchanges_total{server="git\"hub\\",tool="a\nb"}[60m])) >= 2`,
  );
  expect(down?.expr).toBe('max by (server) (patchbay_server_failed{server="x"}) == 1');
});

test('what the metrics cannot tell is said instead of guessed', () => {
  const text = prometheusRules([rule({ id: 'tool-p99', tool: 'create_issue' })]);
  expect(text).toContain('# tool-p99 is not here');
  expect(rulesOf([rule({ tool: 'create_issue' })])).toEqual([]);
  expect(rulesOf([])).toEqual([]);
});

test('names that try to be more than text stay text', () => {
  for (const name of [
    'a: b # c',
    '"}\n  - evil: yes',
    '{{ $labels.x }} {{ end }}',
    "it's \\ \t \u2028 \u0085 \u007f \ufeff 😀",
    '- ? ! & * | > % @ `',
    'no',
    '\ud800',
  ]) {
    const [entry] = rulesOf([rule({ name })]);
    expect(entry?.alert).toBe(name.replace('\ud800', '\ufffd'));
    expect(entry?.annotations.summary).not.toContain(name);
    expect(entry?.labels).toEqual({ patchbay_rule: 'slow-calls' });
  }
});

test('every metric and label they ask for is served', async () => {
  const { text } = await createMetrics({
    version: '1',
    exchanges: () => [{ server: 's', tool: 't', outcome: 'error', count: 1 }],
    durations: () => [{ server: 's', count: 1, sumSeconds: 1, durations: [[1, 1]] }],
    dropped: () => 0,
    sessions: () => [],
    servers: () => [{ name: 's', state: 'failed', instances: [], restarts: 0 }],
    upstreams: () => [],
    alerts: () => [],
    eventLoop: () => ({ meanMs: 0, p50Ms: 0, p99Ms: 0, maxMs: 0, blocked: 0 }),
  }).scrape();
  const served = new Map<string, Set<string>>();
  for (const [, name, labels] of text.matchAll(/^(patchbay_\w+)(?:\{(.*)\})? /gm)) {
    served.set(name!, new Set([...(labels ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label!)));
  }
  const rules = rulesOf([...ALERT_TEMPLATES, rule({ kind: 'error-rate', server: 's', tool: 't' })]);
  for (const { expr } of rules) {
    const asked = [...expr.matchAll(/(patchbay_\w+)(?:\{([^}]*)\})?/g)];
    expect(asked.length).toBeGreaterThan(0);
    for (const [, name, matchers] of asked) {
      expect([...served.keys()]).toContain(name);
      for (const [, label] of (matchers ?? '').matchAll(/(\w+)=/g))
        expect(served.get(name!)).toContain(label);
    }
    expect(expr.split('(').length).toBe(expr.split(')').length);
  }
});
