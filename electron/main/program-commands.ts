import type { ProgramCommand } from './hub-messages.ts';

/** Where this app runs from, as its host tells. */
export interface DesktopRuntime {
  os: NodeJS.Platform;
  execPath: string;
  /** macOS: the Helper app's binary, which Electron itself uses to run as Node. */
  helperExecPath: string | undefined;
  /** Path of the AppImage file; `execPath` then lies in a mount that is gone after we end. */
  appImage: string | undefined;
  appPath: string;
  packaged: boolean;
}

/** The app's own binary at a path that is still there tomorrow. */
const stableBinary = (runtime: DesktopRuntime): string => runtime.appImage ?? runtime.execPath;

/**
 * How a migrated entry starts the shim: the app's binary as plain Node, and a script in the data folder, because
 * the app's own folder moves with updates and, as an AppImage, is only mounted while the app runs.
 */
export function shimCommand(runtime: DesktopRuntime, shimPath: string): ProgramCommand {
  const isMac = runtime.os === 'darwin';
  return {
    command: isMac ? (runtime.helperExecPath ?? runtime.execPath) : stableBinary(runtime),
    // Where user namespaces are forbidden, as on Ubuntu 24.04, an AppImage's launcher puts this switch before the
    // script, and Node ends with "bad option"; it does not when the switch is there already. The shim ignores it.
    args: runtime.appImage === undefined ? [shimPath] : [shimPath, '--no-sandbox'],
    env: { ELECTRON_RUN_AS_NODE: '1' },
  };
}

/**
 * How anyone starts the app without its window: the shim, and the login item. The data folder is named, since the
 * environment of a client that starts the shim may lack ours.
 */
export function launchCommand(runtime: DesktopRuntime, dataRoot: string): ProgramCommand {
  const program = runtime.packaged ? [] : [runtime.appPath];
  return {
    command: stableBinary(runtime),
    args: [...program, HIDDEN_SWITCH],
    env: { PATCHBAY_HOME: dataRoot },
  };
}

/** Starts the app in the tray, without its window. */
export const HIDDEN_SWITCH = '--hidden';
