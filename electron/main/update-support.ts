import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { DesktopRuntime } from './program-commands.ts';

/** Where the running copy lies, as far as replacing it is concerned. */
export interface InstalledCopy {
  runtime: Pick<DesktopRuntime, 'os' | 'packaged' | 'appImage'>;
  /** The app's resources folder, where the packager leaves the address of new versions. */
  resources: string;
  /** macOS: whether the app lies in a folder for applications. */
  isInApplications: () => boolean;
}

/** Why this copy cannot put a new version in its own place, with what to do instead; null when it can. */
export function whyNoUpdates({ runtime, resources, isInApplications }: InstalledCopy): string | null {
  const { os, packaged, appImage } = runtime;
  if (!packaged) return 'Patchbay runs from its sources. Update those, and build again.';
  if (os === 'linux' && appImage === undefined) {
    return 'Patchbay was installed as a package. Update it with the package manager of this system.';
  }
  if (!existsSync(path.join(resources, 'app-update.yml'))) {
    return 'This build of Patchbay names no place with new versions. Install them by hand.';
  }
  // From the disk image or from where macOS translocated it, the app's own folder cannot be written.
  if (os === 'darwin' && !isInApplications()) {
    return 'Move Patchbay to the Applications folder; from where it lies now it cannot be replaced.';
  }
  if (appImage !== undefined && !isWritable(appImage)) {
    return `The folder of ${path.basename(appImage)} cannot be written. Move the file to a folder of your own.`;
  }
  return null;
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
