import { z } from 'zod';
import { ClientId, Scope } from '../../../../shared/model/client.ts';
import { isParityKept, MigratedFile, MigrationState, ParityRow } from '../../../../shared/model/migration.ts';
import { migratedFile } from '../manifest.ts';
import { isTooSlow, type LatencyTrigger } from '../settle/latency-trigger.ts';
import { sessionAdvice } from '../settle/live-sessions.ts';
import type { ClientTurn, Run } from '../settle/migration-run.ts';
import type { ProbeResult, WitnessLaunch } from '../witness-port.ts';

/** How many of each kind a server offered. Null: it was not asked. */
const Counts = z.object({
  tools: z.number(),
  prompts: z.number().nullable(),
  resources: z.number().nullable(),
  templates: z.number().nullable(),
});
type Counts = z.infer<typeof Counts>;

const Side = z.object({
  /** Null: it did not answer. */
  counts: Counts.nullable(),
  era: z.enum(['legacy', 'modern']).nullable(),
  startMs: z.number().nullable(),
  latencyMs: z.number().nullable(),
  error: z.string().nullable(),
});

/** `same`: nothing lost. `silent`: it did not answer before and does not now, so nothing is proven either. */
export const Verdict = z.enum(['same', 'lost', 'slower', 'silent']);
export type Verdict = z.infer<typeof Verdict>;

export const ReportEntry = z.object({
  server: z.string(),
  scope: Scope,
  project: z.string().nullable(),
  verdict: Verdict,
  route: ParityRow.shape.route,
  missing: z.array(z.string()),
  changed: z.array(z.string()),
  added: z.array(z.string()),
  before: Side,
  after: Side,
});
export type ReportEntry = z.infer<typeof ReportEntry>;

export const ReportClient = z.object({
  client: ClientId,
  name: z.string(),
  outcome: z.enum(['migrated', 'put-back', 'left', 'verified']),
  restart: z.enum(['not-running', 'restarted', 'not-started', 'goes-on']),
  /** Whether the client itself came to the hub, per server; null: nobody could tell. */
  arrived: z.object({ expected: z.array(z.string()), seen: z.array(z.string()) }).nullable(),
  remarks: z.array(z.string()),
  /** What to do about its sessions that run on. */
  sessions: z.array(z.string()),
  entries: z.array(ReportEntry),
});
export type ReportClient = z.infer<typeof ReportClient>;

/** What was compared and what came of it, for people and programs. Holds no value of any config. */
export const ParityReport = z.object({
  format: z.literal('patchbay-parity-report'),
  version: z.literal(1),
  kind: z.enum(['migration', 'verification']),
  /** Of Patchbay. */
  madeBy: z.string(),
  /** ISO 8601. */
  at: z.string(),
  migration: z.string().nullable(),
  state: MigrationState.nullable(),
  /** How it was measured, one sentence each. */
  measured: z.array(z.string()),
  files: z.array(MigratedFile),
  clients: z.array(ReportClient),
  notes: z.array(z.string()),
});
export type ParityReport = z.infer<typeof ParityReport>;

/** The report of a migration. */
export function reportOfRun({ engine, manifest, settings, turns, notes }: Run): ParityReport {
  const { data, platform } = engine;
  const written = manifest.files.filter(({ state }) => state !== 'skipped');
  return {
    ...headOf(engine.version, manifest.at),
    kind: 'migration',
    migration: manifest.id,
    state: manifest.state,
    measured: settings.witness
      ? [...MEASURED, triggerInWords(settings.trigger)]
      : ['Nothing was compared: the migration was made without the proof.'],
    files: written.map((file) => migratedFile(data, manifest.id, file)),
    clients: turns.map((turn) => ({
      client: turn.client,
      name: turn.name,
      outcome: turn.outcome,
      restart: turn.restart,
      arrived: turn.arrived && {
        expected: turn.arrived.expected,
        seen: turn.arrived.seen.map(({ server }) => server),
      },
      remarks: turn.remarks,
      sessions: turn.sessions.map((session) => sessionAdvice(turn.name, session, platform.os)),
      entries: turn.parity.map((row) => entryOf(row, settings.trigger, turn)),
    })),
    notes,
  };
}

/** The report of a later comparison. */
export function reportOfParity(
  parity: readonly ParityRow[],
  { names, at, version }: { names: ReadonlyMap<ClientId, string>; at: string; version: string },
  trigger: LatencyTrigger,
): ParityReport {
  const clients = [...new Set(parity.map(({ client }) => client))];
  return {
    ...headOf(version, at),
    kind: 'verification',
    migration: null,
    state: null,
    measured: [...MEASURED, triggerInWords(trigger)],
    files: [],
    clients: clients.map((client) => ({
      client,
      name: names.get(client) ?? client,
      outcome: 'verified',
      restart: 'not-running',
      arrived: null,
      remarks: [],
      sessions: [],
      entries: parity.filter((row) => row.client === client).map((row) => entryOf(row, trigger)),
    })),
    notes: [],
  };
}

const headOf = (version = 'unknown', at: string) =>
  ({ format: 'patchbay-parity-report', version: 1, madeBy: `Patchbay ${version}`, at }) as const;

const MEASURED: readonly string[] = [
  'Every entry was started as its client starts it, once with its own command and once as it is routed, and asked for its tools, prompts, resources and resource templates.',
  'Definitions are compared whole, by the SHA-256 of their canonical JSON.',
  'Start is the time from the start of the process to the end of the handshake. Latency is the median of up to 21 warm tools/list requests, a real round trip to the server.',
  'No tool was called: what a tool does is for its owner to decide.',
];

const triggerInWords = ({ percent, ms }: LatencyTrigger): string =>
  `A client is put back when anything is lost, or when a median is worse by more than ${percent} % and more than ${ms} ms, both, in every one of four tries.`;

function entryOf(
  row: ParityRow,
  trigger: LatencyTrigger,
  asked: Pick<ClientTurn, 'before' | 'after'> = { before: [], after: [] },
): ReportEntry {
  const find = (results: readonly ProbeResult[]): ProbeResult | undefined =>
    results.find(({ launch }) => isAbout(launch, row));
  return {
    server: row.server,
    scope: row.scope,
    project: row.project ?? null,
    verdict: verdictOf(row, trigger),
    route: row.route,
    missing: row.missing,
    changed: row.changed,
    added: row.added,
    before: {
      counts: countsOf(row.toolsBefore, find(asked.before)),
      era: find(asked.before)?.era ?? null,
      startMs: row.startBeforeMs,
      latencyMs: row.latencyBeforeMs,
      error: row.errorBefore ?? null,
    },
    after: {
      counts: countsOf(row.toolsAfter, find(asked.after)),
      era: find(asked.after)?.era ?? null,
      startMs: row.startAfterMs,
      latencyMs: row.latencyAfterMs,
      error: row.errorAfter ?? null,
    },
  };
}

const isAbout = (launch: WitnessLaunch, row: ParityRow): boolean =>
  launch.client === row.client &&
  launch.server === row.server &&
  launch.scope === row.scope &&
  launch.project === row.project;

function countsOf(tools: number | null, result: ProbeResult | undefined): Counts | null {
  if (tools === null) return null;
  const labels = result?.features && [...result.features.keys()].map((name) => name.split(' ', 1)[0]);
  const of = (label: string): number | null => labels?.filter((one) => one === label).length ?? null;
  return { tools, prompts: of('prompt'), resources: of('resource'), templates: of('template') };
}

/** What one row proves. */
export function verdictOf(row: ParityRow, trigger: LatencyTrigger): Verdict {
  if (!isParityKept(row)) return 'lost';
  if (row.toolsAfter === null) return 'silent';
  return isTooSlow(row, trigger) ? 'slower' : 'same';
}
