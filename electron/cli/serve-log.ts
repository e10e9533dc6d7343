import { parseLogLevel, parseLogTarget } from '../hub/logging/log-target.ts';
import type { OpenLog } from '../hub/logging/pino-log.ts';
import { silentLogger } from '../hub/log.ts';
import { isSet, text } from './command-line.ts';
import type { Context } from './context.ts';

/**
 * The log of `serve`: `--log` and `--log-level`, else PATCHBAY_LOG and PATCHBAY_LOG_LEVEL (which also reach a hub that
 * a client's shim started), else warnings on stderr. A hub in the background has nobody to read that, and is silent
 * unless told. Throws USAGE.
 */
export async function openServeLog({ line, platform }: Context): Promise<OpenLog> {
  const wanted = text(line, 'log') ?? (platform.env.PATCHBAY_LOG || undefined);
  const [level, source] =
    text(line, 'log-level') === undefined
      ? [platform.env.PATCHBAY_LOG_LEVEL || undefined, 'PATCHBAY_LOG_LEVEL']
      : [text(line, 'log-level'), '--log-level'];
  if (wanted === undefined && isSet(line, 'background')) return SILENT;
  const target = parseLogTarget(wanted ?? 'stderr');
  const minimum =
    level === undefined ? (wanted === undefined ? 'warn' : 'info') : parseLogLevel(level, source!);
  // Loaded here and nowhere else: no other command writes a log.
  const { openLog } = await import('../hub/logging/open-log.ts');
  return openLog({ target, level: minimum });
}

const SILENT: OpenLog = { ...silentLogger, dropped: 0, flushSync() {}, async close() {} };
