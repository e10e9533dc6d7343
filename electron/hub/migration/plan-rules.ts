import type { Mention, PlanFile } from '../../../shared/model/migration.ts';
import { configDiff } from './config-diff.ts';
import type { LoadedConfig } from './load-configs.ts';
import type { PlannedFile } from './plan.ts';
import { editRules, ruleNodes, type RuleEdit } from './rule-edits.ts';

/**
 * The settings file whose rules follow the entries they name; null when none of them has to. A rule that names several
 * entries is rewritten for each in turn.
 */
export function planRuleFile(config: LoadedConfig, routed: readonly PlannedFile[]): PlannedFile | null {
  const { file, document } = config;
  if (!document) return null;
  const mentions = routed
    .filter(({ view }) => !view.refusal)
    .flatMap(({ view }) => view.entries)
    .flatMap((entry) => (entry.action === 'move' ? (entry.mentions ?? []) : []))
    .filter((mention) => mention.path === file.path && mention.rewrites);
  const rules = uniqueEdits(mentions);
  if (rules.length === 0) return null;
  const view: PlanFile = {
    path: file.path,
    client: file.client,
    scope: 'user',
    sha256: config.sha256 ?? '',
    diff: configDiff(document, editRules(document, rules)),
    entries: [],
    warnings: [],
    rulesRewritten: ruleNodes(document).filter(({ where, rule }) =>
      rules.some((edit) => edit.where === where && edit.from === rule),
    ).length,
  };
  if (config.targetError) {
    const { code, message, hint } = config.targetError;
    view.refusal = { code, message, ...(hint !== undefined && { hint }) };
  }
  return { config, view, moves: [], rules };
}

function uniqueEdits(mentions: readonly Mention[]): RuleEdit[] {
  const edits = new Map<string, RuleEdit>();
  for (const { where, rule, rewritten } of mentions) {
    if (rewritten === undefined) continue;
    edits.set(JSON.stringify([where, rule]), { where, from: rule, to: rewritten });
  }
  return [...edits.values()];
}
