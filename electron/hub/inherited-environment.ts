import type { Platform } from './data-folder.ts';

/** The MCP SDK's list; the hub's own token and settings are not among it (B30). */
const INHERITED_POSIX = ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'];
const INHERITED_WIN32 = [
  'APPDATA',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATH',
  'PROCESSOR_ARCHITECTURE',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'USERNAME',
  'USERPROFILE',
  'PROGRAMFILES',
];

/** What a stdio server inherits from a client that uses the MCP SDK, and from the hub where there is no client. */
export function inheritedEnvironment({ os, env }: Platform): Record<string, string> {
  const names = os === 'win32' ? INHERITED_WIN32 : INHERITED_POSIX;
  const pairs: [string, string][] = [];
  for (const name of names) {
    // Windows calls the same variable Path, PATH or path.
    const key =
      os === 'win32' ? Object.keys(env).find((candidate) => candidate.toUpperCase() === name) : name;
    const value = key === undefined ? undefined : env[key];
    // The SDK leaves exported shell functions out.
    if (value !== undefined && !value.startsWith('()')) pairs.push([name, value]);
  }
  return Object.fromEntries(pairs);
}
