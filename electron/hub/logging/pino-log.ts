import { pino } from 'pino';
import type { Logger, LogLevel } from '../log.ts';
import { cleanFields } from './clean-fields.ts';
import type { LineSink } from './line-sink.ts';
import { recordAsText } from './record-text.ts';

/** The log of a hub that runs. */
export interface OpenLog extends Logger {
  readonly dropped: number;
  /** As LineSink's. */
  flushSync(): void;
  close(): Promise<void>;
}

/** Lines that may wait for a reader that is slow. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

const LEVEL_NAMES: Readonly<Record<number, LogLevel>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/** Cleaned records of `level` and above, as JSON or as lines for people. */
export function createLog(
  sink: LineSink,
  { level, format }: { level: LogLevel; format: 'text' | 'json' },
): OpenLog {
  const destination = {
    // pino tells a stream that asks for it the level of the record it writes.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string) {
      sink.write(format === 'text' ? recordAsText(line) : line, LEVEL_NAMES[destination.lastLevel] ?? 'info');
    },
  };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    log(at, event, fields) {
      // Cleaning costs more than asking.
      if (logger.isLevelEnabled(at)) logger[at]({ event, ...cleanFields(fields) });
    },
    get dropped() {
      return sink.dropped;
    },
    flushSync: () => sink.flushSync(),
    close: () => sink.close(),
  };
}

/**
 * Standard output or error. A terminal or a pipe that nobody reads costs records, which are counted, never the
 * traffic. (None of pino's worker transports: those load files by name, which a bundle has not.)
 */
export function openStandardStream(fd: 1 | 2): LineSink {
  const stream = pino.destination({ fd, sync: false, maxLength: MAX_WAITING_BYTES });
  let dropped = 0;
  let isOpen = true;
  stream.on('drop', () => (dropped += 1));
  // Whoever read it is gone; the hub goes on without a log.
  stream.on('error', () => (isOpen = false));
  const flushSync = (): void => {
    try {
      if (isOpen) stream.flushSync();
    } catch {
      // Closed under us: nothing is left to tell, and nobody to tell it to.
    }
  };
  return {
    get dropped() {
      return dropped;
    },
    write(line) {
      if (isOpen) stream.write(line);
      else dropped += 1;
    },
    flushSync,
    async close() {
      flushSync();
      isOpen = false;
    },
  };
}
