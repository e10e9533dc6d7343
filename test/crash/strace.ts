import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One system call of a run, as it can be hit again in the next one. */
export interface SystemCall {
  name: string;
  /** Among the calls of this name in its thread, from 1: that is how strace counts. */
  occurrence: number;
  /** The line of the log, for the words of a failure. */
  line: string;
}

/** What happens at one system call. */
export type Injection = 'SIGKILL' | 'ENOSPC' | 'EIO' | 'EACCES' | 'short-write';
export const INJECTIONS: readonly Injection[] = ['SIGKILL', 'ENOSPC', 'EIO', 'EACCES', 'short-write'];

export interface Traced {
  /** Null when it was killed. */
  code: number | null;
  output: string;
  /** Whether the injected fault really came. */
  isHit: boolean;
}

export interface Tracer {
  strace: string;
  log: string;
  /** Only calls that touch one of these are seen, counted and hit. */
  paths: readonly string[];
}

const CALLS = ['-e', 'trace=%file,%desc'];
const ABSOLUTE = /"(\/[^"]*)"|<(\/[^>]*)>/g;

/** Every path below `root` that a command touches. */
export async function pathsTouched(
  { strace, log }: Omit<Tracer, 'paths'>,
  command: readonly string[],
  root: string,
): Promise<string[]> {
  const ended = await run([strace, '-f', '-qq', '-y', '-o', log, ...CALLS, ...command]);
  if (ended.code !== 0) throw new Error(`The undisturbed run failed:\n${ended.output}`);
  const paths = new Set<string>();
  for (const match of readFileSync(log, 'utf8').matchAll(ABSOLUTE)) {
    const path = (match[1] ?? match[2]!).replace(/ \(deleted\)$/, '');
    if (path === root || path.startsWith(`${root}/`)) paths.add(path);
  }
  return [...paths];
}

/** The calls of an undisturbed run, in their order. */
export async function systemCalls(tracer: Tracer, command: readonly string[]): Promise<SystemCall[]> {
  const ended = await run([...traced(tracer), ...command]);
  if (ended.code !== 0) throw new Error(`The undisturbed run failed:\n${ended.output}`);
  const counts = new Map<string, number>();
  return readFileSync(tracer.log, 'utf8')
    .split('\n')
    .flatMap((line): SystemCall[] => {
      const match = /^(\d+)\s+(\w+)\(/.exec(line);
      if (!match) return [];
      const key = `${match[1]} ${match[2]}`;
      const occurrence = (counts.get(key) ?? 0) + 1;
      counts.set(key, occurrence);
      return [{ name: match[2]!, occurrence, line }];
    });
}

/** Runs the command with one fault at one of its calls. */
export async function withFault(
  tracer: Tracer,
  command: readonly string[],
  call: SystemCall,
  injection: Injection,
): Promise<Traced> {
  const what = {
    SIGKILL: 'signal=SIGKILL',
    // The call is not made and claims that it took a single byte.
    'short-write': 'retval=1',
    ENOSPC: 'error=ENOSPC',
    EIO: 'error=EIO',
    EACCES: 'error=EACCES',
  }[injection];
  const inject = ['-e', `inject=${call.name}:${what}:when=${call.occurrence}`];
  // A filter in the kernel makes it twice as fast, and cannot send signals.
  const filter = injection === 'SIGKILL' ? [] : ['--seccomp-bpf'];
  const ended = await run([...traced(tracer), ...filter, ...inject, ...command]);
  const log = readFileSync(tracer.log, 'utf8');
  return { ...ended, isHit: injection === 'SIGKILL' ? ended.code === null : log.includes('(INJECTED)') };
}

const traced = ({ strace, log, paths }: Tracer): string[] => [
  strace,
  '-f',
  '-qq',
  '-o',
  log,
  ...CALLS,
  ...paths.flatMap((path) => ['-P', path]),
];

function run([program, ...args]: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // One thread for files, so that calls come in the same order each time.
      env: { PATH: process.env.PATH ?? '', UV_THREADPOOL_SIZE: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    // strace ends as its child did, by the same signal.
    child.once('close', (code) => resolve({ code, output }));
  });
}
