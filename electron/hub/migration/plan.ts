import type { ServerDefinition } from '../../../shared/model/server.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import type { Plan, PlanEntry, PlanFile, PlanOptions, PlanWarning } from '../../../shared/model/migration.ts';
import type { Platform } from '../data-folder.ts';
import type { Catalog } from '../servers/catalog-parse.ts';
import { createCatalogNames } from './catalog-names.ts';
import { configDiff } from './config-diff.ts';
import type { Entry } from './entry.ts';
import type { HubEndpoint } from './hub-endpoint.ts';
import { entriesOf, type LoadedConfig } from './load-configs.ts';
import { findMentions } from './mentions.ts';
import type { ShimCommand } from './migration-service.ts';
import type { Move } from './move.ts';
import { consequencesOf } from './plan-consequences.ts';
import { draftFile, overridesOf, type PlanDraft } from './plan-draft.ts';
import type { OverridePlan } from './plan-overrides.ts';
import { planRuleFile } from './plan-rules.ts';
import { createSecretPlan, type SecretPlan } from './plan-secrets.ts';
import { plannedServers } from './plan-servers.ts';
import { entryWarning, fileWarnings, secretWarning } from './plan-warnings.ts';
import { rewriteFile } from './rewrite-file.ts';
import type { RuleEdit } from './rule-edits.ts';
import { runningRefusal, type Running } from './running-clients.ts';
import { mergedNames, unchangedNames } from './server-names.ts';
import type { ClientAround } from './survey.ts';

/** One file of a plan with what it takes to carry it out. */
export interface PlannedFile {
  config: LoadedConfig;
  view: PlanFile;
  moves: Move[];
  /** Rules of a settings file that are rewritten with the entries they name. */
  rules: RuleEdit[];
}

/** A plan for showing, and for doing. */
export interface MigrationPlan {
  view: Plan;
  files: PlannedFile[];
  /** Definitions that the catalog lacks. */
  added: ReadonlyMap<string, ServerDefinition>;
  /** What the secret store holds. */
  stored: ReadonlyMap<string, string>;
}

/** What a plan is made from; nothing else is looked at. */
export interface PlanInput {
  configs: readonly LoadedConfig[];
  around: ReadonlyMap<ClientId, ClientAround>;
  catalog: Catalog;
  /** What the secret store holds: no name of it gets another value. */
  secrets?: ReadonlyMap<string, string>;
  running: Running;
  shim: ShimCommand;
  /** Needed for entries that become URLs. */
  hub: HubEndpoint | null;
  platform: Platform;
  options: PlanOptions;
}

/** Pure: the same input gives the same plan. A file that must not be touched carries its refusal. */
export function makePlan(input: PlanInput): MigrationPlan {
  const names = createCatalogNames(input.catalog);
  const stored = input.secrets ?? new Map<string, string>();
  const secrets = createSecretPlan(stored, input.options.moveSecrets);
  const context = { options: input.options, shim: input.shim, hub: input.hub, names, secrets };
  const drafts = input.configs
    .filter(({ exists }) => exists)
    .map((config) => draftFile(config, input, context));
  // Names behind a gateway depend on all the servers there are, so nothing is said before all is decided.
  const servers = [...new Set([...input.catalog.keys(), ...names.added.keys()])];
  const own = drafts.map((file) => planFile(file, input, { servers, secrets }));
  const shared = [...input.around].flatMap(([client, around]) =>
    around.shared.map((config) => sharedFile(config, overridesOf(drafts, client))),
  );
  const rules = [...input.around].flatMap(([client, { settings }]) =>
    settings.flatMap(
      (config) =>
        planRuleFile(
          config,
          own.filter((file) => file.config.file.client === client),
        ) ?? [],
    ),
  );
  const files = [...own, ...shared, ...rules];
  const view = {
    files: files.map((file) => file.view),
    servers: plannedServers(files),
    consequences: consequencesOf({ files }, new Set(servers)),
  };
  return { view, files, added: names.added, stored };
}

function planFile(
  drafted: PlanDraft,
  { running, shim }: PlanInput,
  { servers, secrets }: { servers: readonly string[]; secrets: SecretPlan },
): PlannedFile {
  const { config, around, judge, decisions, moves } = drafted;
  const { adapter, file, document } = config;
  const base = { path: file.path, client: file.client, scope: 'user' as const, sha256: config.sha256 ?? '' };
  if (!document) return { config, view: unreadable(config, base), moves: [], rules: [] };

  const mentionsOf = (entry: Pick<Entry, 'name' | 'table'>, move: Move): Pick<PlanEntry, 'mentions'> => {
    const toolNames =
      move.way === 'merged' ? mergedNames(entry.name, move.server, servers) : unchangedNames(entry.name);
    const rewrites = new Set(
      around.settings.filter((settings) => !settings.targetError).map(({ file: { path } }) => path),
    );
    const mentions = findMentions(
      { ...entry, names: toolNames },
      { surroundings: around.found, state: document, rewrites },
    );
    return mentions.length > 0 ? { mentions } : {};
  };

  const warnings: PlanWarning[] = [];
  const entries = decisions.map(({ entry, move, stay }): PlanEntry => {
    const where = placeOf(entry);
    const inClear = secrets.offers(entry, adapter);
    if (inClear.length > 0) warnings.push(secretWarning(entry.name, inClear, move?.secrets ?? []));
    if (!move) {
      if (stay) warnings.push(entryWarning(entry.name, stay));
      const server = entry.route?.server;
      return {
        ...where,
        action: 'leave',
        ...(stay && { reason: stay.message }),
        ...(server !== undefined && { server }),
      };
    }
    return { ...where, action: 'move', server: move.server, ...mentionsOf(entry, move) };
  });
  const added = drafted.overrides.moves.map((move): PlanEntry => {
    const project = { ...move.table, scope: 'project' as const };
    const overrides = sharedPathOf(around, move.table.project, move.name);
    return {
      ...placeOf(move),
      action: 'move',
      server: move.server,
      ...(overrides !== undefined && { overrides }),
      ...mentionsOf({ name: move.name, table: project }, move),
    };
  });

  const offers = decisions.flatMap(({ entry, move }) => (move ? secrets.offers(entry, adapter) : []));
  warnings.push(...fileWarnings(config, { running, moves, servers }, warnings));
  const view: PlanFile = {
    ...base,
    diff: moves.length > 0 ? configDiff(document, rewriteFile(document, moves, file.client, shim).bytes) : '',
    entries: [...entries, ...added],
    warnings,
    ...(offers.length > 0 && { secrets: offers }),
  };
  const refusal =
    moves.length > 0
      ? (judge.refusal(moves) ?? config.targetError ?? runningRefusal(file, adapter.name, running))
      : null;
  if (refusal) view.refusal = refusalView(refusal);
  return { config, view, moves, rules: [] };
}

const placeOf = ({
  name,
  table,
}: Pick<Entry, 'name' | 'table'>): Pick<PlanEntry, 'name' | 'scope' | 'project'> => ({
  name,
  scope: table.scope,
  ...(table.project !== undefined && { project: table.project }),
});

function sharedPathOf(around: ClientAround, project: string | undefined, name: string): string | undefined {
  const paths = around.byProject.find((known) => known.project === project)?.paths ?? [];
  return paths.find((path) => {
    const config = around.shared.find(({ file }) => file.path === path);
    return config && entriesOf(config).some((entry) => entry.name === name);
  });
}

const refusalView = ({
  code,
  message,
  hint,
}: NonNullable<PlanFile['refusal']>): NonNullable<PlanFile['refusal']> => ({
  code,
  message,
  ...(hint !== undefined && { hint }),
});

function unreadable(
  config: LoadedConfig,
  base: Pick<PlanFile, 'path' | 'client' | 'scope' | 'sha256'>,
): PlanFile {
  const warnings: PlanWarning[] = [{ code: 'UNREADABLE', message: config.error!.message }];
  return { ...base, diff: '', entries: [], warnings, refusal: refusalView(config.error!) };
}

/** A shared file is shown with what becomes of its entries elsewhere; its own bytes stay. */
function sharedFile(config: LoadedConfig, { shared }: OverridePlan): PlannedFile {
  const { file, error } = config;
  const shown = shared.get(file.path) ?? { entries: [], warnings: [] };
  const view: PlanFile = {
    path: file.path,
    client: file.client,
    scope: 'project',
    sha256: config.sha256 ?? '',
    diff: '',
    entries: shown.entries,
    warnings: error ? [{ code: 'UNREADABLE', message: error.message }] : shown.warnings,
  };
  return { config, view, moves: [], rules: [] };
}
