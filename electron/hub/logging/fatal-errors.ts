import type { Logger } from '../log.ts';
import { type LastBreathKeeper, textOf } from './last-breath.ts';

export interface FatalErrorOptions {
  logger: Logger;
  breath: Pick<LastBreathKeeper, 'fatal'>;
  /** The orderly end of whatever runs. */
  end(): Promise<void>;
  /** The last thing that is done: what is in the log goes out, then the process ends. */
  exit(code: number): void;
  /** How long the orderly end may take, in milliseconds. */
  patienceMs?: number;
}

/** Whoever shuts the machine down gives five seconds (D20). */
const PATIENCE_MS = 4_000;

/** The part of `process` that is watched. */
export interface ErrorSource {
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (reason: unknown) => void): unknown;
  off(event: 'uncaughtException' | 'unhandledRejection', listener: (reason: unknown) => void): unknown;
}

export interface FatalErrorWatch {
  /** True from the first such error on. */
  readonly hasFailed: boolean;
  /** Takes the watch away again. */
  release(): void;
}

/**
 * What nobody caught may have damaged any state (D14): it is logged, written down for the next hub, and this one ends
 * in order with exit code 1, so that whoever watches it starts another. A second such error, or an end that takes too
 * long, ends it at once.
 */
export function endOnFatalErrors(
  source: ErrorSource,
  { logger, breath, end, exit, patienceMs = PATIENCE_MS }: FatalErrorOptions,
): FatalErrorWatch {
  let isEnding = false;
  const fatal = (kind: 'uncaught-exception' | 'unhandled-rejection', error: unknown): void => {
    logger.log('error', `hub.${kind}`, { ...textOf(error), again: isEnding });
    if (isEnding) return exit(1);
    isEnding = true;
    breath.fatal(kind, error);
    const late = setTimeout(() => exit(1), patienceMs);
    void end()
      .catch((failure: unknown) => logger.log('error', 'hub.stop-failed', textOf(failure)))
      .then(() => {
        clearTimeout(late);
        exit(1);
      });
  };
  const onException = (error: unknown): void => fatal('uncaught-exception', error);
  const onRejection = (reason: unknown): void => fatal('unhandled-rejection', reason);
  source.on('uncaughtException', onException);
  source.on('unhandledRejection', onRejection);
  return {
    get hasFailed() {
      return isEnding;
    },
    release() {
      source.off('uncaughtException', onException);
      source.off('unhandledRejection', onRejection);
    },
  };
}
