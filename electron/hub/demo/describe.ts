import type { ClientView } from '../../../shared/model/client.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import {
  isParityKept,
  type MigrationProgress,
  type ParityRow,
  type PlanFile,
} from '../../../shared/model/migration.ts';

/** Where the demo's words go; with --json only `json` says anything. The command line's output fits. */
export interface DemoOutput {
  json(value: unknown): void;
  say(line?: string): void;
  table(rows: readonly (readonly string[])[]): void;
}

const ms = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} ms`);

export function describeClients(output: DemoOutput, clients: readonly ClientView[]): void {
  for (const { name, configs } of clients) {
    for (const config of configs.filter(({ entries }) => entries.length > 0)) {
      const where = config.scope === 'local' ? `, for the project ${config.project}` : '';
      output.say(`  ${name}${where}: ${config.entries.map((entry) => entry.name).join(', ')}`);
      output.say(`    in ${config.path}`);
    }
  }
}

export function describeDiffs(output: DemoOutput, files: readonly PlanFile[]): void {
  for (const file of files) {
    output.say();
    for (const line of file.diff.trimEnd().split('\n')) output.say(`  ${line}`);
  }
}

type Step = Extract<MigrationProgress, { type: 'step' }>;

/** What each finished step did; the last one only says that it is over. */
const STEP_DONE: Record<Exclude<Step['step'], 'done'>, string> = {
  baseline: 'counted',
  backup: 'saved',
  write: 'wrote',
  witness: 'compared',
  rollback: 'undid',
};

export function describeStep(output: DemoOutput, { step, state, detail }: Step): void {
  if (state === 'started' || step === 'done') return;
  output.say(`  ${(state === 'failed' ? 'failed' : STEP_DONE[step]).padEnd(8)}  ${detail}`);
}

export function describeParity(output: DemoOutput, rows: readonly ParityRow[]): void {
  output.table([
    ['  ', 'client', 'server', 'tools', 'start', 'list of tools', 'way'],
    ...rows.map((row) => [
      isParityKept(row) ? '  same' : '  LOST',
      row.client,
      row.server,
      `${row.toolsBefore ?? '-'} → ${row.toolsAfter ?? '-'}`,
      `${ms(row.startBeforeMs)} → ${ms(row.startAfterMs)}`,
      `${ms(row.latencyBeforeMs)} → ${ms(row.latencyAfterMs)}`,
      row.route,
    ]),
  ]);
}

/** One line per call, as the hub saw it. */
export function describeCall(call: Exchange): string {
  const at = new Date(call.at).toISOString().slice(11, 23);
  const own = call.hubMs === null ? '' : `, of which the hub ${call.hubMs.toFixed(2)} ms`;
  const what = `${call.client} → ${call.server} · ${call.tool ?? call.method}`;
  return `  ${at}  ${what.padEnd(58)} ${call.outcome.padEnd(10)} ${ms(call.durationMs)}${own}`;
}
