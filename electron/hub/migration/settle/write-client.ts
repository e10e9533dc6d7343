import { counted } from '../../../../shared/language/counted.ts';
import { PatchbayError } from '../../../../shared/model/error.ts';
import { runningRefusal, findRunning } from '../running-clients.ts';
import { writeMigratedFile } from '../write-migrated-file.ts';
import { takeBack, type Run, type RunFile } from './migration-run.ts';

/**
 * Routes the files of one client. Files stand alone: one that cannot be written is left as it was, and the others go on
 * (A29). Gives the ones that are written now, and the first failure.
 */
export async function writeClient(
  run: Run,
  files: readonly RunFile[],
): Promise<{ written: RunFile[]; failure: PatchbayError | null }> {
  const { engine, manifest, token, report } = run;
  const entries = files.reduce((sum, { record }) => sum + record.entries.length, 0);
  report('write', 'started', `Routing ${counted(entries, 'server entry', 'server entries')}.`);
  const written: RunFile[] = [];
  let failure: PatchbayError | null = null;
  for (const { planned, record } of files) {
    // Files with rules come last: where no entry of their client was written, no rule may be.
    if (planned.moves.length === 0 && !written.some(({ record: { entries: routed } }) => routed.length > 0)) {
      record.state = 'skipped';
      continue;
    }
    let mayBeThere = false;
    try {
      await refuseIfRunning(run, planned.config);
      const onCommit = (): void => void (mayBeThere = true);
      await writeMigratedFile(engine, planned, { manifest, record, token, onCommit });
      written.push({ planned, record });
    } catch (error) {
      if (!(error instanceof PatchbayError)) throw error;
      failure ??= error;
      // It may have failed with the new bytes in place, as when the disk does not confirm them.
      if (mayBeThere) await takeBack(run, new Set([record.path]));
      else record.state = 'skipped';
      run.notes.push(`${planned.config.adapter.name} was left as it is: ${error.message}`);
    }
  }
  if (written.length > 0) report('write', 'finished', written.map(({ record }) => record.path).join(', '));
  else if (failure) report('write', 'failed', failure.message);
  return { written, failure };
}

/** Asked as late as can be: a client that was started meanwhile has its old config in memory. */
async function refuseIfRunning(
  { engine }: Run,
  { file, adapter }: RunFile['planned']['config'],
): Promise<void> {
  const refusal = runningRefusal(file, adapter.name, await findRunning(engine));
  if (refusal) throw new PatchbayError(refusal.code, refusal.message, refusal);
}
