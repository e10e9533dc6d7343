import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../shared/contract/contract.ts';
import type { DesktopBridge } from '../../shared/contract/desktop-bridge.ts';
import { createMessagePortLink } from './message-port-link.ts';
import { createWebSocketLink } from './websocket-link.ts';

/** The hub's procedures, typed by the one contract; the same object over every carrier. */
export type HubClient = ContractRouterClient<typeof contract>;

/**
 * Where the connection to the hub stands. `lost` keeps what was shown and marks it stale; `refused` is final until
 * the person brings a valid token.
 */
export type LinkState =
  | { phase: 'connecting' }
  | { phase: 'connected'; client: HubClient }
  | { phase: 'lost' }
  | { phase: 'refused'; reason: 'no-token' | 'token-rejected' };

/** A connection that heals itself. Owns its socket or port; `dispose` closes it and stops all retries. */
export interface HubLink {
  state(): LinkState;
  subscribe(listener: () => void): () => void;
  /** Tries again now instead of waiting for the next attempt. */
  retry(): void;
  dispose(): void;
}

declare global {
  interface Window {
    /** Present in the desktop window only. */
    readonly patchbay?: DesktopBridge;
  }
}

/** The carrier that fits the host: the desktop's message port, else a WebSocket to where the page came from. */
export function createHubLink(window: Window & typeof globalThis): HubLink {
  return window.patchbay ? createMessagePortLink(window, window.patchbay) : createWebSocketLink(window);
}
