import path from 'node:path';
import type { Platform } from '../data-folder.ts';
import type { Files } from '../files/files.ts';

const MAX_BYTES = 64 * 1024;

/** The file by which the desktop app starts at login (Linux), if it is there and ours; null on other systems. */
export async function loginFileOf(files: Files, { os, home, env }: Platform): Promise<string | null> {
  if (os !== 'linux') return null;
  const file = path.join(env.XDG_CONFIG_HOME || path.join(home, '.config'), 'autostart', 'patchbay.desktop');
  try {
    const text = Buffer.from(await files.read(file, MAX_BYTES)).toString();
    return /^Name=Patchbay$/m.test(text) ? file : null;
  } catch {
    return null;
  }
}
