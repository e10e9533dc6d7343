import type { LogFields } from './logging/clean-fields.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** From the most to the least said. */
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Structured log of the hub itself. Fields are cleaned of secrets, and still must not hold headers or bodies. */
export interface Logger {
  log(level: LogLevel, event: string, fields?: LogFields): void;
}

export const silentLogger: Logger = { log() {} };
