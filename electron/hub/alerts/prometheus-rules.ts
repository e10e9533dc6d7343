import { wellFormed } from '../../../shared/export/well-formed.ts';
import type { AlertRule } from '../../../shared/model/alert.ts';

const HEAD = `# Alert rules of Patchbay, for Prometheus. Scrape /metrics of the hub at least four times in the shortest
# window below.
`;

/** A rule file over the metrics that the hub serves. Names and rules are the person's own, so all text is quoted. */
export function prometheusRules(rules: readonly AlertRule[]): string {
  const entries = rules.map(ruleEntry).join('');
  const list = rules.some((rule) => expressionOf(rule) !== null) ? '\n' : ' []\n';
  return `${HEAD}groups:\n  - name: patchbay\n    rules:${list}${entries}`;
}

function ruleEntry(rule: AlertRule): string {
  const expression = expressionOf(rule);
  if (expression === null) {
    return `      # ${rule.id} is not here: the durations in /metrics are not told apart by tool.\n`;
  }
  return [
    `      - alert: ${quoted(rule.name)}`,
    `        expr: ${quoted(expression)}`,
    `        for: ${rule.forMinutes}m`,
    '        labels:',
    `          patchbay_rule: ${quoted(rule.id)}`,
    '        annotations:',
    `          summary: ${quoted(summaryOf(rule))}`,
    '',
  ].join('\n');
}

function expressionOf({ kind, server, tool, threshold, forMinutes, minCalls }: AlertRule): string | null {
  const window = `[${forMinutes}m]`;
  const by = tool === undefined ? 'server' : 'server, tool';
  const chosen = (more: readonly string[] = []): string => {
    const matchers = [
      ...(server === undefined ? [] : [`server=${quoted(server)}`]),
      ...(tool === undefined ? [] : [`tool=${quoted(tool)}`]),
      ...more,
    ];
    return matchers.length === 0 ? '' : `{${matchers.join(',')}}`;
  };
  const enough = (counter: string): string =>
    `and on (${by}) sum by (${by}) (increase(${counter}${chosen()}${window})) >= ${minCalls}`;
  switch (kind) {
    case 'server-down':
      return `max by (server) (patchbay_server_failed${chosen()}) == 1`;
    case 'p99': {
      if (tool !== undefined) return null;
      const buckets = `patchbay_exchange_duration_seconds_bucket${chosen()}${window}`;
      const quantile = `histogram_quantile(0.99, sum by (server, le) (rate(${buckets})))`;
      return `1000 * ${quantile} > ${threshold} ${enough('patchbay_exchange_duration_seconds_count')}`;
    }
    case 'error-rate': {
      const failed = `patchbay_exchanges_total${chosen(['outcome=~"error|tool-error|lost"'])}${window}`;
      const all = `patchbay_exchanges_total${chosen()}${window}`;
      const share = `100 * sum by (${by}) (rate(${failed})) / sum by (${by}) (rate(${all}))`;
      return `${share} > ${threshold} ${enough('patchbay_exchanges_total')}`;
    }
  }
}

/** Annotations are templates there: only our own words may stand in them. */
function summaryOf({ kind, tool, threshold, forMinutes }: AlertRule): string {
  const what = tool === undefined ? '{{ $labels.server }}' : '{{ $labels.tool }} of {{ $labels.server }}';
  if (kind === 'server-down') return `${what} is down.`;
  const measured =
    kind === 'p99'
      ? `answers 1 % of its calls in more than ${threshold} ms`
      : `fails more than ${threshold} % of its calls`;
  return `${what} ${measured}, over ${forMinutes} min.`;
}

/** JSON's strings are YAML's and PromQL's, but for characters that YAML wants escaped. */
const quoted = (text: string): string =>
  JSON.stringify(wellFormed(text)).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
