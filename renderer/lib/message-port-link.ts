import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { type DesktopBridge, HUB_PORT_MESSAGE } from '../../shared/contract/desktop-bridge.ts';
import type { HubClient, HubLink } from './hub-link.ts';
import { createLinkStateCell } from './link-state.ts';

/** How long to wait for a port before asking again: the hub may be starting. */
const ASK_AGAIN_MS = 3_000;

/**
 * The desktop's carrier: asks the bridge for a port and takes every later one too, because a restarted hub comes
 * with a new port, unasked. Only the preload script of this very window may hand one over.
 */
export function createMessagePortLink(
  window: Window & typeof globalThis,
  bridge: Pick<DesktopBridge, 'requestHubPort'>,
): HubLink {
  const cell = createLinkStateCell({ phase: 'connecting' });
  let port: MessagePort | null = null;
  let timer: number | undefined;

  const ask = (): void => {
    window.clearTimeout(timer);
    bridge.requestHubPort();
    timer = window.setTimeout(ask, ASK_AGAIN_MS);
  };

  const onMessage = (event: MessageEvent<unknown>): void => {
    const next = event.ports[0];
    if (event.source !== window || event.data !== HUB_PORT_MESSAGE || !next) return;
    window.clearTimeout(timer);
    port?.close();
    port = next;
    next.addEventListener('close', () => {
      if (port !== next) return;
      port = null;
      cell.set({ phase: 'lost' });
      timer = window.setTimeout(ask, ASK_AGAIN_MS);
    });
    const client: HubClient = createORPCClient(new RPCLink({ port: next }));
    next.start();
    cell.set({ phase: 'connected', client });
  };

  window.addEventListener('message', onMessage);
  ask();

  return {
    state: cell.get,
    subscribe: cell.subscribe,
    retry: ask,
    dispose() {
      window.clearTimeout(timer);
      window.removeEventListener('message', onMessage);
      port?.close();
      port = null;
    },
  };
}
