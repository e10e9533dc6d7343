import type {
  ClientAdapter,
  EntryTable,
  ProcessFacts,
} from '../../../electron/hub/clients/client-adapter.ts';
import { dataFolder, type DataFolder, type Platform } from '../../../electron/hub/data-folder.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import { createMigrationService } from '../../../electron/hub/migration/create-migration-service.ts';
import type { Files } from '../../../electron/hub/files/files.ts';
import type {
  ApplyOptions,
  MigrationService,
  ShimCommand,
} from '../../../electron/hub/migration/migration-service.ts';
import { DEFAULT_TIMING, type Storage } from '../../../electron/hub/files/storage.ts';
import type { ProbeResult, Witness, WitnessLaunch } from '../../../electron/hub/migration/witness-port.ts';
import { compareParity } from '../../../electron/hub/witness/parity.ts';
import type { MigrationProgress, MigrationResult } from '../../../shared/model/migration.ts';

/** One of two clients that need nothing of the real machine. Both read `mcpServers` and `projects.*.mcpServers`. */
export function testAdapter(id: ClientAdapter['id'], path: string, mustNotRun = false): ClientAdapter {
  return {
    id,
    name: id === 'claude-code' ? 'Claude Code' : 'Claude Desktop',
    expandsVariables: id === 'claude-code',
    configFiles: () => [
      { path, client: id, mustNotRun, ...(id === 'claude-code' && { clientLock: `${path}.lock` }) },
    ],
    entryTables(root) {
      const { mcpServers, projects } = root as {
        mcpServers?: object;
        projects?: Record<string, { mcpServers?: object }>;
      };
      const tables: EntryTable[] = mcpServers ? [{ keys: ['mcpServers'], scope: 'user' }] : [];
      for (const [project, { mcpServers: own }] of Object.entries(projects ?? {})) {
        if (own) tables.push({ keys: ['projects', project, 'mcpServers'], scope: 'local', project });
      }
      return tables;
    },
    launch: ({ project }, entryEnv) => ({ env: { PATH: '/bin', ...entryEnv }, cwd: project ?? '/home/ada' }),
    findRunning: (processes) =>
      processes
        .filter(({ name }) => name === id)
        .map(({ pid }) => ({ pid, startedAt: null, version: null, cwd: '/home/ada/work' })),
    installMarks: () => [],
  };
}

/** Answers with the tools that `toolsOf` names; what was launched is kept. */
export class FakeWitness implements Witness {
  readonly launches: WitnessLaunch[] = [];
  toolsOf: (launch: WitnessLaunch) => string[] | null = () => ['read', 'write'];
  readonly compare = compareParity;

  async probe(launches: readonly WitnessLaunch[], signal: AbortSignal): Promise<ProbeResult[]> {
    signal.throwIfAborted();
    this.launches.push(...launches);
    return launches.map((launch) => {
      const tools = this.toolsOf(launch);
      return {
        launch,
        tools: tools && new Map(tools.map((name) => [name, `hash of ${name}`])),
        startMs: 10,
        latencyMs: 1,
        ...(tools === null && { error: 'It did not start.' }),
        route: launch.route === 'direct' ? 'direct' : 'hub',
      };
    });
  }
}

export const SHIM: ShimCommand = { command: '/usr/bin/node', args: ['/data/shim/shim.cjs'], env: {} };

export interface EngineFixture {
  service: MigrationService;
  witness: FakeWitness;
  data: DataFolder;
  storage: Storage;
  /** Programs that run, by client id. */
  running: Set<string>;
}

export interface FixtureOptions {
  files: Files;
  adapters: ClientAdapter[];
  shim?: ShimCommand;
  platform?: Platform;
  dataRoot?: string;
  /** Whose process this is in locks; any other one is dead. */
  pid?: number;
  alive?: (pid: number) => boolean;
  storage?: Partial<Storage>;
  /** Instead of `running`. */
  listProcesses?: () => Promise<ProcessFacts[]>;
}

let tokens = 0;

/** A migration service over any file system, with waits that take no time. */
export function engineFixture(options: FixtureOptions): EngineFixture {
  const data = dataFolder(options.dataRoot ?? '/data');
  const witness = new FakeWitness();
  const running = new Set<string>();
  const pid = options.pid ?? 1;
  const storage: Storage = {
    files: options.files,
    os: 'linux',
    owner: { pid, mark: 'here' },
    isAlive: (owner) => (options.alive ? options.alive(owner.pid) : owner.pid === pid),
    now: () => Date.UTC(2026, 10, 21, 9, 0, 0),
    sleep: async () => {},
    token: () => (tokens += 1).toString(16).padStart(12, '0'),
    timing: DEFAULT_TIMING,
    ...options.storage,
  };
  const service = createMigrationService({
    data,
    platform: options.platform ?? { os: 'linux', home: '/home/ada', env: {} },
    shim: options.shim ?? SHIM,
    logger: silentLogger,
    installShim: async () => {},
    adapters: options.adapters,
    listProcesses:
      options.listProcesses ??
      (async () =>
        [...running].map((name, index) => ({
          pid: 90_000_000 + index,
          ppid: 1,
          name,
          path: '',
          cmd: '',
          startedAt: null,
        }))),
    witness,
    storage,
  });
  return { service, witness, data, storage, running };
}

/** Runs a migration to its end. */
export async function applyAll(
  service: MigrationService,
  options: ApplyOptions = { witness: false },
): Promise<{ result: MigrationResult; steps: string[] }> {
  const steps: string[] = [];
  let last: MigrationProgress | undefined;
  for await (const progress of service.apply(options)) {
    last = progress;
    if (progress.type === 'step') steps.push(`${progress.step} ${progress.state}`);
  }
  if (last?.type !== 'result') throw new Error('The run ended without a result.');
  return { result: last.result, steps };
}
