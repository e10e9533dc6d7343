import { Notification } from 'electron';
import type { Logger } from '../hub/log.ts';

export interface ShownNotification {
  title: string;
  body: string;
  onClick?: () => void;
}

/** Shows notifications of the system; false where it has none. */
export type ShowNotification = (notification: ShownNotification) => boolean;

/** A click may come hours later, from the notification centre; beyond this many, the oldest leads nowhere. */
const MAX_KEPT = 20;

export function createNotifications(logger: Logger): ShowNotification {
  // One that is collected as garbage never reports its click.
  const kept = new Set<Notification>();
  return ({ title, body, onClick }) => {
    if (!Notification.isSupported()) return false;
    const notification = new Notification({ title, body });
    kept.add(notification);
    const [oldest] = kept;
    if (oldest && kept.size > MAX_KEPT) kept.delete(oldest);
    notification.on('click', () => {
      kept.delete(notification);
      onClick?.();
    });
    // Closed does not mean unclickable: on Windows it has only moved to the notification centre.
    notification.on('failed', (_event, problem) => {
      // macOS shows nothing of an app that is not signed.
      logger.log('warn', 'notification.failed', { problem });
      kept.delete(notification);
    });
    notification.show();
    return true;
  };
}
