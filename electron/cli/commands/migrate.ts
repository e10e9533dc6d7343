import { ClientId } from '../../../shared/model/client.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import {
  isParityKept,
  type MigrationResult,
  type ParityRow,
  type Plan,
} from '../../../shared/model/migration.ts';
import { findLiveHub } from '../../hub/hub-lock.ts';
import { makeRoom } from '../../hub/make-room.ts';
import { isSet, text, usage } from '../command-line.ts';
import { openMigration, type Context } from '../context.ts';
import type { Output } from '../output.ts';

/** What a migration would do; writes nothing. */
export async function plan(context: Context): Promise<number> {
  const { output } = context;
  const result = await (await openMigration(context)).plan({ clients: chosenClients(context) });
  if (output.wantsJson) output.json(result);
  else describePlan(output, result);
  return 0;
}

/** Applies the plan; needs --yes, since nothing is written before its diff was shown. */
export async function migrate(context: Context): Promise<number> {
  const { output, line } = context;
  const clients = chosenClients(context);
  const migration = await openMigration(context);
  if (!isSet(line, 'yes')) {
    if (!output.wantsJson) describePlan(output, await migration.plan({ clients }));
    throw usage('This is what would change. Say --yes to do it.');
  }
  let result: MigrationResult | null = null;
  for await (const event of migration.apply({ clients, witness: !isSet(line, 'no-witness') })) {
    if (event.type === 'result') result = event.result;
    else if (event.state !== 'started')
      output.say(`${event.state === 'failed' ? 'failed' : 'ok    '} ${event.detail}`);
  }
  if (!result) throw new PatchbayError('INTERNAL', 'The migration ended without a result.');
  if (output.wantsJson) output.json(result);
  else {
    describeParity(output, result.parity);
    for (const note of result.notes) output.say(note);
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
  const { output } = context;
  const result = await (await openMigration(context)).verify({ clients: chosenClients(context) });
  if (output.wantsJson) output.json(result);
  else describeParity(output, result.parity);
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
  const result = await (await openMigration(context)).rollback({ clients, migration, dryRun });
  if (output.wantsJson) output.json(result);
  else {
    if (result.files.length === 0) output.say('There is nothing to put back.');
    for (const file of result.files) {
      output.say(`${file.result.padEnd(9)} ${file.path}${file.message ? `  ${file.message}` : ''}`);
      if (dryRun && file.diff) output.say(file.diff);
    }
  }
  const isClean = result.files.every((file) => file.result !== 'conflict');
  if (!dryRun && isClean && isSet(line, 'all')) await endBackgroundHub(context);
  return isClean ? 0 : 1;
}

/** With everything put back, a hub that only programs had started has nothing left to do. */
async function endBackgroundHub({ data, socket }: Context): Promise<void> {
  const running = await findLiveHub(data, socket);
  if (running) await makeRoom(running);
}

function chosenClients({ line }: Context): ClientId[] | undefined {
  for (const [name, only] of [
    ['mode', 'per-server'],
    ['transport', 'shim'],
  ] as const) {
    const given = text(line, name);
    if (given !== undefined && given !== only) {
      throw new PatchbayError('NOT_SUPPORTED', `--${name} ${given} is not part of this version.`, {
        hint: `Leave it out, or say ${only}.`,
      });
    }
  }
  const given = line.flags.get('client');
  if (!Array.isArray(given)) return undefined;
  return given.map((name) => {
    const id = ClientId.safeParse(name);
    if (!id.success)
      throw usage(`There is no client ${JSON.stringify(name)}; there are ${ClientId.options.join(' and ')}.`);
    return id.data;
  });
}

function describePlan(output: Output, { files, servers }: Plan): void {
  for (const file of files) {
    output.say(`${file.path} (${file.client})`);
    if (file.refusal) output.say(`  Not now: ${file.refusal.message} ${file.refusal.hint ?? ''}`);
    for (const entry of file.entries) {
      const where = entry.project ? ` in ${entry.project}` : '';
      output.say(
        `  ${entry.action === 'move' ? 'route' : 'leave'}  ${entry.name}${where}${entry.reason ? `: ${entry.reason}` : ''}`,
      );
    }
    for (const warning of file.warnings) output.say(`  note   ${warning.message}`);
    if (file.diff) output.say(file.diff);
  }
  const moved = files.flatMap((file) => file.entries).filter((entry) => entry.action === 'move').length;
  output.say(
    moved === 0
      ? 'There is nothing to route.'
      : `${moved} entries of ${servers.length} servers would go through the hub.`,
  );
}

function verdictOf(row: ParityRow): string {
  if (!isParityKept(row)) return 'LOST';
  // It did not answer before either: nothing is lost, and nothing is proven.
  return row.toolsAfter === null ? 'silent' : 'same';
}

function describeParity(output: Output, rows: readonly ParityRow[]): void {
  if (rows.length === 0) return;
  const ms = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} ms`);
  output.table([
    ['', 'client', 'server', 'tools', 'start', 'list latency', 'way'],
    ...rows.map((row) => [
      verdictOf(row),
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
