import type { FoundSettings } from '../clients/read-settings.ts';
import { valueOf } from '../files/json-node.ts';

/** What the person has said about a server that a project's shared file brings. */
export type Approval = 'approved' | 'rejected' | 'pending';

/**
 * Whether a person let a shared server run in a project. What the shared settings of the folder itself say does not
 * count as consent: whoever wrote the server wrote those too.
 */
export function approvalOf(
  name: string,
  {
    project,
    state,
    settings,
  }: { project: string; state: object | undefined; settings: readonly FoundSettings[] },
): Approval {
  const said = settings
    .filter((file) => file.project === undefined || file.project === project)
    .map((file) => ({ value: valueOf(file.document?.root ?? null), isShared: isSharedSettings(file) }));
  const own = [state, ...said.flatMap(({ value, isShared }) => (isShared ? [] : [value]))];
  const all = [state, ...said.map(({ value }) => value)];
  if (all.some((value) => holds(value, 'disabledMcpjsonServers', name))) return 'rejected';
  const approved = own.some(
    (value) =>
      holds(value, 'enabledMcpjsonServers', name) || memberOf(value, 'enableAllProjectMcpServers') === true,
  );
  return approved ? 'approved' : 'pending';
}

/** `settings.json` of a project is part of the folder; `settings.local.json` is the person's own. */
const isSharedSettings = ({ path, project }: FoundSettings): boolean =>
  project !== undefined && !path.endsWith('settings.local.json');

function holds(root: unknown, key: string, name: string): boolean {
  const list = memberOf(root, key);
  return Array.isArray(list) && list.includes(name);
}

function memberOf(root: unknown, key: string): unknown {
  if (typeof root !== 'object' || root === null || !Object.hasOwn(root, key)) return undefined;
  return (root as Record<string, unknown>)[key];
}
