import type { ClientView, ConfigView, EntryView } from '../../../shared/model/client.ts';
import type { ClientAdapter } from '../clients/client-adapter.ts';
import type { Engine } from './engine.ts';
import type { Entry } from './entry.ts';
import { isMissing } from '../files/file-errors.ts';
import { entriesOf, loadConfigs, type LoadedConfig } from './load-configs.ts';
import { isRoutedEntry } from './routed-entry.ts';
import { findRunning } from './running-clients.ts';

/** Every known client: whether it is there, runs, and what its config files declare. Absent files are listed too. */
export async function viewClients(engine: Engine): Promise<ClientView[]> {
  const [configs, running] = await Promise.all([loadConfigs(engine), findRunning(engine)]);
  return await Promise.all(
    engine.adapters.map(async (adapter): Promise<ClientView> => {
      const own = configs.filter((config) => config.adapter === adapter);
      return {
        id: adapter.id,
        name: adapter.name,
        installed: own.some(({ exists }) => exists) || (await hasInstallMark(engine, adapter)),
        running: [...running.of(adapter.id)],
        configs: own.flatMap(viewConfig),
      };
    }),
  );
}

async function hasInstallMark({ storage, platform }: Engine, adapter: ClientAdapter): Promise<boolean> {
  for (const mark of adapter.installMarks(platform)) {
    try {
      await storage.files.facts(mark);
      return true;
    } catch (error) {
      // A mark that exists and may not be looked at is one all the same.
      if (!isMissing(error)) return true;
    }
  }
  return false;
}

/** One view per table of the file; the user's own table always, as that is where a new server would go. */
function viewConfig(config: LoadedConfig): ConfigView[] {
  const { file, exists, error } = config;
  const base = { path: file.path, exists };
  if (error) return [{ ...base, scope: 'user', entries: [], error: error.message }];
  const views = new Map<string, ConfigView>([['["user",null]', { ...base, scope: 'user', entries: [] }]]);
  for (const entry of entriesOf(config)) {
    const { scope, project } = entry.table;
    const key = JSON.stringify([scope, project ?? null]);
    const view = views.get(key) ?? { ...base, scope, ...(project !== undefined && { project }), entries: [] };
    view.entries.push(viewEntry(entry));
    views.set(key, view);
  }
  return [...views.values()];
}

const viewEntry = ({ name, transport, stdio }: Entry): EntryView => ({
  name,
  transport,
  routed: stdio !== undefined && isRoutedEntry(stdio),
});
