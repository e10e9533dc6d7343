import type { Mention } from '../../../shared/model/migration.ts';
import { ownObject } from '../clients/entry-tables.ts';
import type { EntryTable } from '../clients/client-adapter.ts';
import type { FoundSurroundings } from '../clients/read-surroundings.ts';
import { valueOf } from '../files/json-node.ts';
import type { JsonDocument } from '../files/json-document.ts';
import { ruleNodes } from './rule-edits.ts';
import { GATEWAY_NAME } from './routed-entry.ts';
import { matcherFate, ruleFate, type RuleFate, type ToolNames } from './server-names.ts';

/** Where mentions of one entry are looked for. */
export interface MentionSources {
  surroundings: FoundSurroundings;
  /** The client's own file: it keeps approvals and older permissions by project. */
  state: JsonDocument | null;
  /** Files whose rules this plan rewrites. */
  rewrites: ReadonlySet<string>;
}

/** An entry as others speak of it. */
export interface NamedEntry {
  name: string;
  table: EntryTable;
  names: ToolNames;
}

/** Every place that names an entry, and what moving it does there. */
export function findMentions(entry: NamedEntry, sources: MentionSources): Mention[] {
  return [
    ...settingsMentions(entry, sources),
    ...agentMentions(entry, sources.surroundings),
    ...stateMentions(entry, sources.state),
  ];
}

/** What is said in a project counts for the entries of that project, and for those of every project. */
const concerns = ({ table }: NamedEntry, project: string | undefined): boolean =>
  project === undefined || table.project === undefined || table.project === project;

function settingsMentions(entry: NamedEntry, { surroundings, rewrites }: MentionSources): Mention[] {
  return surroundings.settings.flatMap(({ path, project, managed, document }) => {
    if (!document || !concerns(entry, project)) return [];
    const rules = ruleNodes(document).flatMap(({ where, rule }): Mention[] => {
      const isHook = where.startsWith('hooks.');
      const fate = isHook ? matcherFate(rule, entry.names) : ruleFate(rule, entry.names);
      if (!fate) return [];
      const kind = isHook ? 'hook' : 'permission';
      const rewritten = !managed && fate.rewritten !== undefined && rewrites.has(path);
      return [{ kind, path, where, rule, ...fate, rewrites: rewritten }];
    });
    const root = valueOf(document.root);
    return [...rules, ...approvals(entry, { path, root, where: '' })];
  });
}

function agentMentions(entry: NamedEntry, { agents }: FoundSurroundings): Mention[] {
  return agents.flatMap(({ path, project, words }) => {
    if (!concerns(entry, project)) return [];
    return words.flatMap(({ key, word }): Mention[] => {
      const fate = key === 'mcpServers' ? nameFate(word, entry) : ruleFate(word, entry.names);
      return fate ? [{ kind: 'agent', path, where: key, rule: word, ...fate, rewrites: false }] : [];
    });
  });
}

function stateMentions(entry: NamedEntry, state: JsonDocument | null): Mention[] {
  if (!state) return [];
  const projects = ownObject(valueOf(state.root), 'projects') ?? {};
  return Object.entries(projects).flatMap(([project, kept]) => {
    if (!concerns(entry, project)) return [];
    const where = `projects[${JSON.stringify(project)}].`;
    const allowed = strings(kept, 'allowedTools').flatMap((rule): Mention[] => {
      const fate = ruleFate(rule, entry.names);
      if (!fate) return [];
      return [
        {
          kind: 'permission',
          path: state.path,
          where: `${where}allowedTools`,
          rule,
          ...fate,
          rewrites: false,
        },
      ];
    });
    return [...allowed, ...approvals(entry, { path: state.path, root: kept, where })];
  });
}

/** Lists of names: a server that is renamed falls out of them, and one that was switched off comes on again. */
const NAME_LISTS = [
  ['enabledMcpjsonServers', 'approval'],
  ['disabledMcpjsonServers', 'approval'],
  ['disabledMcpServers', 'switched-off'],
] as const;

function approvals(
  entry: NamedEntry,
  { path, root, where }: { path: string; root: unknown; where: string },
): Mention[] {
  return NAME_LISTS.flatMap(([key, kind]) => {
    // Approvals are about shared files; the entries there are never renamed.
    if (kind === 'approval' && entry.table.scope !== 'project') return [];
    return strings(root, key).flatMap((rule): Mention[] => {
      const fate = nameFate(rule, entry);
      if (!fate) return [];
      const { keeps } = fate;
      return [{ kind, path, where: `${where}${key}`, rule, keeps, rewrites: false }];
    });
  });
}

function nameFate(word: string, { name, names }: NamedEntry): RuleFate | null {
  if (word !== name) return null;
  const keeps = names.after('*') === `${names.before}__*`;
  return keeps ? { keeps } : { keeps, rewritten: GATEWAY_NAME };
}

function strings(root: unknown, key: string): string[] {
  if (typeof root !== 'object' || root === null || !Object.hasOwn(root, key)) return [];
  const value: unknown = (root as Record<string, unknown>)[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
