import type { RunningClient } from '../../../shared/model/client.ts';
import type { Files } from '../files/files.ts';
import type { ClientAdapter, ConfigFile } from './client-adapter.ts';

/** More than anybody works in; the rest would only cost time. */
const MAX_PROJECTS = 1_000;
const MAX_FOLDERS = 10_000;

/** The folders a client works in, as its config and its running sessions tell. */
export function knownProjects(
  { projects }: ClientAdapter,
  roots: readonly unknown[],
  running: readonly RunningClient[],
): string[] {
  if (!projects) return [];
  const folders = [
    ...roots.flatMap((root) => projects.known(root)),
    ...running.flatMap(({ cwd }) => cwd ?? []),
  ];
  return [...new Set(folders)].slice(0, MAX_PROJECTS);
}

/** The shared config files that count in a project: nearest first, as its entries win. */
export interface ProjectConfigs {
  project: string;
  paths: string[];
}

/** Which shared config files exist in these folders and above, and which count where. */
export async function findProjectConfigs(
  files: Files,
  { id, projects }: ClientAdapter,
  folders: readonly string[],
  os: NodeJS.Platform,
): Promise<{ configs: ConfigFile[]; byProject: ProjectConfigs[] }> {
  if (!projects) return { configs: [], byProject: [] };
  const upward = folders.map((project) => ({ project, folders: projects.foldersUpward(project, os) }));
  const candidates = [...new Set(upward.flatMap((found) => found.folders))].slice(0, MAX_FOLDERS);
  const configs = (
    await Promise.all(
      candidates.map(async (folder): Promise<ConfigFile | null> => {
        const { config } = projects.places(folder, os);
        // Asked for before it is read: reading in some folders makes macOS ask the person for leave.
        const isThere = await files.facts(config).then(
          ({ kind }) => kind === 'file',
          () => false,
        );
        return isThere ? { path: config, client: id, mustNotRun: false, project: folder } : null;
      }),
    )
  ).filter((config) => config !== null);
  const byFolder = new Map(configs.map((config) => [config.project, config.path]));
  return {
    configs,
    byProject: upward.flatMap(({ project, folders: own }) => {
      const paths = own.flatMap((folder) => byFolder.get(folder) ?? []);
      return paths.length === 0 ? [] : [{ project, paths }];
    }),
  };
}
