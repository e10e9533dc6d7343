import { z } from 'zod';
import type { ServerSource } from '../../../shared/model/client.ts';
import type { Files } from '../files/files.ts';
import { valueOf } from '../files/json-node.ts';
import { ownObject } from './entry-tables.ts';
import { joinerFor } from './platform-paths.ts';
import { namesIn, readJson } from './read-settings.ts';
import type { SourcePlace } from './surroundings.ts';

const MAX_SOURCES = 500;

/** What reading sources needs beside their places. */
export interface SourceContext {
  files: Files;
  os: NodeJS.Platform;
  /** What the person's settings say about a plugin; undefined when they say nothing. */
  isPluginEnabled(id: string): boolean | undefined;
}

/** Servers that others bring, as far as files tell. */
export async function readSources(
  places: readonly SourcePlace[],
  context: SourceContext,
): Promise<ServerSource[]> {
  const found = await Promise.all(
    places.map(async (place): Promise<ServerSource[]> => {
      if (place.kind === 'plugin-index') return await readPlugins(place.path, context);
      if (place.kind === 'extensions') return await readExtensions(place, context);
      return (await exists(context.files, place.path))
        ? [{ ...place.source, path: place.path, servers: [] }]
        : [];
    }),
  );
  return found.flat().slice(0, MAX_SOURCES);
}

/** Whether there is something of this name; what may not be looked at counts. */
export async function exists(files: Files, path: string): Promise<boolean> {
  try {
    await files.facts(path);
    return true;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

const Installations = z.array(z.looseObject({ installPath: z.string().min(1) })).catch([]);
const Named = z.looseObject({ name: z.string().optional(), display_name: z.string().optional() }).catch({});

/** Plugins with servers: `plugin:<plugin>:<server>` in the client, from a folder that updates replace. */
async function readPlugins(
  index: string,
  { files, os, isPluginEnabled }: SourceContext,
): Promise<ServerSource[]> {
  const plugins = ownObject(await readValue(files, index), 'plugins');
  const found = await Promise.all(
    Object.entries(plugins ?? {})
      .slice(0, MAX_SOURCES)
      .map(async ([id, installed]): Promise<ServerSource | null> => {
        const folders = Installations.parse(installed).map(({ installPath }) => installPath);
        const servers = await Promise.all(folders.map((folder) => pluginServers(files, folder, os)));
        const names = [...new Set(servers.flat())];
        const [path] = folders;
        if (path === undefined || names.length === 0) return null;
        const enabled = isPluginEnabled(id);
        return {
          kind: 'plugin',
          name: id,
          path,
          servers: names,
          ...(enabled !== undefined && { enabled }),
          note: 'Its servers come and go with the plugin, and an update would undo any change.',
        };
      }),
  );
  return found.filter((source) => source !== null);
}

async function pluginServers(files: Files, folder: string, os: NodeJS.Platform): Promise<string[]> {
  const join = joinerFor(os);
  const [own, manifest] = await Promise.all([
    readValue(files, join(folder, '.mcp.json')),
    readValue(files, join(folder, '.claude-plugin', 'plugin.json')),
  ]);
  // A file of a plugin may leave the outer key out.
  return [
    ...Object.keys(ownObject(own, 'mcpServers') ?? ownObject({ own }, 'own') ?? {}),
    ...Object.keys(ownObject(manifest, 'mcpServers') ?? {}),
  ];
}

/** Extensions, by the app's index and by the folders that are there: either alone may be behind the other. */
async function readExtensions(
  { index, folder, settings }: Extract<SourcePlace, { kind: 'extensions' }>,
  { files, os }: SourceContext,
): Promise<ServerSource[]> {
  const join = joinerFor(os);
  const listed = ownObject(await readValue(files, index), 'extensions');
  const folders = await namesIn(files, folder);
  const ids = [...new Set([...Object.keys(listed ?? {}), ...folders])].filter((id) => !id.startsWith('.'));
  return await Promise.all(
    ids.slice(0, MAX_SOURCES).map(async (id): Promise<ServerSource> => {
      const [manifest, switches] = await Promise.all([
        readValue(files, join(folder, id, 'manifest.json')),
        readValue(files, join(settings, `${id}.json`)),
      ]);
      const named = Named.parse(manifest ?? ownObject(ownObject(listed, id), 'manifest') ?? {});
      const enabled = z.object({ isEnabled: z.boolean() }).safeParse(switches);
      return {
        kind: 'extension',
        name: named.display_name ?? named.name ?? id,
        path: join(folder, id),
        servers: [named.name ?? id],
        ...(enabled.success && { enabled: enabled.data.isEnabled }),
        note: 'Claude Desktop starts extensions by itself; they are no entries of its config.',
      };
    }),
  );
}

async function readValue(files: Files, path: string): Promise<unknown> {
  const found = await readJson(files, path);
  return found?.document ? valueOf(found.document.root) : undefined;
}
