import os from 'node:os';
import path from 'node:path';
import { PatchbayError } from '../../shared/model/error.ts';
import { dataFolder, defaultDataRoot, type DataFolder, type Platform } from './data-folder.ts';
import type { HubLaunch } from './install-shim.ts';
import type { ShimCommand } from './migration/migration-service.ts';

/** The built files next to the running program. */
export interface Resources {
  ui: string;
  cli: string;
  shim: string;
  trafficWorker: string;
}

/** `dist` is the folder of the bundled program that is running. */
export const resourcesIn = (dist: string): Resources => ({
  ui: path.join(dist, 'ui'),
  cli: path.join(dist, 'cli.mjs'),
  shim: path.join(dist, 'shim.cjs'),
  trafficWorker: path.join(dist, 'traffic-worker.mjs'),
});

/** The machine as it is; the one place besides the entries where the process is asked. */
export function thisPlatform(): Platform {
  const home = os.homedir();
  // An empty HOME would make every path of ours relative to wherever we were started (D21).
  if (!path.isAbsolute(home)) {
    throw new PatchbayError('DATA_FOLDER_UNSAFE', `HOME is ${JSON.stringify(home)}, which is no folder.`, {
      hint: 'Set HOME to your home folder.',
    });
  }
  return { os: process.platform, home, env: process.env };
}

export const openDataFolder = (root: string | undefined, platform: Platform): DataFolder =>
  dataFolder(root === undefined ? defaultDataRoot(platform) : path.resolve(root));

/** What makes this runtime plain Node: Electron's binary, from an installed app, has to be told. */
const asNode: Readonly<Record<string, string>> = process.versions.electron
  ? { ELECTRON_RUN_AS_NODE: '1' }
  : {};

/** How entries start the shim in plain Node: this very runtime, and the copy in the data folder. */
export const nodeShimCommand = (data: DataFolder): ShimCommand => ({
  command: process.execPath,
  args: [data.shim],
  env: { ...asNode },
});

/**
 * A hub's garbage is short-lived, so that a small nursery costs it next to no time; V8's own limit of 16 MiB, twice
 * and per thread, only makes the process larger with every burst. In MiB (docs/benchmarks.md has the figures).
 */
export const HUB_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=4'];

/** How a shim starts a hub in plain Node. The data folder is named, since a client's environment may lack ours. */
export const nodeHubLaunch = (data: DataFolder, { cli }: Resources, port: number): HubLaunch => ({
  command: process.execPath,
  args: [...HUB_NODE_FLAGS, cli, 'serve', '--background', '--port', String(port), '--data-dir', data.root],
  env: { ...asNode },
});
