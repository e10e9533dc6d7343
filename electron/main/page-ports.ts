import { MessageChannelMain, type WebContents } from 'electron';
import type { Logger } from '../hub/log.ts';
import { HUB_PORT_CHANNEL, REQUEST_HUB_PORT_CHANNEL } from '../preload/channels.ts';
import type { HubProcess } from './hub-process.ts';
import { onPageMessage } from './ipc.ts';

/**
 * Gives every page that asks a port of its own to the hub, and a new one whenever the hub was started anew. Traffic
 * then goes between page and hub without passing through main.
 */
export function servePagePorts(hub: HubProcess, logger: Logger): () => void {
  const pages = new Set<WebContents>();

  function send(contents: WebContents): void {
    if (contents.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    if (hub.connect(port1)) contents.postMessage(HUB_PORT_CHANNEL, null, [port2]);
  }

  const stopListening = onPageMessage(
    REQUEST_HUB_PORT_CHANNEL,
    (contents) => {
      if (!pages.has(contents)) {
        pages.add(contents);
        contents.once('destroyed', () => pages.delete(contents));
      }
      send(contents);
    },
    logger,
  );
  const stopFollowing = hub.onChange((state) => {
    if (state.phase === 'ready') for (const contents of pages) send(contents);
  });
  return () => {
    stopListening();
    stopFollowing();
    pages.clear();
  };
}
