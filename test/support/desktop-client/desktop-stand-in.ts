import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';
import { endMarked, processesOf } from '../process-tree.ts';
import type { TemporaryHome } from '../temporary-home.ts';

/** What the stand-in tells of itself, in the order it happened. */
export interface StandInEvent {
  event: 'started' | 'stopped' | 'saved' | 'tools' | 'skipped' | 'failed';
  pid: number;
  name?: string;
  tools?: string[];
  args?: string[];
  cwd?: string;
}

/** A stand-in for Claude Desktop in one temporary home, see test/fixtures/desktop-client. It is no proof about the real app. */
export interface DesktopStandIn {
  configFile: string;
  /** Starts it as a person would, with nothing of this process behind it. Resolves once it has read its config. */
  launch(): Promise<number>;
  events(): StandInEvent[];
  /** Resolves with the first event that fits, also one of the past. */
  until(fits: (event: StandInEvent) => boolean): Promise<StandInEvent>;
  /** Changes a setting in the running app, which makes it write its file. */
  changeSetting(pid: number): void;
  /** Ends every one that runs in this home. */
  close(): void;
}

const WAIT_MS = 20_000;

export function desktopStandIn(home: TemporaryHome): DesktopStandIn {
  // Detection knows the app by its path, so the runtime gets the app's.
  const program = path.join(home.root, 'usr', 'lib', 'claude-desktop', 'claude-desktop');
  mkdirSync(path.dirname(program), { recursive: true });
  try {
    linkSync(process.execPath, program);
  } catch {
    copyFileSync(process.execPath, program);
  }
  const log = path.join(home.root, 'stand-in', 'events.jsonl');
  mkdirSync(path.dirname(log));
  const script = path.resolve(import.meta.dirname, '../../fixtures/desktop-client/stand-in.mjs');
  const events = (): StandInEvent[] => {
    if (!existsSync(log)) return [];
    const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as StandInEvent);
  };

  const until: DesktopStandIn['until'] = (fits) =>
    new Promise((resolve, reject) => {
      const watcher = watch(path.dirname(log));
      const finish = (end: () => void): void => {
        watcher.close();
        clearTimeout(timer);
        end();
      };
      const look = (): void => {
        const found = events().find(fits);
        if (found) finish(() => resolve(found));
      };
      const timer = setTimeout(
        () => finish(() => reject(new Error(`Not seen: ${fits.toString()}\n${JSON.stringify(events())}`))),
        WAIT_MS,
      );
      watcher.on('change', look);
      look();
    });

  return {
    configFile: path.join(home.env.XDG_CONFIG_HOME!, 'Claude', 'claude_desktop_config.json'),
    events,
    until,
    async launch() {
      const child = spawn(program, [script, '--as-a-person-starts-it'], {
        cwd: home.home,
        env: { ...home.env, STAND_IN_LOG: log },
        stdio: 'ignore',
      });
      const { pid } = child;
      await until((event) => event.event === 'started' && event.pid === pid);
      return pid!;
    },
    changeSetting: (pid) => process.kill(pid, 'SIGUSR2'),
    close() {
      for (const found of processesOf(home)) {
        if (found.command.includes('stand-in.mjs')) endMarked(found, home, 'SIGTERM');
      }
    },
  };
}
