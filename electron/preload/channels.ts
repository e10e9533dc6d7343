/** Channels between the preload script and main. */
export const REQUEST_HUB_PORT_CHANNEL = 'patchbay:request-hub-port';
export const HUB_PORT_CHANNEL = 'patchbay:hub-port';

/** Calls of a page about the desktop app itself; each is answered with a {@link PageAnswer}. */
export const DESKTOP_CALLS = {
  state: 'patchbay:desktop-state',
  choose: 'patchbay:desktop-choose',
  checkForUpdate: 'patchbay:check-for-update',
  downloadUpdate: 'patchbay:download-update',
  installUpdate: 'patchbay:install-update',
  openLoginPage: 'patchbay:open-login-page',
} as const;

/** Carries every new DesktopState to the pages that asked for the first. */
export const DESKTOP_STATE_CHANNEL = 'patchbay:desktop-state-changed';

/**
 * What a call gets back. An error thrown in a handler of Electron's would reach the page wrapped in words about
 * channels; the message here is for people.
 */
export type PageAnswer = { ok: true; value: unknown } | { ok: false; message: string };
