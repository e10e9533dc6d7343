import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '../../../shared/language/counted.ts';
import { ClientId } from '../../../shared/model/client.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import {
  EntryTransport,
  MigrationMode,
  type ParityRow,
  type Plan,
  type PlanOptions,
} from '../../../shared/model/migration.ts';
import type { ApplyResult } from '../../hub/migration/migration-service.ts';
import { reportOfParity, verdictOf } from '../../hub/migration/report/parity-report.ts';
import { reportHtml } from '../../hub/migration/report/report-html.ts';
import { reportJson } from '../../hub/migration/report/report-json.ts';
import { DEFAULT_TRIGGER, type LatencyTrigger } from '../../hub/migration/settle/latency-trigger.ts';
import { findLiveHub } from '../../hub/hub-lock.ts';
import { makeRoom } from '../../hub/make-room.ts';
import { isSet, text, usage, wholeNumber, type CommandLine } from '../command-line.ts';
import { openMigration, type Context } from '../context.ts';
import type { Output } from '../output.ts';

/** What a migration would do; writes nothing. */
export async function plan(context: Context): Promise<number> {
  const { output } = context;
  const result = await (await openMigration(context)).plan(planOptions(context));
  if (output.wantsJson) output.json(result);
  else describePlan(output, result, !isSet(context.line, 'no-restart'));
  return 0;
}

/** Applies the plan; needs --yes, since nothing is written before its diff was shown. */
export async function migrate(context: Context): Promise<number> {
  const { output, line } = context;
  const options = planOptions(context);
  const report = reportPath(line);
  const trigger = latencyTrigger(line);
  const migration = await openMigration(context);
  const restarts = !isSet(line, 'no-restart');
  if (!isSet(line, 'yes')) {
    if (!output.wantsJson) describePlan(output, await migration.plan(options), restarts);
    throw usage('This is what would change. Say --yes to do it.');
  }
  let result: ApplyResult | null = null;
  for await (const event of migration.apply({
    ...options,
    witness: !isSet(line, 'no-witness'),
    restartClients: restarts ? (options.clients ?? [...ClientId.options]) : [],
    latencyTrigger: trigger,
  })) {
    if (event.type === 'result') result = event.result;
    // What the person has to do themselves is told when it begins.
    else if (event.state === 'started' && event.detail.startsWith('Please ')) output.say(event.detail);
    else if (event.state !== 'started')
      output.say(`${event.state === 'failed' ? 'failed' : 'ok    '} ${event.detail}`);
  }
  if (!result) throw new PatchbayError('INTERNAL', 'The migration ended without a result.');
  if (report !== null && result.report) await copyReport(result.report, report);
  if (output.wantsJson) output.json(result);
  else {
    describeParity(output, result.parity, trigger);
    for (const note of result.notes) output.say(note);
    if (result.report) output.say(`The report: ${report ?? result.report.html}`);
    output.say(
      result.state === 'applied'
        ? `Done. Take it back any time: patchbay rollback --migration ${result.id}`
        : `The migration is ${result.state}.`,
    );
  }
  return result.state === 'applied' ? 0 : 3;
}

/** Proves again that the routed servers are what they were; changes nothing. */
export async function verify(context: Context): Promise<number> {
  const { output, line, version } = context;
  const report = reportPath(line);
  const trigger = latencyTrigger(line);
  const migration = await openMigration(context);
  const result = await migration.verify({ clients: chosenClients(context) });
  if (report !== null) {
    const names = new Map((await migration.clients()).map(({ id, name }) => [id, name]));
    const made = reportOfParity(result.parity, { names, at: new Date().toISOString(), version }, trigger);
    await saveText(report, isHtml(report) ? reportHtml(made) : reportJson(made));
  }
  if (output.wantsJson) output.json(result);
  else describeParity(output, result.parity, trigger);
  return result.ok ? 0 : 1;
}

/** Puts config files back. */
export async function rollback(context: Context): Promise<number> {
  const { output, line } = context;
  const clients = chosenClients(context);
  const migration = text(line, 'migration');
  const ways = [clients !== undefined, migration !== undefined, isSet(line, 'all')].filter(Boolean).length;
  if (ways !== 1) throw usage('Say what to put back: --client ID, --migration ID or --all.');
  const dryRun = isSet(line, 'dry-run');
  const removeSecrets = isSet(line, 'remove-secrets');
  const options = { clients, migration, dryRun, removeSecrets };
  const result = await (await openMigration(context)).rollback(options);
  if (output.wantsJson) output.json(result);
  else {
    if (result.files.length === 0) output.say('There is nothing to put back.');
    for (const file of result.files) {
      output.say(`${file.result.padEnd(9)} ${file.path}${file.message ? `  ${file.message}` : ''}`);
      if (dryRun && file.diff) output.say(file.diff);
    }
    for (const secret of result.secrets ?? []) output.say(secretInWords(secret, dryRun));
  }
  const isClean = result.files.every((file) => file.result !== 'conflict');
  if (!dryRun && isClean && isSet(line, 'all')) await endBackgroundHub(context);
  return isClean ? 0 : 1;
}

function secretInWords({ name, removed }: { name: string; removed: boolean }, dryRun: boolean): string {
  if (removed) return `The secret ${name} was removed from the secret store.`;
  const forget = `Forget it: patchbay secrets remove ${name}`;
  return dryRun
    ? `The secret ${name} would stay in the secret store. Forget it too: --remove-secrets`
    : `The secret ${name} is still in the secret store. ${forget}`;
}

/** With everything put back, a hub that only programs had started has nothing left to do. */
async function endBackgroundHub({ data, socket }: Context): Promise<void> {
  const running = await findLiveHub(data, socket);
  if (running) await makeRoom(running);
}

function planOptions(context: Context): PlanOptions {
  const { line } = context;
  const clients = chosenClients(context);
  const mode = oneOf(line, 'mode', MigrationMode.options);
  const transport = oneOf(line, 'transport', EntryTransport.options);
  return {
    ...(clients && { clients }),
    ...(mode && { mode }),
    ...(transport && { transport }),
    ...(isSet(line, 'projects') && { projects: true }),
    ...(isSet(line, 'remotes') && { remotes: true }),
    ...(isSet(line, 'rewrite-rules') && { rewriteRules: true }),
    ...moveSecrets(line),
  };
}

/** `--move-secrets all`, or once per name of the plan's offers. */
function moveSecrets(line: CommandLine): Pick<PlanOptions, 'moveSecrets'> {
  const names = line.flags.get('move-secrets');
  if (!Array.isArray(names)) return {};
  return { moveSecrets: names.includes('all') ? 'all' : names };
}

function oneOf<T extends string>(line: CommandLine, name: string, known: readonly T[]): T | undefined {
  const given = text(line, name);
  const found = known.find((candidate) => candidate === given);
  if (given !== undefined && found === undefined) throw usage(`--${name} is ${known.join(' or ')}.`);
  return found;
}

function latencyTrigger(line: CommandLine): LatencyTrigger {
  const bounds = { min: 0, max: 100_000 };
  return {
    percent: wholeNumber(line, 'slower-percent', bounds) ?? DEFAULT_TRIGGER.percent,
    ms: wholeNumber(line, 'slower-ms', bounds) ?? DEFAULT_TRIGGER.ms,
  };
}

const isHtml = (file: string): boolean => /\.html?$/i.test(file);

/** Null when no report is wanted. Checked before anything is done. Throws USAGE. */
function reportPath(line: CommandLine): string | null {
  const file = text(line, 'report');
  if (file === undefined) return null;
  if (!isHtml(file) && !/\.json$/i.test(file))
    throw usage('--report takes a file that ends in .html or .json.');
  return path.resolve(file);
}

async function copyReport(saved: NonNullable<ApplyResult['report']>, file: string): Promise<void> {
  await saveText(file, await readFile(isHtml(file) ? saved.html : saved.json, 'utf8'));
}

/** Reports name folders and servers of a person: for their owner only. */
async function saveText(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content, { mode: 0o600 });
  } catch (error) {
    throw new PatchbayError(
      'CONFIG_NOT_WRITABLE',
      `The report could not be written to ${file}.`,
      { path: file },
      error,
    );
  }
}

function chosenClients({ line }: Context): ClientId[] | undefined {
  const given = line.flags.get('client');
  if (!Array.isArray(given)) return undefined;
  return given.map((name) => {
    const id = ClientId.safeParse(name);
    if (!id.success)
      throw usage(`There is no client ${JSON.stringify(name)}; there are ${ClientId.options.join(' and ')}.`);
    return id.data;
  });
}

function describePlan(output: Output, { files, servers }: Plan, restarts: boolean): void {
  for (const file of files) {
    output.say(`${file.path} (${file.client})`);
    if (file.refusal?.code === 'CLIENT_RUNNING' && restarts) {
      output.say(
        '  It is running: with --yes it is asked to quit, and started again. Leave it alone: --no-restart',
      );
    } else if (file.refusal) output.say(`  Not now: ${file.refusal.message} ${file.refusal.hint ?? ''}`);
    for (const entry of file.entries) {
      const where = entry.project ? ` in ${entry.project}` : '';
      output.say(
        `  ${entry.action === 'move' ? 'route' : 'leave'}  ${entry.name}${where}${entry.reason ? `: ${entry.reason}` : ''}`,
      );
    }
    for (const warning of file.warnings) output.say(`  note   ${warning.message}`);
    for (const { secret, field, entry, movable } of file.secrets ?? [])
      if (movable) output.say(`  secret ${entry} ${field}: --move-secrets ${secret}`);
    if (file.diff) output.say(file.diff);
  }
  const moved = files.flatMap((file) => file.entries).filter((entry) => entry.action === 'move').length;
  output.say(
    moved === 0
      ? 'There is nothing to route.'
      : `${counted(moved, 'entry', 'entries')} of ${counted(servers.length, 'server')} would go through the hub.`,
  );
}

function describeParity(output: Output, rows: readonly ParityRow[], trigger: LatencyTrigger): void {
  if (rows.length === 0) return;
  const ms = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} ms`);
  output.table([
    ['', 'client', 'server', 'tools', 'start', 'list latency', 'way'],
    ...rows.map((row) => [
      verdictOf(row, trigger).replace('lost', 'LOST'),
      row.client,
      row.server,
      `${row.toolsBefore ?? '-'} → ${row.toolsAfter ?? '-'}`,
      `${ms(row.startBeforeMs)} → ${ms(row.startAfterMs)}`,
      `${ms(row.latencyBeforeMs)} → ${ms(row.latencyAfterMs)}`,
      [row.route, row.missing.length > 0 ? `missing: ${row.missing.join(', ')}` : '', row.errorAfter ?? '']
        .filter(Boolean)
        .join('; '),
    ]),
  ]);
}
