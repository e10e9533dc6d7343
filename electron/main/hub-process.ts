import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { ErrorInfo } from '../../shared/model/error.ts';
import type { Logger } from '../hub/log.ts';
import type { RestartPolicy } from '../hub/supervisor/restart-policy.ts';
import { MessageFromHub, type MessageToHub } from './hub-messages.ts';

/** Longer than the stop ladder of a server that ignores everything (2 s + 2 s), shorter than patience at a log-off. */
const DRAIN_MS = 8_000;
const KILL_GRACE_MS = 2_000;
/** A start includes finishing what a crash left behind, so it is given time. */
const START_LIMIT_MS = 30_000;

export type HubState =
  | { phase: 'starting' }
  | { phase: 'ready'; url: string; port: number; pid: number }
  /** It crashed and starts again after the delay. */
  | { phase: 'restarting'; delayMs: number; reason: string }
  /** It will not start again until a person asks; `crashes`: nothing was said, it ended too often. */
  | { phase: 'failed'; error: ErrorInfo | 'crashes' }
  /** It ended because it was asked to. */
  | { phase: 'stopped' };

export interface HubProcessOptions {
  /** The built hub, an ES module. */
  modulePath: string;
  args: string[];
  policy: RestartPolicy;
  /** Monotonic milliseconds. */
  now: () => number;
  /** What the hub writes to stdout and stderr. */
  output: (chunk: Uint8Array) => void;
  logger: Logger;
}

/** The hub's own process, kept alive. Traffic runs there, so nothing main does can hold it up. */
export interface HubProcess {
  readonly state: HubState;
  /** Starts the hub, also after it failed or was stopped; a person asked, so crashes count afresh. */
  start(): void;
  /** Hands over one end of a message channel; false when no hub is ready, and the port is still the caller's. */
  connect(port: MessagePortMain): boolean;
  /** Drains and ends the hub, by force after {@link DRAIN_MS}; resolves when the process is gone. */
  stop(): Promise<void>;
  /** For a hub that was asked to end in its own time; false when it has not after so long. */
  waitForEnd(limitMs: number): Promise<boolean>;
  /** Calls back after each change of state until the returned function is called. */
  onChange(listener: (state: HubState) => void): () => void;
}

export function createHubProcess(options: HubProcessOptions): HubProcess {
  const { policy, logger } = options;
  const listeners = new Set<(state: HubState) => void>();
  let state: HubState = { phase: 'stopped' };
  let child: UtilityProcess | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;

  function enter(next: HubState): void {
    state = next;
    logger.log(next.phase === 'failed' ? 'error' : 'info', `hub.${next.phase}`, {
      detail:
        next.phase === 'failed'
          ? next.error === 'crashes'
            ? 'too many crashes'
            : next.error.message
          : next.phase === 'restarting'
            ? `${next.reason}; again in ${next.delayMs} ms`
            : null,
    });
    for (const listener of listeners) listener(next);
  }

  function launch(): void {
    clearTimeout(timer);
    enter({ phase: 'starting' });
    const started = utilityProcess.fork(options.modulePath, options.args, {
      serviceName: 'Patchbay Hub',
      stdio: ['ignore', 'pipe', 'pipe'],
      // Third-party servers run below the hub: macOS shall ask for permissions in their name, not in ours.
      disclaim: true,
    });
    child = started;
    // The last word decides what the exit means: a process that said nothing has crashed.
    let lastWord: MessageFromHub | null = null;
    started.stdout?.on('data', options.output);
    started.stderr?.on('data', options.output);
    timer = setTimeout(() => {
      logger.log('error', 'hub.start-timeout', { limitMs: START_LIMIT_MS });
      started.kill();
    }, START_LIMIT_MS);
    started.on('message', (raw: unknown) => {
      const message = MessageFromHub.safeParse(raw);
      if (!message.success) {
        logger.log('error', 'hub.unknown-message', { problem: message.error.message });
        return;
      }
      lastWord = message.data;
      if (message.data.type !== 'ready') return;
      clearTimeout(timer);
      const { url, port, pid } = message.data;
      enter({ phase: 'ready', url, port, pid });
    });
    started.on('exit', (code) => {
      clearTimeout(timer);
      if (child === started) child = null;
      ended(lastWord, code);
    });
  }

  function ended(lastWord: MessageFromHub | null, code: number): void {
    if (isStopping || lastWord?.type === 'stopped') return enter({ phase: 'stopped' });
    if (lastWord?.type === 'failed') return enter({ phase: 'failed', error: lastWord.error });
    const reason = `the hub ended unexpectedly (code ${code})`;
    const decision = policy.crashed(options.now());
    if (decision.action === 'give-up') {
      return enter({ phase: 'failed', error: 'crashes' });
    }
    enter({ phase: 'restarting', delayMs: decision.delayMs, reason });
    timer = setTimeout(launch, decision.delayMs);
  }

  return {
    get state() {
      return state;
    },
    start() {
      if (child || isStopping) return;
      policy.reset();
      launch();
    },
    connect(port) {
      if (!child || state.phase !== 'ready') return false;
      child.postMessage({ type: 'connect' } satisfies MessageToHub, [port]);
      return true;
    },
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      const last = child;
      if (!last) {
        if (state.phase === 'restarting') enter({ phase: 'stopped' });
        return;
      }
      const { pid } = last;
      const gone = new Promise<true>((resolve) => last.once('exit', () => resolve(true)));
      last.postMessage({ type: 'stop' } satisfies MessageToHub);
      if (await within(gone, DRAIN_MS)) return;
      logger.log('warn', 'hub.drain-timeout', { limitMs: DRAIN_MS });
      last.kill();
      if (await within(gone, KILL_GRACE_MS)) return;
      // UtilityProcess.kill() is a SIGTERM; a blocked event loop never sees it.
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await within(gone, KILL_GRACE_MS);
    },
    waitForEnd(limitMs) {
      const last = child;
      if (!last) return Promise.resolve(true);
      return within(new Promise((resolve) => last.once('exit', () => resolve(true))), limitMs);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** True when the promise settled within the time. */
async function within(promise: Promise<true>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const result = await Promise.race([promise, late]);
  clearTimeout(timer);
  return result;
}
