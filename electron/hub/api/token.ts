import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { PatchbayError } from '../../../shared/model/error.ts';

/** The token of this install: made at the first start, readable by its owner only. Refuses one others can read. */
export function loadToken(file: string): string {
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      throw new PatchbayError('DATA_FOLDER_UNSAFE', `${file} can be read by other users of this machine.`, {
        path: file,
        hint: 'Delete it: a new token is made at the next start.',
      });
    }
    const token = readFileSync(file, 'utf8').trim();
    if (/^[A-Za-z0-9_-]{43}$/.test(token)) return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(32).toString('base64url');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return token;
}
