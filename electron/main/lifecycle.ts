import { app, powerMonitor } from 'electron';
import type { Desktop } from './desktop.ts';
import { HIDDEN_SWITCH } from './program-commands.ts';

/** How the app may be ended from within. */
export interface AppLife {
  /**
   * Ends everything, calls under way first, and then does `last` instead of merely quitting. Without asking: whoever
   * calls it has asked.
   */
  endThen(last: () => void): void;
}

/** An installer that has not ended the app after this long never will. */
const LAST_LIMIT_MS = 60_000;

/**
 * Connects the app's events to the desktop. Quitting has one way out, whoever asks: the menu, the system or a
 * signal; it asks the person first (D16) unless nobody may be there to answer, then drains, then ends.
 */
export function followAppEvents(desktop: Desktop, signals: NodeJS.EventEmitter): AppLife {
  let phase: 'running' | 'asking' | 'draining' | 'done' = 'running';
  let isShuttingDown = false;

  async function quit(): Promise<void> {
    if (phase === 'draining' || (phase === 'asking' && !isShuttingDown)) return;
    if (!isShuttingDown) {
      phase = 'asking';
      const isAgreed = await desktop.confirmQuit();
      // A signal may have gone ahead while the question stood.
      if (phase !== 'asking') return;
      phase = 'running';
      if (!isAgreed) return;
    }
    await end({ waitForCalls: false });
    app.quit();
  }

  async function end(how: { waitForCalls: boolean }): Promise<void> {
    phase = 'draining';
    await desktop.dispose(how);
    phase = 'done';
  }

  async function endForGood(last: () => void): Promise<void> {
    if (phase === 'draining' || phase === 'done') return;
    await end({ waitForCalls: true });
    // Nothing of ours runs any more: an app that stayed now would look alive and do nothing.
    const limit = setTimeout(startAgain, LAST_LIMIT_MS);
    try {
      last();
    } catch {
      clearTimeout(limit);
      startAgain();
    }
  }

  app.on('before-quit', (event) => {
    if (phase === 'done') return;
    event.preventDefault();
    void quit();
  });
  // Without a listener Electron would quit with its last window.
  app.on('window-all-closed', () => {});
  app.on('activate', () => desktop.show());
  app.on('second-instance', (_event, argv) => {
    // A shim that lost its hub to the end of this app must not bring it back.
    if (phase === 'draining' || phase === 'done') return;
    // The shim and the login item start us hidden; whoever else does wants to see us. Stock GNOME has no tray.
    if (argv.includes(HIDDEN_SWITCH)) desktop.wakeHub();
    else desktop.show();
  });
  const shutDown = (): void => {
    isShuttingDown = true;
    void quit();
  };
  powerMonitor.on('shutdown', shutDown);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) signals.on(signal, shutDown);
  return { endThen: (last) => void endForGood(last) };
}

function startAgain(): void {
  app.relaunch();
  app.exit(0);
}
