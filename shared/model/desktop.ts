import { z } from 'zod';
import { LANGUAGES } from '../language/language.ts';

/** What a person chooses about the desktop app itself; kept by the app, not by the hub. */
export const DesktopChoices = z.object({
  /** The system's own setting; null where the system has none that we can set. */
  launchAtLogin: z.boolean().nullable(),
  /** Closing the window leaves the app in the tray; off: closing it quits. */
  closeToTray: z.boolean(),
  /** Which events may raise a notification of the system. */
  notify: z.object({
    alerts: z.boolean(),
    serverFailures: z.boolean(),
    guardian: z.boolean(),
    toolChanges: z.boolean(),
  }),
  /** Look for a new version once a day. Nothing is installed unasked. */
  checkForUpdates: z.boolean(),
  /** Null: as the system prefers. The page keeps its own choice; this is what the shell knows of it. */
  language: z.enum(LANGUAGES).nullable(),
});
export type DesktopChoices = z.infer<typeof DesktopChoices>;

export const UpdateState = z.discriminatedUnion('phase', [
  /** This copy cannot update itself, such as one from a package manager; `reason` says what to do instead. */
  z.object({ phase: z.literal('unsupported'), reason: z.string() }),
  z.object({ phase: z.literal('idle'), checkedAt: z.number().nullable() }),
  z.object({ phase: z.literal('checking') }),
  z.object({ phase: z.literal('available'), version: z.string() }),
  z.object({ phase: z.literal('downloading'), version: z.string(), percent: z.number() }),
  /** Installed at the next quit, or when asked for; running calls are waited for first. */
  z.object({ phase: z.literal('ready'), version: z.string() }),
  z.object({ phase: z.literal('failed'), message: z.string() }),
]);
export type UpdateState = z.infer<typeof UpdateState>;

export const DesktopState = z.object({ choices: DesktopChoices, update: UpdateState });
export type DesktopState = z.infer<typeof DesktopState>;
