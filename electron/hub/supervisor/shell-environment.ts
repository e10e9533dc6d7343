import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Platform } from '../data-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a terminal of the person would have: programs started from a desktop lack what login shells set up. */
export interface ShellEnvironment {
  /** The login shell's; the hub's own until that is known, and where it cannot be had. */
  current(): Environment;
  /** Resolves when the shell has answered or been given up; never rejects. */
  readonly ready: Promise<void>;
  /** Why it is the hub's own after all, for people; null while all is well. */
  readonly problem: string | null;
  /** Ends the shell if it still runs. */
  close(): void;
}

export interface ShellEnvironmentOptions {
  platform: Platform;
  /** A program that runs JavaScript: this very runtime. */
  runtime: string;
  timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
/** Set while the shell runs, so that start-up files can skip what is slow. */
const RESOLVING_VARIABLE = 'PATCHBAY_RESOLVING_ENVIRONMENT';
/** Ours, or the shell's own and of that one shell. */
const NOT_TAKEN = ['ELECTRON_RUN_AS_NODE', RESOLVING_VARIABLE, 'SHLVL', 'PWD', 'OLDPWD', '_'];

/** Asks the login shell once, in the background. On Windows programs have the whole environment already. */
export function openShellEnvironment(options: ShellEnvironmentOptions): ShellEnvironment {
  const { platform } = options;
  let current: Environment = platform.env;
  let problem: string | null = null;
  if (platform.os === 'win32') {
    return { current: () => current, ready: Promise.resolve(), problem, close() {} };
  }
  const asked = askShell(options);
  const ready = asked.answer.then(
    (environment) => {
      current = environment;
    },
    (error: Error) => {
      problem = `The environment of your login shell could not be read: ${error.message} Programs are looked for in PATH=${platform.env.PATH ?? ''}.`;
    },
  );
  return {
    current: () => current,
    ready,
    get problem() {
      return problem;
    },
    close: asked.end,
  };
}

function askShell({ platform, runtime, timeoutMs = TIMEOUT_MS }: ShellEnvironmentOptions): {
  answer: Promise<Environment>;
  end(): void;
} {
  const shell = loginShell(platform);
  const marker = randomBytes(16).toString('hex');
  // The runtime prints it, since `env` cannot tell a line end in a value from the next variable.
  const script = `process.stdout.write("${marker}"+JSON.stringify(process.env)+"${marker}")`;
  const command = `${quoted(runtime)} -e ${quoted(script)}`;
  const child = spawn(shell, shellArguments(shell, command), {
    cwd: platform.home,
    env: { ...platform.env, ELECTRON_RUN_AS_NODE: '1', [RESOLVING_VARIABLE]: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
    // A group of its own: an interactive shell would stop at a terminal that is not its, and start-up files may hang.
    detached: true,
  });
  const end = (): void => {
    try {
      const isAlive = child.exitCode === null && child.signalCode === null;
      if (child.pid !== undefined && isAlive) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
    child.stdout.destroy();
  };

  const answer = new Promise<Environment>((resolve, reject) => {
    let output = '';
    const give = (result: Environment | Error): void => {
      clearTimeout(timer);
      // Something in the start-up files may live on in the background and hold the pipe.
      end();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const timer = setTimeout(
      () => give(new Error(`${shell} gave no answer within ${timeoutMs / 1_000} s.`)),
      timeoutMs,
    );
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const environment = parseShellOutput(output, marker);
      if (environment) give(environment);
      else if (output.length > MAX_OUTPUT_BYTES) give(new Error(`${shell} writes without end.`));
    });
    child.once('error', (error) => give(error));
    child.once('close', (code, signal) => {
      give(new Error(`${shell} ended (${signal ?? `code ${code}`}) without an answer.`));
    });
  });
  return { answer, end };
}

/**
 * The environment between two markers, whatever start-up files print around them; null while the second one has not
 * come, or when there is no environment between them. Variables of the shell itself are left out.
 */
export function parseShellOutput(output: string, marker: string): Record<string, string> | null {
  const start = output.indexOf(marker);
  const end = output.indexOf(marker, start + marker.length);
  if (start === -1 || end === -1) return null;
  try {
    const parsed: unknown = JSON.parse(output.slice(start + marker.length, end));
    if (typeof parsed !== 'object' || parsed === null) return null;
    return Object.fromEntries(
      Object.entries(parsed).filter(
        ([name, value]) => typeof value === 'string' && !NOT_TAKEN.includes(name),
      ),
    );
  } catch {
    return null;
  }
}

function loginShell({ os, env }: Platform): string {
  if (env.SHELL && path.isAbsolute(env.SHELL)) return env.SHELL;
  return os === 'darwin' ? '/bin/zsh' : '/bin/bash';
}

/** Login and interactive, as a terminal's: people set PATH up in the files of either. The C shells take no `-l` beside. */
const shellArguments = (shell: string, command: string): string[] => [
  /^t?csh$/.test(path.basename(shell)) ? '-ic' : '-ilc',
  command,
];

/** Single quotes are the same in all shells. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
