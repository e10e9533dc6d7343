import type { UpdateState } from '../../shared/model/desktop.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import type { Logger } from '../hub/log.ts';
import type { ShellMessages } from './messages/messages.ts';
import { type NoUpdates, noUpdatesInWords } from './update-support.ts';

/** What finds and installs new versions; electron-updater, or a test's script. */
export interface UpdateEngine {
  /** The version that is newer than this one; null when there is none. */
  check(): Promise<string | null>;
  /** Fetches and verifies what `check` found. */
  download(onPercent: (percent: number) => void): Promise<void>;
  /** Puts the downloaded version in the place of this one and starts it. The app has ended everything of its own. */
  install(): void;
}

export interface UpdatesOptions {
  /** Or why this copy cannot update itself. */
  engine: UpdateEngine | NoUpdates;
  /** Whether to look for a new version unasked. */
  isAutomatic: () => boolean;
  /** Waits for running calls, ends everything in order, and calls back as the last thing the app does. */
  endThen: (last: () => void) => void;
  /** Epoch milliseconds. */
  wallClock: () => number;
  onChange: (state: UpdateState) => void;
  logger: Logger;
  /** The texts in the language of the moment. */
  text: () => ShellMessages;
}

/** New versions of the app: looked for once a day if the person wants that, fetched and installed only when asked. */
export interface Updates {
  readonly state: UpdateState;
  /** Looks now; the outcome is the state. Nothing happens while something else is under way. */
  check(): Promise<void>;
  download(): Promise<void>;
  /** Throws unless a version is ready. */
  install(): void;
  dispose(): void;
}

/** Not at the start itself, when people wait for their servers. */
const FIRST_LOOK_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;

export function createUpdates(options: UpdatesOptions): Updates {
  const { engine, logger, text } = options;
  if ('reason' in engine) return unsupported(() => noUpdatesInWords(engine, text()));
  const own = engine;
  let state: UpdateState = { phase: 'idle', checkedAt: null };

  function enter(next: UpdateState): void {
    state = next;
    options.onChange(next);
  }

  /** A failure is a state: whoever asked sees it where the version would have stood. */
  async function attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      logger.log('warn', `update.${what}-failed`, { problem: message });
      // Servers answer with whole pages; the first line says what happened.
      enter({ phase: 'failed', message: message.split('\n', 1)[0]!.slice(0, 300) });
    }
  }

  async function check(): Promise<void> {
    if (['checking', 'downloading', 'ready'].includes(state.phase)) return;
    enter({ phase: 'checking' });
    await attempt('check', async () => {
      const version = await own.check();
      enter(
        version === null
          ? { phase: 'idle', checkedAt: options.wallClock() }
          : { phase: 'available', version },
      );
    });
  }

  async function download(): Promise<void> {
    if (state.phase !== 'available') return;
    const { version } = state;
    enter({ phase: 'downloading', version, percent: 0 });
    await attempt('download', async () => {
      let shown = 0;
      await own.download((percent) => {
        // Whole percents only: each state is sent to every page and drawn in the menu.
        const whole = Math.min(100, Math.floor(percent));
        if (state.phase !== 'downloading' || whole <= shown) return;
        shown = whole;
        enter({ phase: 'downloading', version, percent: whole });
      });
      enter({ phase: 'ready', version });
    });
  }

  function look(): void {
    if (options.isAutomatic()) void check();
  }
  const first = setTimeout(look, FIRST_LOOK_MS).unref();
  const daily = setInterval(look, DAY_MS).unref();

  return {
    get state() {
      return state;
    },
    check,
    download,
    install() {
      if (state.phase !== 'ready') {
        throw new PatchbayError('NOTHING_TO_DO', text().updates.notReady);
      }
      logger.log('info', 'update.install', { version: state.version });
      options.endThen(() => own.install());
    },
    dispose() {
      clearTimeout(first);
      clearInterval(daily);
    },
  };
}

function unsupported(reason: () => string): Updates {
  const refuse = (): never => {
    throw new PatchbayError('NOT_SUPPORTED', reason());
  };
  return {
    get state(): UpdateState {
      return { phase: 'unsupported', reason: reason() };
    },
    check: () => Promise.resolve().then(refuse),
    download: () => Promise.resolve().then(refuse),
    install: refuse,
    dispose() {},
  };
}
