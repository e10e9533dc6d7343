import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { HUB_NODE_FLAGS } from '../../electron/hub/host.ts';
import { cliScript } from './cli.ts';
import type { TemporaryHome } from './temporary-home.ts';

/** The ready line of `patchbay serve --json`. */
export interface ReadyLine {
  url: string;
  port: number;
  pid: number;
  socket: string;
  token: string;
}

export interface RunningHub extends ReadyLine {
  /** What it has logged so far. */
  log(): string;
  /** Asks it to end, as a person's Ctrl-C does, and resolves when it has; throws when it needs more than 10 s. */
  stop(): Promise<void>;
  /** Ends it without warning (SIGKILL) and resolves when it is gone. */
  kill(): Promise<void>;
}

const READY_MS = 20_000;
const STOP_MS = 10_000;

/** Starts the built hub as a shim or the watchdog would, on a free port in a temporary home. Rejects with its log when it does not get ready. */
export async function startHub(
  home: TemporaryHome,
  options: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<RunningHub> {
  const args = [cliScript, 'serve', '--port', '0', '--json', ...(options.args ?? [])];
  const child = spawn(process.execPath, [...HUB_NODE_FLAGS, ...args], {
    cwd: home.project,
    env: { ...home.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  const ready = await new Promise<ReadyLine>((resolve, reject) => {
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`The hub did not get ready: ${why}\n${log}`));
    };
    const timer = setTimeout(() => fail(`nothing after ${READY_MS} ms`), READY_MS);
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => fail(`it ended with code ${code}`));
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      child.removeAllListeners('close');
      resolve(JSON.parse(line) as ReadyLine);
    });
  });

  return {
    ...ready,
    log: () => log,
    async stop() {
      child.kill('SIGINT');
      if (await settled(exited, STOP_MS)) return;
      await end(child, exited);
      throw new Error(`The hub was still there ${STOP_MS} ms after SIGINT:\n${log}`);
    },
    kill: () => end(child, exited),
  };
}

async function end(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGKILL');
  await exited;
}

async function settled(promise: Promise<void>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
  const result = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return result;
}
