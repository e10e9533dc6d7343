/** Texts of the desktop app's own settings. */
export const desktopSettingsMessages = {
  title: 'Desktop app',
  launchAtLogin: 'Start at login',
  launchAtLoginHint: 'In the tray, without a window. Clients start a hub by themselves either way.',
  launchAtLoginUnknown: 'This system has no setting for it that the app can change.',
  closeToTray: 'Keep running in the tray when the window is closed',
  closeToTrayOn: 'Closing the window changes nothing for sessions. Quit from the tray menu.',
  closeToTrayOff: 'Closing the window quits the app. Sessions go on with their servers started directly.',
  notifications: 'Notify about',
  notify: {
    alerts: 'Alerts that fire',
    serverFailures: 'Servers that failed and stay down',
    toolChanges: 'Servers whose tools are not what they were',
    guardian: 'Changes to routed entries that somebody else made',
  },
  checkForUpdates: 'Look for updates',
  checkForUpdatesHint: 'Once a day. Nothing is downloaded or installed unasked.',
  update: {
    never: 'Not looked for updates yet.',
    upToDate: (when: string): string => `Up to date as of ${when}.`,
    checking: 'Looking for an update…',
    available: (version: string): string => `Version ${version} is available.`,
    downloading: (version: string, share: string): string => `Downloading version ${version}: ${share}`,
    ready: (version: string): string =>
      `Version ${version} is installed at the next quit. Running calls are waited for first.`,
    failed: (why: string): string => `The update did not work: ${why}`,
    check: 'Look now',
    download: 'Download',
    install: 'Quit and install',
  },
} as const;
