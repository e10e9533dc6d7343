import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readlink } from 'node:fs/promises';
import type { ProcessFacts } from '../../clients/client-adapter.ts';
import { isSameProcessAlive, processStartMark } from '../../process-identity.ts';

/** A running program as it was started, as far as its OS tells. Its environment holds secrets: memory only. */
export interface ProcessImage {
  pid: number;
  /** With the pid, an identity that no reuse can forge; null where the OS has none. */
  mark: string | null;
  executable: string;
  /** Without the program's own name. */
  args: readonly string[];
  argv0: string | null;
  cwd: string | null;
  env: Readonly<Record<string, string>> | null;
}

/** How a program is started. Absent parts are ours. */
export interface StartCommand {
  command: string;
  args: readonly string[];
  argv0?: string;
  cwd?: string;
  env?: Readonly<Record<string, string>>;
}

/** What a migration may do to the programs of the person, each only where they agreed. */
export interface ProcessControl {
  image(found: ProcessFacts): Promise<ProcessImage>;
  isAlive(image: ProcessImage): boolean;
  /** Asks this very process to end; does nothing once it has. */
  terminate(image: ProcessImage): void;
  /** Runs a helper of the OS to its end. Rejects when it fails or takes more than 15 s. */
  run(command: string, args: readonly string[]): Promise<void>;
  /** Starts a program that outlives us. Rejects when it cannot be started. */
  start(start: StartCommand): Promise<void>;
}

const HELPER_MS = 15_000;

/** The real machine. */
export function liveProcessControl(os: NodeJS.Platform): ProcessControl {
  const isAlive = ({ pid, mark }: ProcessImage): boolean => isSameProcessAlive(pid, mark);
  return {
    image: (found) => (os === 'linux' ? linuxImage(found) : Promise.resolve(plainImage(found))),
    isAlive,
    terminate(image) {
      if (!isAlive(image)) return;
      try {
        process.kill(image.pid, 'SIGTERM');
      } catch {
        // It ended by itself in between, or is another user's: who waits for it sees which.
      }
    },
    run: (command, args) =>
      new Promise((resolve, reject) => {
        execFile(command, [...args], { timeout: HELPER_MS, windowsHide: true }, (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    async start({ command, args, argv0, cwd, env }) {
      const child = spawn(command, [...args], {
        detached: true,
        stdio: 'ignore',
        ...(argv0 !== undefined && { argv0 }),
        ...(cwd !== undefined && { cwd }),
        ...(env !== undefined && { env }),
      });
      await once(child, 'spawn');
      child.on('error', () => {});
      child.unref();
    },
  };
}

const plainImage = ({ pid, path }: ProcessFacts): ProcessImage => ({
  pid,
  mark: processStartMark(pid),
  executable: path,
  args: [],
  argv0: null,
  cwd: null,
  env: null,
});

async function linuxImage(found: ProcessFacts): Promise<ProcessImage> {
  const read = (name: string): Promise<string | null> =>
    readFile(`/proc/${found.pid}/${name}`, 'utf8').catch(() => null);
  const [line, environment, cwd] = await Promise.all([
    read('cmdline'),
    read('environ'),
    readlink(`/proc/${found.pid}/cwd`).catch(() => null),
  ]);
  // Chromium rewrites its command line with spaces for NULs; then only the program itself is known.
  const words = line?.includes('\0') ? line.replace(/\0$/, '').split('\0') : [];
  return {
    ...plainImage(found),
    argv0: words[0] ?? null,
    args: words.slice(1),
    cwd,
    env: environment === null ? null : parseEnvironment(environment),
  };
}

function parseEnvironment(text: string): Record<string, string> {
  const pairs = text.split('\0').flatMap((pair): [string, string][] => {
    const split = pair.indexOf('=');
    return split > 0 ? [[pair.slice(0, split), pair.slice(split + 1)]] : [];
  });
  return Object.fromEntries(pairs);
}
