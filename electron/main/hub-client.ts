import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { MessageChannelMain } from 'electron';
import type { contract } from '../../shared/contract/contract.ts';
import { type ErrorInfo, toErrorInfo } from '../../shared/model/error.ts';
import { ErrorInfoMessage } from './hub-messages.ts';
import type { HubProcess } from './hub-process.ts';

/** The hub's procedures, typed by the one contract. */
export type HubClient = ContractRouterClient<typeof contract>;

/** Main's own connection to the hub. Calls under way are rejected when it closes, from either side. */
export interface HubConnection {
  client: HubClient;
  close(): void;
}

/** Opens a connection, or returns null when no hub is ready. */
export function connectToHub(hub: HubProcess): HubConnection | null {
  const { port1, port2 } = new MessageChannelMain();
  if (!hub.connect(port1)) return null;
  const client: HubClient = createORPCClient(new RPCLink({ port: port2 }));
  port2.start();
  return { client, close: () => port2.close() };
}

/** What may be shown of a failed call: the hub's own ErrorInfo where it sent one, else the bare message. */
export function errorInfoOf(error: unknown): ErrorInfo {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
  const sent = ErrorInfoMessage.safeParse(data);
  return sent.success ? sent.data : toErrorInfo(error);
}
