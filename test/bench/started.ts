import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { expectNothingLeft } from '../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

/** What is under way, for an end in the middle of it. */
const unfinished = new Set<Endings>();

/** Ends what was started, in reverse order. Whoever starts something says here how it ends. */
export class Endings {
  #steps: (() => Promise<void> | void)[] = [];

  constructor() {
    unfinished.add(this);
  }

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** Runs every step, also after one failed; throws the first failure at the end. Safe to call twice. */
  async run(): Promise<void> {
    const steps = this.#steps.toReversed();
    this.#steps = [];
    unfinished.delete(this);
    const failures: unknown[] = [];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Ends everything that is under way, whatever happened. */
export async function endEverything(): Promise<void> {
  await Promise.allSettled([...unfinished].map((endings) => endings.run()));
}

/** A temporary home of its own, which must be without processes and sockets at the end. */
export function benchHome(endings: Endings): TemporaryHome {
  const home = temporaryHome();
  endings.add(async () => {
    try {
      await expectNothingLeft(home);
    } finally {
      home.dispose();
    }
  });
  return home;
}

export interface Command {
  command: string;
  args: readonly string[];
}

export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves with the first line of standard output; rejects when the process ends without one. */
  firstLine(): Promise<string>;
  /** The last it wrote to standard error. */
  stderr(): string;
  /** End of input, then SIGTERM, then SIGKILL; resolves when it is gone. */
  stop(): Promise<void>;
}

const FIRST_LINE_MS = 20_000;
const STEP_MS = 2_000;
const STDERR_KEPT = 4_096;

/** Starts a program in a temporary home. `interactive`: it reads its standard input. */
export function startProgram(home: TemporaryHome, { command, args }: Command, interactive: boolean): Started {
  const child = spawn(command, [...args], {
    cwd: home.project,
    env: home.env,
    stdio: [interactive ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  let hasEnded = false;
  child
    .stderr!.setEncoding('utf8')
    .on('data', (text: string) => (errors = (errors + text).slice(-STDERR_KEPT)));
  child.stdin?.on('error', () => {});
  const exited = new Promise<void>((resolve) => {
    const ended = (): void => {
      hasEnded = true;
      resolve();
    };
    child.once('exit', ended);
    child.once('error', ended);
  });
  const isGoneWithin = async (ms: number): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([exited, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
    clearTimeout(timer);
    return hasEnded;
  };

  return {
    child,
    pid: child.pid!,
    stderr: () => errors,
    firstLine: () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${command} said nothing.\n${errors}`)),
          FIRST_LINE_MS,
        );
        createInterface({ input: child.stdout! }).once('line', (line) => {
          clearTimeout(timer);
          resolve(line);
        });
        void exited.then(() => {
          clearTimeout(timer);
          reject(new Error(`${command} ended early.\n${errors}`));
        });
      }),
    async stop() {
      if (hasEnded) return;
      child.stdin?.end();
      if (interactive && (await isGoneWithin(STEP_MS))) return;
      child.kill('SIGTERM');
      if (await isGoneWithin(STEP_MS)) return;
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A port that was free a moment ago, for programs that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const LISTENING_MS = 20_000;
const RETRY_MS = 20;

/** Resolves when somebody listens on the port: programs that do not say when they are ready. */
export async function listening(port: number): Promise<void> {
  const deadline = performance.now() + LISTENING_MS;
  for (;;) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', () => resolve(false));
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
    });
    if (isUp) return;
    if (performance.now() > deadline) throw new Error(`Nobody listens on port ${port}.`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
