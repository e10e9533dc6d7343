import { RPCHandler } from '@orpc/server/message-port';
import type { CallContext } from './call-context.ts';
import type { HubRouter } from './router.ts';
import type { ApiPort } from './socket-port.ts';

/**
 * Serves the contract on ports. A stream goes on when its reader has taken what was sent: without that a whole
 * export would pile up in front of a slow disk. The library awaits this hook before each message it posts.
 */
export const createPortHandler = (router: HubRouter): RPCHandler<CallContext> =>
  new RPCHandler<CallContext>(router, {
    async experimental_transfer(_message, port) {
      // Electron's own ports have no such thing; there readers give credit by themselves.
      if ('drained' in port) await (port as ApiPort).drained?.();
      return null;
    },
  });
