import Store from 'electron-store';
import { z } from 'zod';
import type { Logger } from '../hub/log.ts';

const WindowBounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200),
  height: z.number().int().min(200),
});

/** What the desktop shell remembers. A value that cannot be read becomes its default; nothing here is worth an error. */
const DesktopSettings = z.object({
  window: z.object({ bounds: WindowBounds, isMaximized: z.boolean() }).nullable().catch(null),
  /** The person was told that closing the window leaves Patchbay in the tray. */
  wasTrayHintShown: z.boolean().catch(false),
});
export type DesktopSettings = z.infer<typeof DesktopSettings>;

export interface DesktopSettingsStore {
  get(): DesktopSettings;
  update(part: Partial<DesktopSettings>): void;
}

/** `desktop.json` in the app's user data folder. Starting at login is the system's own setting and not kept here. */
export function openDesktopSettings(logger: Logger): DesktopSettingsStore {
  const store = new Store<Record<string, unknown>>({ name: 'desktop', clearInvalidConfig: true });
  let current = DesktopSettings.parse(store.store);
  return {
    get: () => current,
    update(part) {
      current = { ...current, ...part };
      try {
        store.set(current);
      } catch (error) {
        logger.log('warn', 'settings.not-saved', { problem: String(error) });
      }
    },
  };
}
