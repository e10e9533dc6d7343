import { MessageChannelMain } from 'electron';
import { linkToHub, type HubLink } from '../hub/api/hub-link.ts';
import type { HubProcess } from './hub-process.ts';

/** Main's own connection to the hub, or null when no hub is ready. */
export function connectToHub(hub: HubProcess): HubLink | null {
  const { port1, port2 } = new MessageChannelMain();
  if (!hub.connect(port1)) return null;
  const link = linkToHub(port2, () => port2.close());
  port2.start();
  return link;
}
