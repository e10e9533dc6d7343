import type { DesktopChoices, DesktopState } from '../model/desktop.ts';

/**
 * What the preload script gives the page, as `window.patchbay`. Ports cannot cross the context bridge, so the page
 * asks for one and receives it by `window.postMessage(HUB_PORT_MESSAGE, [port])`; it comes again, unasked, whenever
 * the hub was started anew.
 */
export interface DesktopBridge {
  readonly host: 'desktop';
  requestHubPort(): void;
  /** The desktop app's own settings and its updates; each promise rejects with a message for people. */
  state(): Promise<DesktopState>;
  choose(change: Partial<DesktopChoices>): Promise<DesktopState>;
  checkForUpdate(): Promise<DesktopState>;
  downloadUpdate(): Promise<DesktopState>;
  /** Waits for running calls, then quits and installs. */
  installUpdate(): Promise<void>;
  /**
   * Opens the login page of a remote server in the system's browser: begins that login, or joins the one that waits.
   * No address crosses the bridge; the app asks the hub for it.
   */
  openLoginPage(server: string): Promise<void>;
  /** Told of every new state; returns how to stop that. */
  onState(listener: (state: DesktopState) => void): () => void;
}

export const HUB_PORT_MESSAGE = 'patchbay:hub-port';

/** Subprotocol of the browser's WebSocket at `/rpc`; the token follows as a second one: `bearer.<token>`. */
export const RPC_SUBPROTOCOL = 'patchbay.v1';
export const RPC_TOKEN_PREFIX = 'bearer.';
