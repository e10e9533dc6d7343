import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Platform } from './data-folder.ts';

/** `reason` completes the sentence "The desktop app cannot start: …". */
export type DesktopRuntime = { executable: string } | { reason: string };

/**
 * Where the Electron runtime is, by looking at files only: resolving the module 'electron' without its runtime
 * starts a download that blocks for as long as the network pleases. `projectRoot` is the folder that holds
 * package.json; the module may lie there or above.
 */
export function findDesktopRuntime(projectRoot: string, platform: Platform): DesktopRuntime {
  const { os, env } = platform;
  if (os === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { reason: 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)' };
  }
  if (env.ELECTRON_OVERRIDE_DIST_PATH) {
    const executable = path.join(env.ELECTRON_OVERRIDE_DIST_PATH, executableName(os));
    if (isExecutable(executable)) return { executable };
    return { reason: `ELECTRON_OVERRIDE_DIST_PATH is set, but ${executable} cannot be executed` };
  }
  const module = findModule(projectRoot);
  if (!module) return { reason: 'the package "electron" is not installed' };

  const downloaded = readText(path.join(module.folder, 'dist', 'version'))?.replace(/^v/, '');
  const relative = readText(path.join(module.folder, 'path.txt'));
  const executable = relative ? path.join(module.folder, 'dist', relative) : null;
  if (downloaded === undefined || executable === null || !isExecutable(executable)) {
    return {
      reason: 'the Electron runtime is not installed (to download it, run: npx install-electron --no)',
    };
  }
  if (downloaded !== module.version) {
    return {
      reason: `the Electron runtime is ${downloaded}, not ${module.version} (to download it, run: npx install-electron --no)`,
    };
  }
  return { executable };
}

function executableName(os: NodeJS.Platform): string {
  if (os === 'darwin') return path.join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return os === 'win32' ? 'electron.exe' : 'electron';
}

function findModule(from: string): { folder: string; version: string } | null {
  for (let at = path.resolve(from); ; at = path.dirname(at)) {
    const folder = path.join(at, 'node_modules', 'electron');
    const version = versionIn(readText(path.join(folder, 'package.json')));
    if (version !== null) return { folder, version };
    if (path.dirname(at) === at) return null;
  }
}

function versionIn(manifest: string | undefined): string | null {
  try {
    const { version } = JSON.parse(manifest ?? '') as { version?: unknown };
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
