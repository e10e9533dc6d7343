import type { LogLevel } from '../log.ts';
import type { LogTarget } from './log-target.ts';
import { createLog, openStandardStream, type OpenLog } from './pino-log.ts';
import { openSyslog } from './syslog.ts';

/** Opens the log of a hub. Writing to it never waits and never throws, wherever it goes. */
export function openLog({ target, level }: { target: LogTarget; level: LogLevel }): OpenLog {
  if (target.to === 'syslog') {
    return createLog(openSyslog(target.socket, openStandardStream(2)), { level, format: 'json' });
  }
  return createLog(openStandardStream(target.to === 'stdout' ? 1 : 2), { level, format: target.format });
}
