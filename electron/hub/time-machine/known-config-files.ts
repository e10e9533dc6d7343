import type { ClientId } from '../../../shared/model/client.ts';
import type { ClientAdapter, ConfigFile } from '../clients/client-adapter.ts';
import { currentConfigFiles } from '../clients/current-config-files.ts';
import { valueOf } from '../files/json-node.ts';
import type { Engine } from '../migration/engine.ts';
import { readConfig } from '../migration/load-configs.ts';
import { readManifests } from '../migration/manifest.ts';
import { tryParse } from './config-entries.ts';

/** Shared files of projects that are looked at; each costs a look at the disk every few seconds. */
const MAX_PROJECTS = 100;

type Machine = Pick<Engine, 'adapters' | 'platform' | 'storage' | 'data'>;

/** Every config there is to keep an eye on: those of each client, and those a migration not yet taken back wrote. */
export async function knownConfigFiles(machine: Machine): Promise<ConfigFile[]> {
  const known = new Map<string, ConfigFile>();
  for (const adapter of machine.adapters) {
    for (const file of await currentConfigFiles(adapter, machine.platform)) known.set(file.path, file);
  }
  const { manifests } = await readManifests(machine.storage.files, machine.data);
  for (const { path, client, state } of manifests.flatMap(({ files }) => files)) {
    const isLive = state === 'applied' || state === 'pending';
    if (isLive && !known.has(path)) known.set(path, habitOf(machine, client, path));
  }
  return [...known.values()];
}

/** The shared configs of the projects that a client's config names; a missing or broken config names none. */
export async function projectConfigFiles(
  { adapters, platform, storage }: Machine,
  files: readonly ConfigFile[],
): Promise<ConfigFile[]> {
  const found = new Map<string, ConfigFile>();
  for (const file of files) {
    const adapter = adapters.find(({ id }) => id === file.client);
    for (const project of await projectsOf(adapter, file, storage)) {
      const path = adapter!.projects!.places(project, platform.os).config;
      if (found.size < MAX_PROJECTS)
        found.set(path, { path, client: file.client, mustNotRun: false, project });
    }
  }
  return [...found.values()];
}

async function projectsOf(
  adapter: ClientAdapter | undefined,
  file: ConfigFile,
  { files }: Engine['storage'],
): Promise<string[]> {
  if (!adapter?.projects || file.project !== undefined) return [];
  const bytes = await readConfig(files, file.path).catch(() => null);
  const document = bytes && tryParse(bytes, file.path);
  if (!document || typeof document === 'string') return [];
  return adapter.projects.known(valueOf(document.root)).slice(0, MAX_PROJECTS);
}

/** How a client treats a file that it does not list by now, as after a change of CLAUDE_CONFIG_DIR. */
export function habitOf({ adapters, platform }: Machine, client: ClientId, path: string): ConfigFile {
  const habit = adapters.find(({ id }) => id === client)?.configFiles(platform)[0];
  return {
    path,
    client,
    mustNotRun: habit?.mustNotRun ?? true,
    ...(habit?.clientLock !== undefined && { clientLock: `${path}.lock` }),
  };
}
