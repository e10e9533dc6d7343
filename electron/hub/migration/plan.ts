import type { Catalog } from '../servers/catalog-parse.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import type {
  Plan,
  PlanEntry,
  PlanFile,
  PlannedServer,
  PlanWarning,
} from '../../../shared/model/migration.ts';
import { createCatalogNames, type CatalogNames } from './catalog-names.ts';
import { configDiff } from './config-diff.ts';
import type { Entry } from './entry.ts';
import { conflictingVariable } from './entry-rewrite.ts';
import { entriesOf, type LoadedConfig } from './load-configs.ts';
import { maskedArguments } from './mask-secrets.ts';
import type { ShimCommand } from './migration-service.ts';
import { fileWarnings, secretWarning } from './plan-warnings.ts';
import { rewriteFile, type Move } from './rewrite-file.ts';
import { readRoutedEntry } from './routed-entry.ts';
import { runningRefusal, type Running } from './running-clients.ts';
import { isSecret, secretArguments } from './secrets.ts';

/** One file of a plan with what it takes to carry it out. */
export interface PlannedFile {
  config: LoadedConfig;
  view: PlanFile;
  moves: Move[];
}

/** A plan for showing, and for doing. */
export interface MigrationPlan {
  view: Plan;
  files: PlannedFile[];
  /** Definitions that the catalog lacks. */
  added: ReadonlyMap<string, ServerDefinition>;
}

/** What a plan is made from; nothing else is looked at. */
export interface PlanInput {
  configs: readonly LoadedConfig[];
  catalog: Catalog;
  running: Running;
  shim: ShimCommand;
}

/** Pure: the same input gives the same plan. A file that must not be touched carries its refusal. */
export function makePlan(input: PlanInput): MigrationPlan {
  const names = createCatalogNames(input.catalog);
  const files = input.configs.filter(({ exists }) => exists).map((config) => planFile(config, input, names));
  return {
    view: { files: files.map(({ view }) => view), servers: plannedServers(files) },
    files,
    added: names.added,
  };
}

function planFile(config: LoadedConfig, { running, shim }: PlanInput, names: CatalogNames): PlannedFile {
  const { adapter, file, document } = config;
  const base = { path: file.path, client: file.client, scope: 'user' as const, sha256: config.sha256 ?? '' };
  if (!document) {
    const { code, message, hint } = config.error!;
    const refusal = { code, message, ...(hint !== undefined && { hint }) };
    const warnings: PlanWarning[] = [{ code: 'UNREADABLE', message }];
    return { config, view: { ...base, diff: '', entries: [], warnings, refusal }, moves: [] };
  }

  const moves: Move[] = [];
  const warnings: PlanWarning[] = [];
  const entries = entriesOf(config).map((entry): PlanEntry => {
    const { name, table, stdio } = entry;
    const where = {
      name,
      scope: table.scope,
      ...(table.project !== undefined && { project: table.project }),
    };
    const routed = stdio && readRoutedEntry(stdio);
    if (stdio && holdsSecret(entry)) warnings.push(secretWarning(name));
    const stay = routed ? ALREADY_ROUTED : reasonToStay(entry, shim);
    if (stay) {
      warnings.push({ code: stay.code, message: `${JSON.stringify(name)}: ${stay.message}`, entry: name });
      return { ...where, action: 'leave', reason: stay.message, ...(routed && { server: routed.server }) };
    }
    const origin = {
      client: file.client,
      path: file.path,
      scope: table.scope,
      ...(table.project !== undefined && { project: table.project }),
    };
    const server = names.nameFor(name, stdio!, origin);
    moves.push({ table, name, original: stdio!, server });
    return { ...where, action: 'move', server };
  });

  warnings.push(...fileWarnings(config, running, warnings));
  const refusal =
    moves.length > 0 ? (config.targetError ?? runningRefusal(file, adapter.name, running)) : null;
  const diff =
    moves.length > 0 ? configDiff(document, rewriteFile(document, moves, file.client, shim).bytes) : '';
  const view: PlanFile = { ...base, diff, entries, warnings };
  if (refusal) {
    const { code, message, hint } = refusal;
    view.refusal = { code, message, ...(hint !== undefined && { hint }) };
  }
  return { config, view, moves };
}

type Stay = Pick<PlanWarning, 'code' | 'message'>;

const ALREADY_ROUTED: Stay = { code: 'ALREADY_ROUTED', message: 'is routed through Patchbay already' };

function reasonToStay(entry: Entry, shim: ShimCommand): Stay | null {
  const unknown = (message: string): Stay => ({ code: 'UNKNOWN_LEFT_DIRECT', message });
  if (entry.transport === 'unknown') return unknown('is no server that Patchbay understands');
  if (entry.transport !== 'stdio') {
    return { code: 'REMOTE_LEFT_DIRECT', message: 'remote servers are not routed in this version' };
  }
  // The name travels on a command line, which carries neither of these.
  if (entry.name === '' || entry.name === '--' || /\0|\p{Surrogate}/u.test(entry.name)) {
    return unknown('has a name that cannot be passed on a command line');
  }
  const variable = conflictingVariable(entry, shim);
  return variable === null ? null : unknown(`sets ${variable} itself, which Patchbay needs otherwise`);
}

function holdsSecret({ stdio }: Entry): boolean {
  if (!stdio) return false;
  return (
    [...stdio.env].some(([name, value]) => isSecret(name, value)) ||
    secretArguments(stdio.args).includes(true)
  );
}

function plannedServers(files: readonly PlannedFile[]): PlannedServer[] {
  const servers = new Map<string, PlannedServer>();
  for (const { config, moves } of files) {
    for (const { table, name, original, server } of moves) {
      const planned = servers.get(server) ?? {
        name: server,
        command: original.command,
        args: maskedArguments(original.args),
        envNames: [...original.env.keys()],
        usedBy: [],
      };
      planned.usedBy.push({
        client: config.file.client,
        entry: name,
        scope: table.scope,
        ...(table.project !== undefined && { project: table.project }),
      });
      servers.set(server, planned);
    }
  }
  return [...servers.values()];
}
