import type { Logger } from './log.ts';

/** How a hub ends: what was started is ended in reverse, once, whoever asks. */
export interface HubLife {
  /** Remembers how to end something that was just started. */
  onEnd(dispose: () => Promise<void> | void): void;
  /**
   * Ends everything. With `drainMs`, what is under way may finish first, for so long at most. Safe to call twice; the
   * first call decides, but a second without a drain ends the wait of the first.
   */
  stop(drainMs?: number): Promise<void>;
  /** True from the moment the end was asked for. */
  readonly isStopping: boolean;
  /** Resolves when everything has ended. */
  readonly ended: Promise<void>;
}

export interface HubLifeOptions {
  logger: Logger;
  /** Calls under way that a drain waits for. */
  inFlight(): number;
}

/** How often a drain looks whether there is still something to wait for. */
const DRAIN_LOOK_MS = 50;

export function createHubLife({ logger, inFlight }: HubLifeOptions): HubLife {
  const started: (() => Promise<void> | void)[] = [];
  let stopping: Promise<void> | null = null;
  let isUrgent = false;
  let markEnded = (): void => {};
  const ended = new Promise<void>((resolve) => (markEnded = resolve));

  async function drain(ms: number): Promise<void> {
    const deadline = performance.now() + ms;
    while (!isUrgent && inFlight() > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS));
    }
    const left = inFlight();
    if (left > 0) logger.log('warn', 'hub.drain-cut', { inFlight: left });
  }

  async function end(drainMs: number): Promise<void> {
    if (drainMs > 0) await drain(drainMs);
    for (const dispose of started.toReversed()) {
      try {
        await dispose();
      } catch (error) {
        logger.log('error', 'hub.stop-failed', { message: (error as Error).message });
      }
    }
    markEnded();
  }

  return {
    onEnd: (dispose) => void started.push(dispose),
    stop(drainMs = 0) {
      if (drainMs === 0) isUrgent = true;
      stopping ??= end(drainMs);
      return stopping;
    },
    get isStopping() {
      return stopping !== null;
    },
    ended,
  };
}
