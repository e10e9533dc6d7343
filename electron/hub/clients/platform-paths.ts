import path from 'node:path';
import type { Platform } from '../data-folder.ts';

/** Joins paths by the rules of the platform asked about, never of the machine that asks. */
export function joinerFor(os: NodeJS.Platform): (...parts: string[]) => string {
  const { win32, posix } = path;
  return os === 'win32' ? (...parts) => win32.join(...parts) : (...parts) => posix.join(...parts);
}

/** `%APPDATA%`, or where Windows puts it. */
export function roamingFolder({ home, env }: Platform): string {
  return env.APPDATA || path.win32.join(home, 'AppData', 'Roaming');
}

/** `%LOCALAPPDATA%`, or where Windows puts it. */
export function localFolder({ home, env }: Platform): string {
  return env.LOCALAPPDATA || path.win32.join(home, 'AppData', 'Local');
}

/** `XDG_CONFIG_HOME`; the specification tells programs to ignore a relative one. */
export function xdgConfigFolder({ home, env }: Platform): string {
  const configured = env.XDG_CONFIG_HOME;
  return configured && path.posix.isAbsolute(configured) ? configured : path.posix.join(home, '.config');
}
