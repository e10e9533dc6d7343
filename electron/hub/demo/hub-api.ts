import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { MessageChannel } from 'node:worker_threads';
import type { contract } from '../../../shared/contract/contract.ts';
import type { Hub } from '../create-hub.ts';

/** The hub's whole contract, as the window and the command line have it. */
export type HubApi = ContractRouterClient<typeof contract>;

/** Connects to a hub in this very process, over a pair of message ports. */
export function connectInProcess(hub: Pick<Hub, 'connect'>): { api: HubApi; close(): void } {
  const { port1, port2 } = new MessageChannel();
  hub.connect(port2);
  // The link's type names the browser's port; Node's has the members it uses.
  const api: HubApi = createORPCClient(new RPCLink({ port: port1 as never }));
  // Both ends listen through addEventListener, which does not start a port.
  port1.start();
  port2.start();
  return { api, close: () => port1.close() };
}
