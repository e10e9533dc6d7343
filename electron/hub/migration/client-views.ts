import type { ClientView, ConfigView, EntryView } from '../../../shared/model/client.ts';
import type { ClientAdapter } from '../clients/client-adapter.ts';
import { policyView } from '../clients/read-surroundings.ts';
import { isMissing } from '../files/file-errors.ts';
import type { Engine } from './engine.ts';
import type { Entry } from './entry.ts';
import { entriesOf, type LoadedConfig } from './load-configs.ts';
import { NOTHING_AROUND, surveyClients } from './survey.ts';

/**
 * Every known client: whether it is there, runs, what its config files declare, which servers it has from elsewhere and
 * which policies bind it. Absent files are listed too, but for those of projects.
 */
export async function viewClients(engine: Engine): Promise<ClientView[]> {
  const { configs, running, around } = await surveyClients(engine);
  return await Promise.all(
    engine.adapters.map(async (adapter): Promise<ClientView> => {
      const own = configs.filter((config) => config.adapter === adapter);
      const { found, shared } = around.get(adapter.id) ?? NOTHING_AROUND;
      return {
        id: adapter.id,
        name: adapter.name,
        installed: own.some(({ exists }) => exists) || (await hasInstallMark(engine, adapter)),
        running: [...running.of(adapter.id)],
        configs: [...own.flatMap((config) => viewConfig(config, own.length > 1)), ...shared.map(viewShared)],
        ...(found.sources.length > 0 && { sources: found.sources }),
        ...(adapter.projects && { policy: policyView(found) }),
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
function viewConfig(config: LoadedConfig, isOneOfSeveral: boolean): ConfigView[] {
  const { file, exists, error, hiddenBy } = config;
  // Where none exists, the first is the one the client would make.
  const live = isOneOfSeveral && exists ? { live: hiddenBy === null } : {};
  const base = { path: file.path, exists, ...live };
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

function viewShared(config: LoadedConfig): ConfigView {
  const { file, exists, error } = config;
  return {
    path: file.path,
    exists,
    scope: 'project',
    ...(file.project !== undefined && { project: file.project }),
    entries: entriesOf(config).map(viewEntry),
    ...(error && { error: error.message }),
  };
}

const viewEntry = ({ name, transport, route }: Entry): EntryView => ({
  name,
  transport,
  routed: route !== null,
});
