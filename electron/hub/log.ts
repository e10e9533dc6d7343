export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured log of the hub itself. Fields must never hold environment values, headers or bodies. */
export interface Logger {
  log(level: LogLevel, event: string, fields?: Record<string, string | number | boolean | null>): void;
}

/** One JSON record per line on stderr; control characters are escaped by JSON, so a record cannot forge another. */
export function stderrLogger(minimum: LogLevel = 'info'): Logger {
  const order: LogLevel[] = ['debug', 'info', 'warn', 'error'];
  return {
    log(level, event, fields = {}) {
      if (order.indexOf(level) < order.indexOf(minimum)) return;
      process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`);
    },
  };
}

export const silentLogger: Logger = { log() {} };
