import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { RPC_SUBPROTOCOL, RPC_TOKEN_PREFIX } from '../../shared/contract/desktop-bridge.ts';
import type { HubClient, HubLink } from './hub-link.ts';
import { createLinkStateCell } from './link-state.ts';
import { rememberedToken, takeTokenFromAddress } from './token.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
/** A hub that answers HTTP and refuses the socket this often does not know our token; once may be a restart. */
const REFUSALS_BEFORE_GIVING_UP = 2;

/** Delay before the given attempt (1, 2, …): doubling, bounded, with jitter so that tabs do not knock in step. */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1));
  return Math.round(base * (0.75 + random() * 0.5));
}

/**
 * The browser's carrier. A browser does not show why a WebSocket handshake failed, so after a failure `/health` (open
 * to everyone) tells "no hub" apart from "hub refuses this token".
 */
export function createWebSocketLink(window: Window & typeof globalThis): HubLink {
  const cell = createLinkStateCell({ phase: 'connecting' });
  let socket: WebSocket | null = null;
  let timer: number | undefined;
  let attempt = 0;
  let refusals = 0;
  let disposed = false;

  const isHubThere = async (): Promise<boolean> => {
    try {
      await window.fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(3_000) });
      return true;
    } catch {
      return false;
    }
  };

  const scheduleRetry = (): void => {
    attempt += 1;
    window.clearTimeout(timer);
    timer = window.setTimeout(open, retryDelayMs(attempt));
  };

  const afterLoss = (lost: WebSocket): void => {
    if (disposed || socket !== lost) return;
    socket = null;
    cell.set({ phase: 'lost' });
    scheduleRetry();
  };

  const afterFailure = async (failed: WebSocket): Promise<void> => {
    if (disposed || socket !== failed) return;
    socket = null;
    const reachable = await isHubThere();
    if (disposed || socket !== null) return;
    refusals = reachable ? refusals + 1 : 0;
    if (refusals >= REFUSALS_BEFORE_GIVING_UP) {
      cell.set({ phase: 'refused', reason: 'token-rejected' });
      return;
    }
    if (!reachable) cell.set({ phase: 'lost' });
    scheduleRetry();
  };

  function open(): void {
    window.clearTimeout(timer);
    const token = rememberedToken(window);
    if (token === null) {
      cell.set({ phase: 'refused', reason: 'no-token' });
      return;
    }
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    const next = new window.WebSocket(`${scheme}://${window.location.host}/rpc`, [
      RPC_SUBPROTOCOL,
      RPC_TOKEN_PREFIX + token,
    ]);
    const onFailure = (): void => void afterFailure(next);
    socket = next;
    next.addEventListener('close', onFailure);
    next.addEventListener('open', () => {
      if (disposed || socket !== next) return;
      next.removeEventListener('close', onFailure);
      attempt = 0;
      refusals = 0;
      const client: HubClient = createORPCClient(new RPCLink({ websocket: next }));
      // After the carrier's own listener, so that its calls are over by the time anyone hears of the loss: a call that
      // is given up earlier would still be told to the hub, through the closed socket.
      next.addEventListener('close', () => afterLoss(next));
      cell.set({ phase: 'connected', client });
    });
  }

  const restart = (): void => {
    refusals = 0;
    attempt = 0;
    const old = socket;
    socket = null;
    old?.close();
    cell.set({ phase: 'connecting' });
    open();
  };

  // Pasting a new hub address into the same tab only changes the fragment: no load happens.
  const onHashChange = (): void => {
    if (takeTokenFromAddress(window)) restart();
  };
  const onOnline = (): void => {
    if (cell.get().phase === 'lost') restart();
  };
  takeTokenFromAddress(window);
  window.addEventListener('hashchange', onHashChange);
  window.addEventListener('online', onOnline);
  open();

  return {
    state: cell.get,
    subscribe: cell.subscribe,
    retry: restart,
    dispose() {
      disposed = true;
      window.clearTimeout(timer);
      window.removeEventListener('hashchange', onHashChange);
      window.removeEventListener('online', onOnline);
      socket?.close();
      socket = null;
    },
  };
}
