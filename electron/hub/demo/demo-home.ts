import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ClientRegistry } from '../clients/registry.ts';
import { dataFolder, type DataFolder, type Platform } from '../data-folder.ts';
import type { ReferenceServers } from './reference-servers.ts';
import { claudeCodeSample, claudeDesktopSample } from './sample-configs.ts';

/** A person's home that exists for the demo alone. */
export interface DemoHome {
  root: string;
  project: string;
  /** The machine as programs in this home see it. */
  platform: Platform;
  data: DataFolder;
  /** The two config files. */
  configs: { client: 'claude-code' | 'claude-desktop'; path: string }[];
  dispose(): void;
}

/** All a program needs of the real environment; nothing in it leads to the person's own files or keys. */
const KEPT =
  /^(PATH|LANG|LC_.*|TZ|TERM|SHELL|USER|LOGNAME|TMPDIR|TEMP|TMP|SYSTEMROOT|SYSTEMDRIVE|PATHEXT|COMSPEC)$/i;

/** Makes the home with two sample configs and a small project in it. */
export function createDemoHome(real: Platform, clients: ClientRegistry, servers: ReferenceServers): DemoHome {
  // The real path: clients and servers compare folders as text.
  const root = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'patchbay-demo-'));
  const home = path.join(root, 'home');
  const project = path.join(home, 'projects', 'lighthouse');
  mkdirSync(project, { recursive: true });
  const platform: Platform = { os: real.os, home, env: demoEnvironment(real, home) };
  const folders = { project, notes: path.join(home, 'notes.jsonl') };

  writeFileSync(path.join(project, 'README.md'), '# Lighthouse\n\nKeeps ships off the rocks.\n');
  const configs: DemoHome['configs'] = [];
  const addConfig = (client: 'claude-code' | 'claude-desktop', text: string): void => {
    const file = clients.get(client).configFiles(platform)[0]!.path;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
    configs.push({ client, path: file });
  };
  addConfig('claude-desktop', claudeDesktopSample(servers, folders));
  addConfig('claude-code', claudeCodeSample(servers, folders));

  return {
    root,
    project,
    platform,
    data: dataFolder(path.join(root, 'patchbay')),
    configs,
    dispose: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}

function demoEnvironment({ os: system, env }: Platform, home: string): Record<string, string> {
  const kept = Object.entries(env).filter((pair): pair is [string, string] => {
    return pair[1] !== undefined && KEPT.test(pair[0]);
  });
  const own: Record<string, string> = {
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
  };
  if (system === 'win32') {
    own.USERPROFILE = home;
    own.APPDATA = path.join(home, 'AppData', 'Roaming');
    own.LOCALAPPDATA = path.join(home, 'AppData', 'Local');
  }
  return { ...Object.fromEntries(kept), ...own };
}

/** SHA-256 of a file, as hex. */
export const fileHash = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');
