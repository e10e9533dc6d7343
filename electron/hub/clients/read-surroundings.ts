import type { PolicyView, ServerSource } from '../../../shared/model/client.ts';
import type { Platform } from '../data-folder.ts';
import type { Files } from '../files/files.ts';
import { valueOf } from '../files/json-node.ts';
import type { ClientAdapter } from './client-adapter.ts';
import { ownObject } from './entry-tables.ts';
import { readManagedPreference, type ReadPropertyList } from './mac-preferences.ts';
import { readAgents, type FoundAgent } from './read-agents.ts';
import { readJson, readManagedFolders, readSettings, type FoundSettings } from './read-settings.ts';
import { exists, readSources } from './read-sources.ts';
import { readRegistryPolicies } from './read-registry-policies.ts';
import { readPolicy, ruleView } from './server-policy.ts';
import type { ReadRegistry } from './windows-policies.ts';

/** All that was found around the config files of one client. */
export interface FoundSurroundings {
  /** The file that holds the client's only servers. It counts as long as it exists, readable or not. */
  exclusive: { path: string; servers: string[] } | null;
  /** The person's, the projects', the administrator's, in this order. */
  settings: FoundSettings[];
  agents: FoundAgent[];
  sources: ServerSource[];
  opaquePolicies: string[];
}

export const NO_SURROUNDINGS: FoundSurroundings = {
  exclusive: null,
  settings: [],
  agents: [],
  sources: [],
  opaquePolicies: [],
};

/** What is looked at. */
export interface Machine {
  files: Files;
  /** Absent where there is none to read. */
  readRegistry?: ReadRegistry;
  /** Absent where there are none. */
  readPropertyList?: ReadPropertyList;
}

/** Looks around the config files of a client, in its own folders and in those of the projects. Only reads. */
export async function readSurroundings(
  { files, readRegistry, readPropertyList }: Machine,
  adapter: ClientAdapter,
  platform: Platform,
  projects: readonly string[],
): Promise<FoundSurroundings> {
  const places = adapter.surroundings?.(platform);
  if (!places) return NO_SURROUNDINGS;
  const { os } = platform;
  const inProjects = projects.flatMap((project) => {
    const found = adapter.projects?.places(project, os);
    return found ? [{ project, ...found }] : [];
  });
  const [own, ofProjects, spread, agents, projectAgents, exclusive, opaque, preferred, registered] =
    await Promise.all([
      readSettings(files, places.settings),
      readSettings(
        files,
        inProjects.flatMap(({ settings }) => settings),
      ),
      readManagedFolders(files, places, os),
      Promise.all(places.agentFolders.map((folder) => readAgents(files, folder, { os }))),
      Promise.all(
        inProjects.map(({ agentFolder, project }) => readAgents(files, agentFolder, { os, project })),
      ),
      findExclusive(files, places.exclusiveConfigs),
      Promise.all(places.opaquePolicies.map(async (path) => ((await exists(files, path)) ? [path] : []))),
      Promise.all(
        places.managedPreferences.map(async (path) => {
          if (!(await exists(files, path))) return [];
          return [{ path, settings: await readManagedPreference(path, readPropertyList) }];
        }),
      ),
      readRegistryPolicies(places.registryPolicies, readRegistry),
    ]);
  const preferences = preferred.flat();
  const managed = [
    ...own.filter((one) => one.managed),
    ...spread,
    ...preferences.flatMap(({ settings }) => settings ?? []),
    ...registered.administrator,
  ];
  const settings = [
    ...own.filter((one) => !one.managed),
    ...ofProjects,
    ...managed,
    ...(managed.length === 0 ? registered.own : []),
  ];
  const sources = await readSources(places.sources, {
    files,
    os,
    isPluginEnabled: (id) => pluginSwitch(settings, id),
  });
  return {
    exclusive,
    settings,
    agents: [...agents.flat(), ...projectAgents.flat()],
    sources: [...managedSources(exclusive, settings), ...sources],
    opaquePolicies: [
      ...opaque.flat(),
      ...preferences.flatMap(({ path, settings }) => (settings ? [] : [path])),
      ...registered.opaque,
    ],
  };
}

/** How policies are shown. */
export function policyView({ exclusive, settings, opaquePolicies }: FoundSurroundings): PolicyView {
  const projects = new Set(settings.flatMap(({ project }) => project ?? []));
  const rules = [undefined, ...projects].flatMap((project) => {
    const { allow, deny } = readPolicy(settings, project);
    return [...(allow ?? []), ...deny].filter((rule) => rule.project === project).map(ruleView);
  });
  const opaque = opaquePolicies.map((path) => ({
    path,
    error: 'Patchbay does not read files of this format.',
  }));
  return {
    exclusive: exclusive?.path ?? null,
    rules,
    managedAllowListOnly: readPolicy(settings).managedAllowListOnly,
    unreadable: [
      ...settings.flatMap(({ path, error }) => (error === null ? [] : [{ path, error }])),
      ...opaque,
    ],
  };
}

async function findExclusive(
  files: Files,
  paths: readonly string[],
): Promise<FoundSurroundings['exclusive']> {
  for (const path of paths) {
    if (!(await exists(files, path))) continue;
    const document = (await readJson(files, path))?.document;
    return { path, servers: Object.keys(ownObject(document && valueOf(document.root), 'mcpServers') ?? {}) };
  }
  return null;
}

function managedSources(
  exclusive: FoundSurroundings['exclusive'],
  settings: readonly FoundSettings[],
): ServerSource[] {
  const note = 'They belong to the administrator of this machine.';
  const delivered = settings.flatMap(({ path, managed, document }): ServerSource[] => {
    const servers = managed && ownObject(document && valueOf(document.root), 'managedMcpServers');
    return servers
      ? [{ kind: 'managed', name: 'Servers of the administrator', path, servers: Object.keys(servers), note }]
      : [];
  });
  if (!exclusive) return delivered;
  const { path, servers } = exclusive;
  const only = 'While this file exists, no other server is loaded.';
  return [
    { kind: 'managed', name: 'The only servers allowed', path, servers, note: `${note} ${only}` },
    ...delivered,
  ];
}

/** The last file that says something wins. */
function pluginSwitch(settings: readonly FoundSettings[], id: string): boolean | undefined {
  let answer: boolean | undefined;
  for (const { document } of settings) {
    const table = ownObject(document && valueOf(document.root), 'enabledPlugins');
    const value: unknown =
      table && Object.hasOwn(table, id) ? (table as Record<string, unknown>)[id] : undefined;
    if (typeof value === 'boolean') answer = value;
  }
  return answer;
}
