import { counted } from '../../../shared/language/counted.ts';
import type { PlanWarning, SecretOffer } from '../../../shared/model/migration.ts';
import type { LoadedConfig } from './load-configs.ts';
import type { Move } from './move.ts';
import type { MovedSecret } from './moved-secrets.ts';
import type { Running } from './running-clients.ts';
import type { Stay } from './stay-reason.ts';

/** What becomes of the secrets in clear of an entry: said once, whether all, some or none of them are moved. */
export function secretWarning(
  entry: string,
  offers: readonly SecretOffer[],
  moved: readonly MovedSecret[],
): PlanWarning {
  const name = JSON.stringify(entry);
  if (moved.length < offers.length) {
    const rest = moved.length > 0 ? 'holds another secret in clear' : 'holds a secret in clear';
    const offer = offers.some(({ movable }) => movable)
      ? 'It can be moved to the secret store (--move-secrets).'
      : 'It cannot be moved to the secret store by itself: the client has to pass it on.';
    const message = `${name}: ${rest}. It stays in this file, and the backup of the file has it too. ${offer}`;
    return { code: 'SECRET_IN_CLEAR', message, entry };
  }
  const names = moved.map(({ secret }) => secret).join(', ');
  const message =
    `${name}: its secret goes to the secret store as ${names}, and out of this file. ` +
    'The backup and the saved versions of the file still have it.';
  return { code: 'SECRET_MOVED', message, entry };
}

/** Why an entry stays as it is. */
export const entryWarning = (entry: string, { code, message }: Stay): PlanWarning => ({
  code,
  message: `${JSON.stringify(entry)}: ${message}`,
  entry,
});

/** What the warnings about a file as a whole depend on. */
export interface FileContext {
  running: Running;
  moves: readonly Move[];
  /** All of the catalog, once the plan is carried out. */
  servers: readonly string[];
}

/** Warnings about a file as a whole. `entryWarnings` are those of its entries. */
export function fileWarnings(
  config: LoadedConfig,
  context: FileContext,
  entryWarnings: readonly PlanWarning[],
): PlanWarning[] {
  const { target } = config;
  const warnings = [...runningWarnings(config, context.running), ...choiceWarnings(config, context)];
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

function runningWarnings({ adapter, file }: LoadedConfig, running: Running): PlanWarning[] {
  const live = running.of(file.client);
  if (live.length === 0) return [];
  if (file.mustNotRun) {
    const message = `${adapter.name} is running and must be quit first: it would write its own copy over the new config.`;
    return [{ code: 'CLIENT_RUNNING', message }];
  }
  const folders = [...new Set(live.flatMap(({ cwd }) => cwd ?? []))];
  const where = folders.length > 0 ? ` in ${folders.join(', ')}` : '';
  const message = `${adapter.name} is running${where}. These sessions go on as they are until they are reloaded.`;
  return [{ code: 'SESSIONS_RUNNING', message }];
}

/** What comes with the chosen mode and transport, where it is not what every migration brings. */
function choiceWarnings({ adapter }: LoadedConfig, { moves, servers }: FileContext): PlanWarning[] {
  const count = (way: Move['way']): number => moves.filter((move) => move.way === way).length;
  const warnings: PlanWarning[] = [];
  if (count('merged') > 0) {
    warnings.push({
      code: 'NAMES_CHANGE',
      message:
        `The tools of ${counted(count('merged'), 'entry', 'entries')} get other names, and each session sees all ${counted(servers.length, 'server')} ` +
        'of the catalog. Rules, hooks and sub-agents that name them are listed with each entry.',
    });
  }
  const needing = count('merged') + count('http') + count('remote');
  if (needing > 0) {
    warnings.push({
      code: 'HUB_NEEDED',
      message: `The tools of ${counted(needing, 'entry', 'entries')} stop when the hub is down: only the hub can start these servers.`,
    });
  }
  if (count('http') > 0) {
    warnings.push({
      code: 'OTHER_PLACE',
      message: `Started in your home folder, as ${adapter.name} tells no folder over HTTP: ${counted(count('http'), 'server')}.`,
    });
  }
  return warnings;
}
