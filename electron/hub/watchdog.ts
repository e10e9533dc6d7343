import type { ChildProcess } from 'node:child_process';
import type { Logger } from './log.ts';
import { createRestartPolicy, type RestartPolicy } from './supervisor/restart-policy.ts';

/** What the watched hub tells over its IPC channel once it serves. */
export const WATCHED_HUB_READY = 'patchbay-ready';

export interface WatchdogOptions {
  /** Starts the hub with an IPC channel; its other streams are its own business. */
  spawn(): ChildProcess;
  logger: Logger;
  policy?: RestartPolicy;
  /** Milliseconds between SIGTERM and giving up on an orderly end. */
  stopMs?: number;
}

export interface Watchdog {
  /** Asks the hub to end and starts no other. Safe to call twice. */
  stop(): void;
  /** The exit code for the watchdog itself, once no hub of its runs any more. */
  readonly ended: Promise<number>;
}

const STOP_MS = 10_000;

/**
 * Keeps one hub running: one that was killed or crashed is started again, at once the first time, then with the
 * back-off of any server (D12). A hub that ends in order, or that could not start at all, is not.
 */
export function watchHub({
  spawn,
  logger,
  policy = createRestartPolicy(),
  stopMs = STOP_MS,
}: WatchdogOptions): Watchdog {
  let child: ChildProcess | null = null;
  let waiting: NodeJS.Timeout | null = null;
  let isStopping = false;
  let finish = (_code: number): void => {};
  const ended = new Promise<number>((resolve) => (finish = resolve));

  function start(): void {
    waiting = null;
    let wasReady = false;
    const hub = spawn();
    child = hub;
    hub.on('message', (message) => {
      if (message === WATCHED_HUB_READY) wasReady = true;
    });
    hub.once('error', (error) => {
      logger.log('error', 'watchdog.cannot-start', { message: error.message });
      child = null;
      finish(1);
    });
    hub.once('exit', (code, signal) => {
      child = null;
      // It said why itself: the port is taken, the data folder is unsafe.
      if (isStopping || code === 0 || !wasReady) return finish(code ?? 1);
      const decision = policy.crashed(performance.now());
      const how = signal ?? `code ${code}`;
      if (decision.action === 'give-up') {
        logger.log('error', 'watchdog.gives-up', { how });
        return finish(code ?? 1);
      }
      logger.log('warn', 'watchdog.restarts', { how, delayMs: decision.delayMs });
      waiting = setTimeout(start, decision.delayMs);
    });
  }

  start();
  return {
    stop() {
      if (isStopping) return;
      isStopping = true;
      if (waiting) {
        clearTimeout(waiting);
        finish(0);
        return;
      }
      const hub = child;
      if (!hub) return;
      hub.kill('SIGTERM');
      const timer = setTimeout(() => hub.kill('SIGKILL'), stopMs);
      hub.once('exit', () => clearTimeout(timer));
    },
    ended,
  };
}
