import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { MessageChannelMain } from 'electron';
import type { contract } from '../../shared/contract/contract.ts';
import { type ErrorInfo, PatchbayError, toErrorInfo } from '../../shared/model/error.ts';
import { ErrorInfoMessage } from './hub-messages.ts';
import type { HubProcess } from './hub-process.ts';

/** The hub's procedures, typed by the one contract. */
export type HubClient = ContractRouterClient<typeof contract>;

/** Main's own connection to the hub. When it closes, from either side, calls under way and later ones are rejected. */
export interface HubConnection {
  client: HubClient;
  close(): void;
}

/** Opens a connection, or returns null when no hub is ready. */
export function connectToHub(hub: HubProcess): HubConnection | null {
  const { port1, port2 } = new MessageChannelMain();
  if (!hub.connect(port1)) return null;
  const over = new AbortController();
  const end = (): void =>
    over.abort(new PatchbayError('HUB_NOT_RUNNING', 'The connection to the hub was lost.'));
  const link = new RPCLink({ port: port2 });
  // A port does not hear of its own closing, and a call on a closed one would wait for ever.
  const client: HubClient = createORPCClient({
    call: (path, input, options) =>
      link.call(path, input, {
        ...options,
        signal: options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal,
      }),
  });
  port2.on('close', end);
  port2.start();
  return {
    client,
    close() {
      end();
      port2.close();
    },
  };
}

/** What may be shown of a failed call: the hub's own ErrorInfo where it sent one, else the bare message. */
export function errorInfoOf(error: unknown): ErrorInfo {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
  const sent = ErrorInfoMessage.safeParse(data);
  return sent.success ? sent.data : toErrorInfo(error);
}
