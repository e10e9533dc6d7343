import { ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import type { Logger } from '../hub/log.ts';
import { UI_ORIGIN } from './app-protocol.ts';

/**
 * The one place that listens to pages. A message counts only from the main frame of a page of ours (E33); others
 * are refused and logged, never dropped in silence. Messages carry no data, so there is nothing to parse.
 */
export function onPageMessage(
  channel: string,
  handler: (contents: WebContents) => void,
  logger: Logger,
): () => void {
  const listener = (event: IpcMainEvent): void => {
    if (isTrustedSender(event)) handler(event.sender);
    else logger.log('warn', 'ipc.refused', { channel, from: event.senderFrame?.url.slice(0, 200) ?? null });
  };
  ipcMain.on(channel, listener);
  return () => ipcMain.off(channel, listener);
}

/** The frame is null when it has navigated or gone since it sent. */
export function isTrustedSender({ senderFrame }: Pick<IpcMainEvent, 'senderFrame'>): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === UI_ORIGIN;
}
