import type { Alert, AlertRule } from '../../../shared/model/alert.ts';
import { usage } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';
import { ruleFromWords } from '../read-alert-rule.ts';

/** Alerts and the rules they come from. */
export async function alerts(context: Context): Promise<number> {
  const { line, output } = context;
  const [verb = 'list', id, ...fields] = line.words;
  if (!['list', 'rules', 'add', 'remove', 'prometheus'].includes(verb)) {
    throw usage(`alerts does not know ${JSON.stringify(verb)}.`);
  }
  const takesId = verb === 'add' || verb === 'remove';
  if (takesId && id === undefined) throw usage('Which rule? Give its id.');
  if ((!takesId && id !== undefined) || (verb !== 'add' && fields.length > 0)) {
    throw usage(`alerts ${verb} takes nothing more.`);
  }
  await withHub(context, async ({ api }) => {
    if (verb === 'list') return showAlerts(context, await api.alerts.list());
    if (verb === 'prometheus') {
      const { yaml } = await api.alerts.prometheus();
      if (output.wantsJson) return output.json({ yaml });
      for (const text of yaml.trimEnd().split('\n')) output.say(text);
      return;
    }
    if (verb === 'add') {
      const known = (await api.alerts.rules()).find((rule) => rule.id === id);
      await api.alerts.save(ruleFromWords(id!, fields, known));
    }
    if (verb === 'remove') await api.alerts.remove({ id: id! });
    showRules(context, await api.alerts.rules());
  });
  return 0;
}

function showAlerts({ output }: Context, list: readonly Alert[]): void {
  if (output.wantsJson) return output.json(list);
  if (list.length === 0) return output.say('There are no alerts.');
  output.table(
    list.map((alert) => [
      alert.state,
      alert.name,
      alert.tool === null ? alert.server : `${alert.server} ${alert.tool}`,
      alert.kind === 'server-down'
        ? ''
        : `${measure(alert.kind, alert.value)} (above ${measure(alert.kind, alert.threshold)})`,
      `since ${new Date(alert.since).toISOString()}`,
    ]),
  );
}

function showRules({ output }: Context, rules: readonly AlertRule[]): void {
  if (output.wantsJson) return output.json(rules);
  if (rules.length === 0) {
    return output.say('There are no alert rules. Some to begin with: patchbay alerts add slow-calls');
  }
  output.table(
    rules.map((rule) => [
      rule.id,
      rule.enabled ? 'on' : 'off',
      [rule.server ?? 'each server', rule.tool].filter(Boolean).join(' '),
      rule.kind === 'server-down' ? 'is down' : `${rule.kind} above ${measure(rule.kind, rule.threshold)}`,
      `for ${rule.forMinutes} min`,
      rule.name,
    ]),
  );
}

const measure = (kind: AlertRule['kind'], value: number): string =>
  kind === 'p99' ? `${Math.round(value)} ms` : `${Math.round(value * 10) / 10} %`;
