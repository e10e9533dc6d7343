import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A start that has not led to a hub after this long is taken for dead. */
const STALE_START_MS = 10_000;

/** A hub that is, perhaps, on its way. */
export interface HubStart {
  /** True once it is certain that no hub comes of this. */
  isHopeless(): boolean;
}

const HOPELESS: HubStart = { isHopeless: () => true };

/**
 * Starts the hub that this data folder was last served by, detached, as `launch.json` says. Clients start many
 * servers at once: a folder made by the first shim keeps the others from starting a hub each. Silent on any failure:
 * the bypass follows.
 */
export function startHub(dataRoot: string, env: NodeJS.ProcessEnv): HubStart {
  if (env.PATCHBAY_NO_AUTOSTART) return HOPELESS;
  const claim = join(dataRoot, 'run', 'starting');
  try {
    const launch = JSON.parse(readFileSync(join(dataRoot, 'launch.json'), 'utf8')) as {
      command: string;
      args: string[];
      env: Record<string, string>;
    };
    // Another shim has started one.
    if (!claimStart(claim)) return { isHopeless: () => false };
    // The hub outlives this session, so it must not inherit what the client meant for one server.
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(launch.command, launch.args, {
      cwd: dataRoot,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
      env: { ...neutralEnvironment(env), ...launch.env },
    });
    let hasFailed = false;
    child.on('error', () => (hasFailed = true));
    // 0: it found another hub already there.
    child.on('exit', (code) => (hasFailed = code !== 0));
    child.unref();
    return { isHopeless: () => hasFailed };
  } catch {
    // No way to start one is known.
    return HOPELESS;
  }
}

function claimStart(claim: string): boolean {
  try {
    mkdirSync(claim);
    return true;
  } catch {
    try {
      if (Date.now() - statSync(claim).mtimeMs < STALE_START_MS) return false;
      rmSync(claim, { recursive: true, force: true });
      mkdirSync(claim);
      return true;
    } catch {
      return false;
    }
  }
}

/** The names a login session sets; everything else in a client's environment is the client's business. */
const KEPT =
  /^(HOME|USER|LOGNAME|PATH|SHELL|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|XDG_.*|DISPLAY|WAYLAND_DISPLAY|DBUS_.*|APPDATA|LOCALAPPDATA|USERPROFILE|HOMEDRIVE|HOMEPATH|SYSTEMROOT|SYSTEMDRIVE|PROGRAMFILES|PATHEXT|COMSPEC|PATCHBAY_.*)$/i;

function neutralEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => KEPT.test(name)));
}
