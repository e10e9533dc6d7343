import { MessageChannel } from 'node:worker_threads';
import { linkToHub, type HubLink } from '../api/hub-link.ts';
import type { Hub } from '../create-hub.ts';

/** Connects to a hub in this very process, over a pair of message ports. */
export function connectInProcess(hub: Pick<Hub, 'connect'>): HubLink {
  const { port1, port2 } = new MessageChannel();
  hub.connect(port2);
  const link = linkToHub(port1, () => port1.close());
  // Both ends listen through addEventListener, which does not start a port.
  port1.start();
  port2.start();
  return link;
}
