import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { z } from 'zod';
import { toErrorInfo } from '../../shared/model/error.ts';
import type { Logger } from '../hub/log.ts';
import type { PageAnswer } from '../preload/channels.ts';
import { UI_ORIGIN } from './app-protocol.ts';
import type { ShellMessages } from './messages/messages.ts';

/**
 * The one place that listens to pages. A message counts only from the main frame of a page of ours (E33); others
 * are refused and logged, never dropped in silence. These messages carry no data, so there is nothing to parse.
 */
export function onPageMessage(
  channel: string,
  handler: (contents: WebContents) => void,
  logger: Logger,
): () => void {
  const listener = (event: IpcMainEvent): void => {
    if (isTrustedSender(event)) handler(event.sender);
    else logRefusal(channel, event, logger);
  };
  ipcMain.on(channel, listener);
  return () => ipcMain.off(channel, listener);
}

/** One call that pages may make. */
export interface PageCall<T> {
  channel: string;
  /** What a page sends is parsed by this before anything is done with it. */
  input: z.ZodType<T>;
  answer: (input: T, contents: WebContents) => unknown;
}

/** Answers calls of pages, under the same rule as {@link onPageMessage}; a refusal is a text for people. */
export function onPageCall<T>(
  { channel, input, answer }: PageCall<T>,
  logger: Logger,
  text: () => ShellMessages,
): () => void {
  ipcMain.handle(channel, async (event: IpcMainInvokeEvent, raw: unknown): Promise<PageAnswer> => {
    if (!isTrustedSender(event)) {
      logRefusal(channel, event, logger);
      return { ok: false, message: text().page.notAllowed };
    }
    const parsed = input.safeParse(raw);
    if (!parsed.success) {
      logger.log('warn', 'ipc.input-refused', { channel, problem: parsed.error.message.slice(0, 500) });
      return { ok: false, message: text().page.notUnderstood };
    }
    try {
      return { ok: true, value: await answer(parsed.data, event.sender) };
    } catch (error) {
      const { code, message, hint = '' } = toErrorInfo(error);
      // The code too: the message may be in the person's language.
      logger.log('warn', 'ipc.call-failed', { channel, code, problem: message });
      return { ok: false, message: `${message} ${hint}`.trim() };
    }
  });
  return () => ipcMain.removeHandler(channel);
}

/** The frame is null when it has navigated or gone since it sent. */
export function isTrustedSender({
  senderFrame,
}: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === UI_ORIGIN;
}

function logRefusal(
  channel: string,
  { senderFrame }: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>,
  logger: Logger,
): void {
  logger.log('warn', 'ipc.refused', { channel, from: senderFrame?.url.slice(0, 200) ?? null });
}
