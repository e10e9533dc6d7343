import { PatchbayError } from '../../../shared/model/error.ts';
import { LOG_LEVELS, type LogLevel } from '../log.ts';

/** Where records go, and in which form. */
export type LogTarget =
  | { to: 'stdout' | 'stderr'; format: 'text' | 'json' }
  /** `socket`: null is the system's own, /dev/log. */
  | { to: 'syslog'; socket: string | null };

/**
 * Reads `--log`: `stderr` and `stdout` are lines for people, `json` is records on stdout, `syslog` is the system's
 * log, `syslog:PATH` another local syslog socket. Throws USAGE.
 */
export function parseLogTarget(text: string): LogTarget {
  if (text === 'stderr' || text === 'stdout') return { to: text, format: 'text' };
  if (text === 'json') return { to: 'stdout', format: 'json' };
  if (text === 'syslog') return { to: 'syslog', socket: null };
  if (/^syslog:\/./.test(text)) return { to: 'syslog', socket: text.slice('syslog:'.length) };
  throw new PatchbayError('USAGE', '--log takes stderr, stdout, json, syslog or syslog:/PATH/OF/SOCKET.', {
    hint: 'See: patchbay help',
  });
}

/** Reads a level; `source` names where it came from. Throws USAGE. */
export function parseLogLevel(text: string, source: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase());
  if (level) return level;
  throw new PatchbayError('USAGE', `${source} takes ${LOG_LEVELS.join(', ')}.`, {
    hint: 'See: patchbay help',
  });
}
