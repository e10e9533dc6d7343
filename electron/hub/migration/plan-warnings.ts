import type { PlanWarning } from '../../../shared/model/migration.ts';
import type { LoadedConfig } from './load-configs.ts';
import type { Running } from './running-clients.ts';

export const secretWarning = (entry: string): PlanWarning => ({
  code: 'SECRET_IN_CLEAR',
  message: `${JSON.stringify(entry)}: holds a secret in clear. It stays in this file; the backup of the file has it too.`,
  entry,
});

/** Warnings about a file as a whole. `entryWarnings` are those of its entries. */
export function fileWarnings(
  { adapter, file, target }: LoadedConfig,
  running: Running,
  entryWarnings: readonly PlanWarning[],
): PlanWarning[] {
  const warnings: PlanWarning[] = [];
  const live = running.of(file.client);
  if (live.length > 0 && file.mustNotRun) {
    warnings.push({
      code: 'CLIENT_RUNNING',
      message: `${adapter.name} is running and must be quit first: it would write its own copy over the new config.`,
    });
  } else if (live.length > 0) {
    const folders = [...new Set(live.flatMap(({ cwd }) => cwd ?? []))];
    const where = folders.length > 0 ? ` in ${folders.join(', ')}` : '';
    warnings.push({
      code: 'SESSIONS_RUNNING',
      message: `${adapter.name} is running${where}. These sessions go on as they are until they are reloaded.`,
    });
  }
  const secrets = entryWarnings.some(({ code }) => code === 'SECRET_IN_CLEAR');
  if (secrets && target && (target.facts.mode & 0o077) !== 0) {
    warnings.push({
      code: 'FILE_MODE_OPEN',
      message:
        'Other users of this machine may read this file with the secrets in it. Its mode is left as it is.',
    });
  }
  return warnings;
}
