import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { PatchbayError } from '../../shared/model/error.ts';

/** Facts about the machine and the person, passed in so that every OS can be tested on one. */
export interface Platform {
  os: NodeJS.Platform;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Everything Patchbay keeps lives below one folder; nothing else on the machine is ours. */
export interface DataFolder {
  root: string;
  catalog: string;
  settings: string;
  sharingTrials: string;
  /** Alert rules. */
  alerts: string;
  /** What fires, since when, and what was resolved lately. */
  alertStates: string;
  /** What servers said of their tools, to notice when they say something else. */
  knownTools: string;
  /** Saved filters. */
  filters: string;
  token: string;
  /** In a folder of its own: what is watched for the catalog must not stir at every exchange. */
  trafficDb: string;
  /** One folder per migration: manifest, README, restore script, saved originals. */
  migrations: string;
  /** The open intention of a migration or rollback; absent when none is under way. */
  journal: string;
  /** What clients start; also how the shim finds this folder. */
  shim: string;
  /** How the shim starts a hub when none answers: `{command, args, env}`. */
  launch: string;
  run: string;
  /** Facts of the live hub: `{pid, startedAt, url, port, socket}`. */
  hubFacts: string;
  hubLock: string;
  /** One small JSON file per bypass, read and removed by the next hub. */
  bypassNotes: string;
}

/** `PATCHBAY_HOME`, else the OS's app-data folder; the same for desktop and headless. */
export function defaultDataRoot({ os, home, env }: Platform): string {
  if (env.PATCHBAY_HOME) return path.resolve(env.PATCHBAY_HOME);
  if (os === 'darwin') return path.join(home, 'Library', 'Application Support', 'Patchbay');
  if (os === 'win32')
    return path.win32.join(env.APPDATA ?? path.win32.join(home, 'AppData', 'Roaming'), 'Patchbay');
  return path.join(env.XDG_DATA_HOME || path.join(home, '.local', 'share'), 'patchbay');
}

export function dataFolder(root: string): DataFolder {
  const at = (...parts: string[]): string => path.join(root, ...parts);
  return {
    root,
    catalog: at('mcp-servers.json'),
    settings: at('settings.json'),
    sharingTrials: at('sharing-trials.json'),
    alerts: at('alerts.json'),
    alertStates: at('alert-states.json'),
    knownTools: at('known-tools.json'),
    filters: at('filters.json'),
    token: at('token'),
    trafficDb: at('traffic', 'traffic.db'),
    migrations: at('migrations'),
    journal: at('migrations', 'journal.json'),
    shim: at('shim', 'shim.cjs'),
    launch: at('launch.json'),
    run: at('run'),
    hubFacts: at('run', 'hub.json'),
    hubLock: at('run', 'hub.lock'),
    bypassNotes: at('run', 'bypass'),
  };
}

/**
 * Creates the folder for its owner only and refuses one that others can enter: it holds the token, the socket and
 * copies of configs. The umask is not trusted, so the mode is set by hand.
 */
export function prepareDataFolder(folder: DataFolder): void {
  for (const dir of [
    folder.root,
    folder.run,
    folder.migrations,
    folder.bypassNotes,
    path.dirname(folder.shim),
    path.dirname(folder.trafficDb),
  ]) {
    const created = mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32') continue;
    const stat = lstatSync(dir);
    if (!stat.isDirectory()) {
      throw new PatchbayError('DATA_FOLDER_UNSAFE', `${dir} is not a folder.`, {
        path: dir,
        hint: 'Move it away and try again.',
      });
    }
    if (process.getuid && stat.uid !== process.getuid()) {
      throw new PatchbayError('DATA_FOLDER_UNSAFE', `${dir} belongs to another user.`, {
        path: dir,
        hint: 'Set PATCHBAY_HOME to a folder of your own.',
      });
    }
    if (created !== undefined) chmodSync(dir, 0o700);
    else if ((stat.mode & 0o077) !== 0) {
      throw new PatchbayError('DATA_FOLDER_UNSAFE', `${dir} can be entered by other users of this machine.`, {
        path: dir,
        hint: `Run: chmod 700 ${JSON.stringify(dir)}`,
      });
    }
  }
}

/**
 * Where the hub listens for shims and the CLI: a Unix socket in the data folder, or a named pipe on Windows
 * (children of MSIX apps cannot follow Unix sockets). A socket path longer than the kernel allows (104 bytes on
 * macOS) moves to a short per-user folder, named by a hash of the data folder.
 */
export function localSocketAddress(root: string, { os, home }: Platform): string {
  if (os === 'win32') return `\\\\.\\pipe\\patchbay-${shortHash(root)}`;
  const inFolder = path.join(root, 'run', 'hub.sock');
  if (Buffer.byteLength(inFolder) <= 100) return inFolder;
  // Claude Desktop starts servers without XDG_RUNTIME_DIR, so only what every process of the user has may count.
  return path.join(home, `.patchbay-${shortHash(root)}.sock`);
}

/** Loaded where it is needed: the shim's start is felt, and it seldom gets here. */
const shortHash = (text: string): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, 16);
