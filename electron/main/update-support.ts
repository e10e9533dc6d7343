import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { ShellMessages } from './messages/messages.ts';
import type { DesktopRuntime } from './program-commands.ts';

/** Where the running copy lies, as far as replacing it is concerned. */
export interface InstalledCopy {
  runtime: Pick<DesktopRuntime, 'os' | 'packaged' | 'appImage'>;
  /** The app's resources folder, where the packager leaves the address of new versions. */
  resources: string;
  /** macOS: whether the app lies in a folder for applications. */
  isInApplications: () => boolean;
}

/** Why a copy cannot put a new version in its own place; the texts say what to do instead. */
export type NoUpdates =
  | { reason: 'sources' | 'package' | 'no-address' | 'not-in-applications' }
  | { reason: 'not-writable'; file: string };

/** Why this copy cannot update itself; null when it can. */
export function whyNoUpdates({ runtime, resources, isInApplications }: InstalledCopy): NoUpdates | null {
  const { os, packaged, appImage } = runtime;
  if (!packaged) return { reason: 'sources' };
  if (os === 'linux' && appImage === undefined) return { reason: 'package' };
  if (!existsSync(path.join(resources, 'app-update.yml'))) return { reason: 'no-address' };
  // From the disk image or from where macOS translocated it, the app's own folder cannot be written.
  if (os === 'darwin' && !isInApplications()) return { reason: 'not-in-applications' };
  if (appImage !== undefined && !isWritable(appImage)) {
    return { reason: 'not-writable', file: path.basename(appImage) };
  }
  return null;
}

/** The reason with what to do instead, for people. */
export function noUpdatesInWords(why: NoUpdates, { updates }: ShellMessages): string {
  return why.reason === 'not-writable' ? updates.cannot[why.reason](why.file) : updates.cannot[why.reason];
}

function isWritable(appImage: string): boolean {
  try {
    accessSync(path.dirname(appImage), constants.W_OK);
    accessSync(appImage, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
