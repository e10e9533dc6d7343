import { type AlertKind, AlertRule } from '../../../../shared/model/alert.ts';
import { parseTime, writeTime } from '../../../lib/quantities.ts';

/** A rule as the form holds it: what is typed, right or wrong. */
export interface RuleDraft {
  /** null for a new one; a rule made from a template takes the template's, so that it is offered once. */
  id: string | null;
  isNew: boolean;
  name: string;
  kind: AlertKind;
  /** Empty: each server by itself. */
  server: string;
  /** Empty: all calls of the server together. */
  tool: string;
  /** `2s` for `p99`, percent for `error-rate`. */
  threshold: string;
  forMinutes: string;
  minCalls: string;
  enabled: boolean;
}

/** Fields that were typed wrong. */
export type RuleProblem = 'name' | 'threshold' | 'forMinutes' | 'minCalls';

const START = { forMinutes: '5', minCalls: '20', enabled: true } as const;
const THRESHOLDS: Record<AlertKind, string> = { p99: '2s', 'error-rate': '5', 'server-down': '0' };

/** A new rule; `name` stays empty where only the person knows what it is about. */
export const newDraft = (given: Partial<RuleDraft> & Pick<RuleDraft, 'kind'>): RuleDraft => ({
  id: null,
  isNew: true,
  name: '',
  server: '',
  tool: '',
  threshold: THRESHOLDS[given.kind],
  ...START,
  ...given,
});

/** The draft of a rule that is there. */
export const draftOf = (rule: Readonly<AlertRule>): RuleDraft => ({
  id: rule.id,
  isNew: false,
  name: rule.name,
  kind: rule.kind,
  server: rule.server ?? '',
  tool: rule.tool ?? '',
  threshold: rule.kind === 'p99' ? writeTime(Math.round(rule.threshold)) : String(rule.threshold),
  forMinutes: String(rule.forMinutes),
  minCalls: String(rule.minCalls),
  enabled: rule.enabled,
});

/** Another kind has another unit, and a server that is down has no tool. */
export const withKind = (draft: RuleDraft, kind: AlertKind): RuleDraft => ({
  ...draft,
  kind,
  threshold: THRESHOLDS[kind],
  tool: kind === 'server-down' ? '' : draft.tool,
});

const wholeNumber = (text: string): number =>
  /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN;

/** The hub refuses 100: more than all calls cannot fail. */
function thresholdOf({ kind, threshold }: RuleDraft): number {
  if (kind === 'server-down') return 0;
  if (kind === 'p99') return parseTime(threshold) || Number.NaN;
  const share = /^\d{1,3}(?:[.,]\d{1,3})?$/.exec(threshold.trim())
    ? Number(threshold.trim().replace(',', '.'))
    : -1;
  return share >= 0 && share < 100 ? share : Number.NaN;
}

/** The rule that was meant, or which fields keep it from being one. */
export function readDraft(
  draft: RuleDraft,
  newId: () => string,
): { rule: AlertRule; problems: null } | { rule: null; problems: ReadonlySet<RuleProblem> } {
  const server = draft.server.trim();
  const tool = draft.kind === 'server-down' ? '' : draft.tool.trim();
  const parsed = AlertRule.safeParse({
    id: draft.id ?? newId(),
    name: draft.name.trim(),
    kind: draft.kind,
    ...(server && { server }),
    ...(tool && { tool }),
    threshold: thresholdOf(draft),
    forMinutes: wholeNumber(draft.forMinutes),
    // Not used there, and so never a reason to refuse.
    minCalls: draft.kind === 'server-down' ? 1 : wholeNumber(draft.minCalls),
    enabled: draft.enabled,
  });
  if (parsed.success) return { rule: parsed.data, problems: null };
  return { rule: null, problems: new Set(parsed.error.issues.map(({ path }) => path[0] as RuleProblem)) };
}
