import type { Logger } from '../hub/log.ts';
import type { UpdateEngine } from './updates.ts';

/** What is used of electron-updater's `autoUpdater`, whose module finds Electron when it is read. */
export interface AppUpdater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  logger: { info(text?: unknown): void; warn(text?: unknown): void; error(text?: unknown): void } | null;
  on(event: 'download-progress', listener: (progress: { percent: number }) => void): unknown;
  checkForUpdates(): Promise<{ isUpdateAvailable: boolean; updateInfo: { version: string } } | null>;
  downloadUpdate(): Promise<unknown>;
  quitAndInstall(isSilent: boolean, isForceRunAfter: boolean): void;
}

/** Updating by electron-updater, which is loaded at the first look for a version and not at every start. */
export function updateEngine(load: () => Promise<AppUpdater>, logger: Logger): UpdateEngine {
  let onPercent: (percent: number) => void = () => {};
  let updater: AppUpdater | null = null;

  async function open(): Promise<AppUpdater> {
    if (updater) return updater;
    updater = await load();
    updater.autoDownload = false;
    // What was downloaded is put in place when the app ends anyway, by then drained by the one way out.
    updater.autoInstallOnAppQuit = true;
    const logAs = (level: 'info' | 'warn' | 'error') => (text?: unknown) =>
      logger.log(level, 'updater', { text: String(text).slice(0, 1_000) });
    updater.logger = { info: logAs('info'), warn: logAs('warn'), error: logAs('error') };
    updater.on('download-progress', ({ percent }) => onPercent(percent));
    return updater;
  }

  return {
    async check() {
      const result = await (await open()).checkForUpdates();
      return result?.isUpdateAvailable ? result.updateInfo.version : null;
    },
    async download(report) {
      onPercent = report;
      try {
        await (await open()).downloadUpdate();
      } finally {
        onPercent = () => {};
      }
    },
    install() {
      if (!updater) throw new Error('No version was looked for.');
      // Not silent: on Windows the person sees the installer work; everywhere the new version is started.
      updater.quitAndInstall(false, true);
    },
  };
}
