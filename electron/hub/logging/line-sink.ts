import type { LogLevel } from '../log.ts';

/** What takes finished lines of a log, and never makes its writer wait. */
export interface LineSink {
  /** Lines that were thrown away because nobody took them in time. */
  readonly dropped: number;
  write(line: string, level: LogLevel): void;
  /** Hands everything to the system before it returns, as far as that can be had; for the moment before an exit. */
  flushSync(): void;
  /** Writes out what is waiting (bounded wait) and lets go. Safe to call twice. */
  close(): Promise<void>;
}
