import type { ClientId } from '../../../../shared/model/client.ts';
import type { MigrationProgress, ParityRow, RollbackFile } from '../../../../shared/model/migration.ts';
import type { ClientAdapter } from '../../clients/client-adapter.ts';
import type { Engine } from '../engine.ts';
import type { Manifest, ManifestFile } from '../manifest.ts';
import type { PlannedFile } from '../plan.ts';
import { rollBackFiles } from '../roll-back-files.ts';
import { findRunning } from '../running-clients.ts';
import type { ProbeResult } from '../witness-port.ts';
import type { Arrived, ClientArrivals } from './client-arrivals.ts';
import type { LatencyTrigger } from './latency-trigger.ts';
import type { LiveSession } from './live-sessions.ts';
import type { ProcessControl } from './process-control.ts';
import type { RestartTiming } from './restart-client.ts';

type Step = Extract<MigrationProgress, { type: 'step' }>;

/** Tells how far a migration is. */
export type Report = (step: Step['step'], state: Step['state'], detail: string, client?: ClientId) => void;

/** What a run needs beside the engine. */
export interface RunSettings {
  witness: boolean;
  trigger: LatencyTrigger;
  /** Clients that the person agreed to have stopped and started again. */
  restartable: ReadonlySet<ClientId>;
  control: ProcessControl;
  /** Null: no hub to ask, so our own witness is the only one. */
  arrivals: ClientArrivals | null;
  timing: RestartTiming;
}

/** One migration under way. */
export interface Run {
  engine: Engine;
  settings: RunSettings;
  manifest: Manifest;
  token: string;
  report: Report;
  notes: string[];
  turns: ClientTurn[];
}

/** A planned file and what the manifest says about it. */
export interface RunFile {
  planned: PlannedFile;
  record: ManifestFile;
}

/** What came of one client. */
export interface ClientTurn {
  client: ClientId;
  name: string;
  /** `left`: nothing of its was written. */
  outcome: 'migrated' | 'put-back' | 'left';
  /** Sentences that say why, and what was noticed. */
  remarks: string[];
  restart: 'not-running' | 'restarted' | 'not-started' | 'goes-on';
  /** Conversations of its own on the migrated servers; null: nobody could tell. */
  arrived: { expected: string[]; seen: Arrived[] } | null;
  sessions: LiveSession[];
  before: ProbeResult[];
  after: ProbeResult[];
  parity: ParityRow[];
}

export function newTurn({ id, name }: Pick<ClientAdapter, 'id' | 'name'>): ClientTurn {
  return {
    client: id,
    name,
    outcome: 'left',
    remarks: [],
    restart: 'not-running',
    arrived: null,
    sessions: [],
    before: [],
    after: [],
    parity: [],
  };
}

/** Puts files of this run back, those of the given paths. */
export async function takeBack(
  { engine, manifest, token }: Run,
  paths: ReadonlySet<string>,
): Promise<RollbackFile[]> {
  return await rollBackFiles(engine, {
    manifests: [manifest],
    includes: ({ path }) => paths.has(path),
    leftoversOf: [],
    running: await findRunning(engine),
    token,
    dryRun: false,
  });
}
