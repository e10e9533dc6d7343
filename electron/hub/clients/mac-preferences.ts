import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Platform } from '../data-folder.ts';
import { parseSettings, type FoundSettings } from './read-settings.ts';
import type { ProcessQuery } from './windows-processes.ts';

/** Gives a property list, binary or XML, as JSON. Rejects for what has no JSON (dates, data) and where it cannot be asked. */
export type ReadPropertyList = (path: string) => Promise<string>;

const QUERY_MS = 10_000;
const QUERY_BYTES = 16 * 1024 * 1024;

/** `plutil` is part of macOS and reads both forms of the file; `-o -` keeps it from writing the file itself. */
export const propertyListQuery = (path: string): ProcessQuery => ({
  command: '/usr/bin/plutil',
  args: ['-convert', 'json', '-o', '-', '--', path],
});

/** The property lists of this machine; null on other systems. */
export function systemPropertyLists({ os }: Platform): ReadPropertyList | undefined {
  if (os !== 'darwin') return undefined;
  return async (path) => {
    const { command, args } = propertyListQuery(path);
    const { stdout } = await promisify(execFile)(command, args, {
      encoding: 'utf8',
      maxBuffer: QUERY_BYTES,
      timeout: QUERY_MS,
    });
    return stdout;
  };
}

/**
 * What device management has laid down as a preference of the client, its settings as top-level keys. Null where it
 * cannot be read: then all that can be told is that it is there.
 */
export async function readManagedPreference(
  path: string,
  readPropertyList: ReadPropertyList | undefined,
): Promise<FoundSettings | null> {
  if (!readPropertyList) return null;
  try {
    const content = parseSettings(Buffer.from(await readPropertyList(path)), path);
    return content.document && { path, managed: true, ...content };
  } catch {
    return null;
  }
}
