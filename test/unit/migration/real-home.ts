import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Platform } from '../../../electron/hub/data-folder.ts';

/** A home folder for one test, removed at its end. */
export function realHome(): { home: string; dataRoot: string; platform: Platform } {
  const root = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'patchbay-migration-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = path.join(root, 'home');
  mkdirSync(home, { mode: 0o700 });
  return { home, dataRoot: path.join(root, 'data'), platform: { os: 'linux', home, env: {} } };
}
