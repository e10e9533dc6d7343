import type { ClientId } from '../../../shared/model/client.ts';
import { entriesOf, type LoadedConfig } from './load-configs.ts';
import type { Move } from './move.ts';
import type { PlanInput } from './plan.ts';
import { planOverrides, type OverridePlan } from './plan-overrides.ts';
import { createPolicyJudge, type PolicyJudge } from './plan-policy.ts';
import { decideEntries, type Decision, type TableContext } from './plan-table.ts';
import { NOTHING_AROUND, type ClientAround } from './survey.ts';

/** What is decided about one file before anything is said about it. */
export interface PlanDraft {
  config: LoadedConfig;
  around: ClientAround;
  judge: PolicyJudge;
  decisions: Decision[];
  moves: Move[];
  overrides: OverridePlan;
}

const NO_OVERRIDES: OverridePlan = { moves: [], shared: new Map() };

/** Decides about the entries of one file. Names of the catalog are given out here, so files are to be taken in order. */
export function draftFile(config: LoadedConfig, input: PlanInput, context: TableContext): PlanDraft {
  const around = input.around.get(config.file.client) ?? NOTHING_AROUND;
  const judge = createPolicyJudge(config, around.found, input);
  const entries = entriesOf(config);
  const isBlocked = new Map(entries.map((entry) => [entry, judge.blockedNow(entry)]));
  const open = entries.filter((entry) => !isBlocked.get(entry));
  const { decisions, gateways } = decideEntries(config, open, context);
  // Projects are told of in the client's one file of state, and overridden there.
  const takesOverrides = config.adapter.projects !== undefined && config.hiddenBy === null;
  const overrides = takesOverrides
    ? planOverrides(config, around, { ...context, blockedNow: (entry) => judge.blockedNow(entry) })
    : NO_OVERRIDES;
  const byEntry = new Map(decisions.map((decision) => [decision.entry, decision]));
  return {
    config,
    around,
    judge,
    overrides,
    decisions: entries.map(
      (entry) => byEntry.get(entry) ?? { entry, move: null, stay: isBlocked.get(entry) ?? null },
    ),
    moves: [...decisions.flatMap(({ move }) => move ?? []), ...gateways, ...overrides.moves],
  };
}

/** What was decided about the shared files of a client’s projects. */
export const overridesOf = (drafts: readonly PlanDraft[], client: ClientId): OverridePlan =>
  drafts.find(({ config, overrides }) => config.file.client === client && overrides !== NO_OVERRIDES)
    ?.overrides ?? NO_OVERRIDES;
