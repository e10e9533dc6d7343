import type { PlanEntry, PlanWarning } from '../../../shared/model/migration.ts';
import type { EntryTable } from '../clients/client-adapter.ts';
import { ownObject } from '../clients/entry-tables.ts';
import { valueOf } from '../files/json-node.ts';
import { findEntry, type Entry } from './entry.ts';
import { entriesOf, type LoadedConfig } from './load-configs.ts';
import type { OverrideMove } from './move.ts';
import { approvalOf } from './project-approval.ts';
import { originOf, type TableContext } from './plan-table.ts';
import { entryWarning } from './plan-warnings.ts';
import { reasonToStay, type Stay } from './stay-reason.ts';
import type { ClientAround } from './survey.ts';

/** What becomes of the shared files of projects, and what is written into the person's own file in their place. */
export interface OverridePlan {
  moves: OverrideMove[];
  /** By path of the shared file: its entries as they are shown there. */
  shared: ReadonlyMap<string, { entries: PlanEntry[]; warnings: PlanWarning[] }>;
}

/**
 * Shared files are never written. When that is asked for, an approved server of theirs gets an entry of the same name
 * in the person's own file for the project, which the client prefers.
 */
export function planOverrides(
  own: LoadedConfig | undefined,
  { found, shared, byProject }: ClientAround,
  context: TableContext & { blockedNow(entry: Entry): Stay | null },
): OverridePlan {
  const moves: OverrideMove[] = [];
  const fates = new Map<string, Fate>();
  for (const { project, paths } of byProject) {
    const seen = new Set<string>();
    for (const path of paths) {
      const config = shared.find(({ file }) => file.path === path)!;
      for (const entry of entriesOf(config)) {
        // The nearest file wins: one further up is not loaded here.
        if (seen.has(entry.name)) continue;
        seen.add(entry.name);
        const fate = fateOf(fates, config, entry.name);
        const stay =
          context.blockedNow({ ...entry, table: { ...entry.table, project } }) ??
          overrideReason(entry, { own, project, found, context, deeper: deeperFiles(shared, project) });
        if (stay) {
          // What is so in the file's own folder says more than what is so in one further in.
          if (!fate.stay || project === config.file.project) fate.stay = stay;
          continue;
        }
        fate.projects.push(project);
        const origin = originOf(config, entry);
        moves.push({
          way: 'override',
          table: localTable(project),
          name: entry.name,
          server: context.names.nameFor(entry.name, entry.stdio!, origin),
          original: entry.stdio!,
          shared: valueOf(entry.node) as object,
        });
      }
    }
  }
  const views = shared.map((config) => [config.file.path, viewShared(config, own, fates)] as const);
  return { moves, shared: new Map(views) };
}

/** What becomes of one shared entry in the projects it counts in. */
interface Fate {
  /** Where it gets an entry that goes first. */
  projects: string[];
  stay: Stay | null;
}

function fateOf(fates: Map<string, Fate>, { file }: LoadedConfig, name: string): Fate {
  const key = JSON.stringify([file.path, name]);
  const fate = fates.get(key) ?? { projects: [], stay: null };
  fates.set(key, fate);
  return fate;
}

const localTable = (project: string): EntryTable => ({
  keys: ['projects', project, 'mcpServers'],
  scope: 'local',
  project,
});

function viewShared(config: LoadedConfig, own: LoadedConfig | undefined, fates: Map<string, Fate>): Shown {
  const { project } = config.file;
  const view: Shown = { entries: [], warnings: [] };
  for (const { name, route } of entriesOf(config)) {
    const { projects, stay } = fateOf(fates, config, name);
    const { code, message } =
      projects.length > 0
        ? { code: 'PROJECT_OVERRIDDEN' as const, message: overridden(own, projects) }
        : (stay ?? NOT_USED);
    view.entries.push({
      name,
      scope: 'project',
      ...(project !== undefined && { project }),
      action: 'leave',
      reason: message,
      ...(route && { server: route.server }),
    });
    view.warnings.push(entryWarning(name, { code, message }));
  }
  return view;
}

interface Shown {
  entries: PlanEntry[];
  warnings: PlanWarning[];
}

const NOT_USED: Stay = {
  code: 'PROJECT_LEFT_DIRECT',
  message: 'is hidden by a nearer file in every known project',
};

const overridden = (own: LoadedConfig | undefined, projects: readonly string[]): string =>
  `stays as it is; an entry of the same name in ${own?.file.path} goes first in ${projects.join(', ')}. ` +
  'Later changes of the shared file do not reach that entry, and the client points out that there are two.';

/** Shared files in folders further in: an entry for the whole project would win over theirs too. */
function deeperFiles(shared: readonly LoadedConfig[], project: string): LoadedConfig[] {
  return shared.filter(({ file: { project: folder = '' } }) =>
    ['/', '\\'].some((separator) => folder.startsWith(`${project}${separator}`)),
  );
}

interface Where {
  own: LoadedConfig | undefined;
  project: string;
  found: ClientAround['found'];
  context: TableContext;
  deeper: readonly LoadedConfig[];
}

function overrideReason(entry: Entry, { own, project, found, context, deeper }: Where): Stay | null {
  const { options, shim } = context;
  const stay = (message: string): Stay => ({ code: 'PROJECT_LEFT_DIRECT', message });
  const { name } = entry;
  const state = own?.document ? ownObject(valueOf(own.document.root), 'projects') : undefined;
  if (own?.document && findEntry(own.document.root, localTable(project), name)) {
    return stay(`is hidden in ${project} by an entry of the same name in ${own.file.path}`);
  }
  if (entry.transport !== 'stdio') return stay('is a remote server of a shared file');
  // What stands in a shared file stays there, secrets included.
  const way = { shim, way: 'override', remotes: false, moved: [] } as const;
  const plain = own && reasonToStay(entry, { adapter: own.adapter, ...way });
  if (plain) return plain;
  const approval = approvalOf(name, { project, state: ownObject(state, project), settings: found.settings });
  if (approval !== 'approved') {
    return stay(
      approval === 'rejected'
        ? `was rejected for ${project}`
        : `was not approved for ${project} yet; an entry in your own file would run without being asked about`,
    );
  }
  if (options.projects !== true) {
    return stay(
      'belongs to the project folder and all who share it; it is routed only when asked for (--projects)',
    );
  }
  if (options.mode === 'merged') return stay('cannot be merged, as the shared file would still bring it');
  if (!ownObject(state, project))
    return stay(`belongs to ${project}, which ${own?.file.path ?? 'no file'} does not know yet`);
  const other = deeper.find((config) => entriesOf(config).some((candidate) => candidate.name === name));
  return other
    ? stay(`has another meaning in ${other.file.project}, which an entry for all of ${project} would hide`)
    : null;
}
