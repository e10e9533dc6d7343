import { app, powerMonitor } from 'electron';
import type { Desktop } from './desktop.ts';
import { HIDDEN_SWITCH } from './program-commands.ts';

/**
 * Connects the app's events to the desktop. Quitting has one way out, whoever asks: the menu, the system or a
 * signal; it asks the person first (D16) unless nobody may be there to answer, then drains, then ends.
 */
export function followAppEvents(desktop: Desktop, signals: NodeJS.EventEmitter): void {
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
    phase = 'draining';
    await desktop.dispose();
    phase = 'done';
    app.quit();
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
}
