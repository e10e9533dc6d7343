import type { ClientId } from '../../../shared/model/client.ts';
import type { PlanOptions } from '../../../shared/model/migration.ts';
import { findProjectConfigs, knownProjects, type ProjectConfigs } from '../clients/find-projects.ts';
import type { ClientAdapter } from '../clients/client-adapter.ts';
import { NO_SURROUNDINGS, readSurroundings, type FoundSurroundings } from '../clients/read-surroundings.ts';
import { valueOf } from '../files/json-node.ts';
import type { Engine } from './engine.ts';
import { loadConfig, loadConfigs, type LoadedConfig } from './load-configs.ts';
import { findRunning, type Running } from './running-clients.ts';

/** What lies around the config files of one client. */
export interface ClientAround {
  found: FoundSurroundings;
  /** Shared config files of projects: read, and never written. */
  shared: LoadedConfig[];
  /** Which of them count where. */
  byProject: ProjectConfigs[];
  /** Settings files of the person's that a plan may edit. Read only where that was asked for. */
  settings: LoadedConfig[];
}

/** Everything on the machine that a plan or a view of the clients is made from. */
export interface Survey {
  configs: LoadedConfig[];
  running: Running;
  around: ReadonlyMap<ClientId, ClientAround>;
}

export const NOTHING_AROUND: ClientAround = {
  found: NO_SURROUNDINGS,
  shared: [],
  byProject: [],
  settings: [],
};

/** Looks at the wanted clients (all, if none are named). Only reads. */
export async function surveyClients(engine: Engine, options: PlanOptions = {}): Promise<Survey> {
  const [configs, running] = await Promise.all([loadConfigs(engine, options.clients), findRunning(engine)]);
  const adapters = engine.adapters.filter(({ id }) => !options.clients || options.clients.includes(id));
  const around = await Promise.all(
    adapters.map(async (adapter) => {
      const own = configs.filter((config) => config.adapter === adapter);
      return [adapter.id, await lookAround(engine, adapter, { own, running, options })] as const;
    }),
  );
  return { configs, running, around: new Map(around) };
}

async function lookAround(
  engine: Engine,
  adapter: ClientAdapter,
  { own, running, options }: { own: LoadedConfig[]; running: Running; options: PlanOptions },
): Promise<ClientAround> {
  const { storage, platform } = engine;
  const { files } = storage;
  const roots = own.flatMap(({ document }) => (document ? [valueOf(document.root)] : []));
  const projects = knownProjects(adapter, roots, running.of(adapter.id));
  const [found, { configs, byProject }] = await Promise.all([
    readSurroundings({ ...engine, files }, adapter, platform, projects),
    findProjectConfigs(files, adapter, projects, platform.os),
  ]);
  const edits = options.mode === 'merged' && options.rewriteRules === true;
  const editable = edits ? found.settings.filter(({ managed }) => !managed) : [];
  const [shared, settings] = await Promise.all([
    Promise.all(configs.map((file) => loadConfig(engine, adapter, file))),
    Promise.all(
      editable.map(({ path }) =>
        loadConfig(engine, adapter, { path, client: adapter.id, mustNotRun: false }),
      ),
    ),
  ]);
  return { found, shared, byProject, settings };
}
