import Store from 'electron-store';
import { z } from 'zod';
import { LANGUAGES } from '../../shared/language/language.ts';
import { DesktopChoices } from '../../shared/model/desktop.ts';
import type { Logger } from '../hub/log.ts';

const WindowBounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200),
  height: z.number().int().min(200),
});

/** Starting at login is the system's own setting: kept there, and always read back from it. */
const KeptChoices = DesktopChoices.omit({ launchAtLogin: true });
export type KeptChoices = z.infer<typeof KeptChoices>;

const DEFAULT_CHOICES: KeptChoices = {
  closeToTray: true,
  notify: { alerts: true, serverFailures: true, guardian: true, toolChanges: true },
  checkForUpdates: true,
  language: null,
};

/** A choice that cannot be read becomes its default by itself; the others stay as they were chosen. */
const ReadChoices = z
  .object({
    closeToTray: z.boolean().catch(DEFAULT_CHOICES.closeToTray),
    notify: z
      .object({
        alerts: z.boolean().catch(true),
        serverFailures: z.boolean().catch(true),
        guardian: z.boolean().catch(true),
        toolChanges: z.boolean().catch(true),
      })
      .catch(DEFAULT_CHOICES.notify),
    checkForUpdates: z.boolean().catch(DEFAULT_CHOICES.checkForUpdates),
    language: z.enum(LANGUAGES).nullable().catch(DEFAULT_CHOICES.language),
  })
  .catch(DEFAULT_CHOICES);

/** What the desktop shell remembers. A value that cannot be read becomes its default; nothing here is worth an error. */
const DesktopSettings = z.object({
  window: z.object({ bounds: WindowBounds, isMaximized: z.boolean() }).nullable().catch(null),
  /** The person was told that closing the window leaves Patchbay in the tray. */
  wasTrayHintShown: z.boolean().catch(false),
  choices: ReadChoices,
});
export type DesktopSettings = z.infer<typeof DesktopSettings>;

export interface DesktopSettingsStore {
  get(): DesktopSettings;
  update(part: Partial<DesktopSettings>): void;
}

/** `desktop.json` in the app's user data folder. */
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
