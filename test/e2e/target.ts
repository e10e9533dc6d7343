import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findDesktopRuntime } from '../../electron/hub/desktop-runtime.ts';
import { projectRoot } from '../support/cli.ts';

/** What the specs run on. */
export interface Target {
  kind: 'electron' | 'standin';
  /** As reports show it. */
  name: string;
  executable: string;
}

/** The real Electron where it is installed and has a display, else the stand-in; E2E_TARGET=electron|standin decides by hand. */
function findTarget(wanted: string | undefined): Target {
  if (wanted !== undefined && wanted !== 'electron' && wanted !== 'standin')
    throw new Error(`E2E_TARGET is ${wanted}; it can be electron or standin.`);
  const runtime = findDesktopRuntime(projectRoot, {
    os: process.platform,
    home: os.homedir(),
    env: process.env,
  });
  if (wanted !== 'standin' && 'executable' in runtime)
    return { kind: 'electron', name: 'electron', executable: runtime.executable };
  if (wanted === 'electron' && 'reason' in runtime)
    throw new Error(`E2E_TARGET is electron, but the desktop app cannot start: ${runtime.reason}.`);
  const executable = path.join(projectRoot, 'test', 'standin', 'electron');
  return { kind: 'standin', name: 'stand-in, not Electron', executable };
}

export const target = findTarget(process.env.E2E_TARGET);

/** The app's folder: the built working tree, or what was packed from it. */
export const appFolder = process.env.E2E_APP ?? projectRoot;
if (!existsSync(path.join(appFolder, 'dist', 'main.mjs')))
  throw new Error(`There is no built app in ${appFolder}. Run: npm run build`);
