import { type BrowserWindow, dialog, type MessageBoxOptions } from 'electron';
import type { ShellMessages } from './messages/messages.ts';
import type { ShowNotification } from './notifications.ts';
import type { Notice, Question } from './routing-words.ts';
import type { Conversation } from './routing.ts';

/** Questions and problems as message boxes, on the window when it is in sight; passing news as notifications. */
export function createConversation(
  visibleWindow: () => BrowserWindow | null,
  notify: ShowNotification,
  text: () => ShellMessages,
): Conversation {
  async function box(options: MessageBoxOptions): Promise<number> {
    const window = visibleWindow();
    const { response } = await (window
      ? dialog.showMessageBox(window, options)
      : dialog.showMessageBox(options));
    return response;
  }
  return {
    ask({ message, detail, buttons }: Question) {
      const last = buttons.length - 1;
      return box({
        type: 'question',
        message,
        detail,
        buttons,
        cancelId: last,
        defaultId: last,
        noLink: true,
      });
    },
    tell({ kind, title, body }: Notice) {
      if (kind === 'info' && notify({ title, body })) return;
      void box({
        type: kind === 'info' ? 'info' : 'warning',
        message: title,
        detail: body,
        buttons: [text().common.ok],
      });
    },
  };
}
