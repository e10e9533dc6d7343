/**
 * What the preload script gives the page, as `window.patchbay`. Ports cannot cross the context bridge, so the page
 * asks for one and receives it by `window.postMessage(HUB_PORT_MESSAGE, [port])`; it comes again, unasked, whenever
 * the hub was started anew.
 */
export interface DesktopBridge {
  readonly host: 'desktop';
  requestHubPort(): void;
}

export const HUB_PORT_MESSAGE = 'patchbay:hub-port';

/** Subprotocol of the browser's WebSocket at `/rpc`; the token follows as a second one: `bearer.<token>`. */
export const RPC_SUBPROTOCOL = 'patchbay.v1';
export const RPC_TOKEN_PREFIX = 'bearer.';
