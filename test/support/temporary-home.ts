import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A whole home of its own for one test, so that no program it starts can reach the real one. */
export interface TemporaryHome {
  /** Everything below is inside; removed by `dispose`. */
  root: string;
  home: string;
  /** A project folder, the usual working directory of the clients. */
  project: string;
  /** Where programs of this run put their temporary files (TMPDIR). */
  temp: string;
  /** Patchbay's data folder (PATCHBAY_HOME). */
  dataDir: string;
  /** Value of PATCHBAY_TEST_RUN: the mark that every process started from `env` carries. */
  runId: string;
  /** The complete environment for programs of this run: nothing of the developer's own leaks in. */
  env: Readonly<Record<string, string>>;
  dispose(): void;
}

/** Name of the variable by which processes of a test run are recognised. */
export const RUN_MARK = 'PATCHBAY_TEST_RUN';

/** `extra` is added to the environment last. The path stays short: a Unix socket has to fit into 104 bytes. */
export function temporaryHome(extra: Readonly<Record<string, string>> = {}): TemporaryHome {
  const root = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'patchbay-test-'));
  const at = (...parts: string[]): string => path.join(root, ...parts);
  const home = at('home');
  const project = at('project');
  const temp = at('tmp');
  for (const folder of [home, project, temp]) mkdirSync(folder, { mode: 0o700 });
  const runId = randomBytes(8).toString('hex');
  return {
    root,
    home,
    project,
    temp,
    runId,
    dataDir: at('data'),
    env: { ...cleanEnv(root), [RUN_MARK]: runId, ...extra },
    dispose: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}

/**
 * An environment made from nothing (`env -i`): the search path and folders below `root`. Left out on purpose are
 * CLAUDE_CONFIG_DIR, keys, proxies and NODE_EXTRA_CA_CERTS of whoever runs the tests.
 */
function cleanEnv(root: string): Record<string, string> {
  const home = path.join(root, 'home');
  const temp = path.join(root, 'tmp');
  const windows: Record<string, string> =
    process.platform === 'win32'
      ? {
          SYSTEMROOT: process.env.SYSTEMROOT ?? 'C:\\Windows',
          PATHEXT: process.env.PATHEXT ?? '',
          TEMP: temp,
          TMP: temp,
        }
      : {};
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_STATE_HOME: path.join(home, '.local', 'state'),
    APPDATA: path.join(home, 'AppData', 'Roaming'),
    LOCALAPPDATA: path.join(home, 'AppData', 'Local'),
    TMPDIR: temp,
    PATCHBAY_HOME: path.join(root, 'data'),
    // Also for hubs that a shim starts: the usual port may be a person's, or another run's.
    PATCHBAY_PORT: '0',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    ...windows,
  };
}
