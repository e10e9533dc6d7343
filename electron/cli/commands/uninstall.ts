import { PatchbayError } from '../../../shared/model/error.ts';
import { nodeStorage } from '../../hub/files/storage.ts';
import { findLiveHub } from '../../hub/hub-lock.ts';
import { makeRoom } from '../../hub/make-room.ts';
import {
  uninstall as uninstallPatchbay,
  type StoppableHub,
  type UninstallReport,
} from '../../hub/migration/uninstall.ts';
import { isSet, usage } from '../command-line.ts';
import { openMigration, type Context } from '../context.ts';

const REFUSED_FOR_SAFETY = 3;

/** Puts every config back and removes Patchbay; needs --yes, since nothing is written before its diff was shown. */
export async function uninstall(context: Context): Promise<number> {
  const { data, platform, line, output } = context;
  const isAgreed = isSet(line, 'yes');
  const dryRun = isSet(line, 'dry-run') || !isAgreed;
  const service = await openMigration(context);
  const report = await uninstallPatchbay(
    { service, storage: nodeStorage(process.platform), data, platform, findHub: () => findHub(context) },
    { dryRun, keepData: isSet(line, 'keep-data'), force: isSet(line, 'force') },
  );
  if (!isAgreed && !isSet(line, 'dry-run')) {
    if (!output.wantsJson) describe(output, report);
    throw usage(
      'This is what would be done. Say --yes to do it, and --keep-data to keep catalog and backups.',
    );
  }
  if (output.wantsJson) output.json(report);
  else describe(output, report);
  return report.state === 'refused' ? REFUSED_FOR_SAFETY : 0;
}

async function findHub({ data, socket }: Context): Promise<StoppableHub | null> {
  const running = await findLiveHub(data, socket);
  if (!running) return null;
  if (running.host === 'desktop') {
    throw new PatchbayError('HUB_ALREADY_RUNNING', 'The Patchbay app runs, and would start its hub again.', {
      hint: 'Quit it from its tray menu, then repeat: patchbay uninstall --yes',
    });
  }
  return {
    // The person asked for it, whoever started the hub.
    stop: () => makeRoom({ ...running, background: true }),
  };
}

function describe(output: Context['output'], { state, clients, hub, removed, left }: UninstallReport): void {
  for (const { name, files, stillRouted } of clients) {
    output.say(name);
    for (const { path, result, message, diff } of files) {
      output.say(`  ${result.padEnd(9)}  ${path}${message ? `: ${message}` : ''}`);
      if (diff) output.say(diff);
    }
    for (const { path, entry } of state === 'preview' ? [] : stillRouted)
      output.say(`  still leads to Patchbay: ${entry} in ${path}`);
  }
  if (state === 'refused') {
    output.say(
      'Some configs could not be put back, so Patchbay stays installed and their servers keep working.',
    );
    output.say('See to what is said above and repeat, or say --force to remove the rest all the same.');
    return;
  }
  if (hub !== 'none') output.say(hub === 'stopped' ? 'The hub was stopped.' : 'The hub still runs.');
  for (const path of removed) output.say(`${state === 'preview' ? 'would remove' : 'removed'}  ${path}`);
  for (const { path, reason } of left) output.say(`left  ${path}: ${reason}`);
  if (state === 'done')
    output.say('Clients that are running keep the servers they have until they are started again.');
}
