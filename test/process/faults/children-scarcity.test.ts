import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { bundler } from '../traffic/bundled.ts';

/** A user whose processes are ours alone, so that a limit on their number says something. */
const NOBODY = 54_321;
const canLimit = process.platform === 'linux' && process.getuid?.() === 0;

let home: TemporaryHome;
let starter: ChildProcess;
const bundle = bundler();

beforeEach(() => {
  home = temporaryHome();
});
afterEach(async () => {
  if (starter.exitCode === null && starter.signalCode === null) {
    starter.kill('SIGKILL');
    await once(starter, 'exit');
  }
  await expectNothingLeft(home);
  home.dispose();
});

interface Starter {
  /** Asks for a start and resolves with its outcome: `started`, or the error. */
  start(): Promise<string>;
  /** Asks for a start and resolves after its first try. */
  tried(): Promise<void>;
  /** Of the start that was asked for. */
  outcome(): Promise<string>;
}

async function startStarter(uid?: number): Promise<Starter> {
  // The bundle lies in a folder that only its owner may enter.
  const script = path.join(home.project, 'starter.mjs');
  copyFileSync(await bundle('test/process/faults/children-starter.ts'), script);
  if (uid !== undefined) for (const folder of [home.root, home.home, home.project]) chmodSync(folder, 0o755);
  starter = spawn(process.execPath, [script], {
    cwd: home.project,
    env: home.env,
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const lines = createInterface({ input: starter.stdout! })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  const outcome = async (): Promise<string> => {
    const line = await next();
    return line === 'tried' ? outcome() : line;
  };
  expect(await next()).toBe('ready');
  return {
    async tried() {
      starter.stdin!.write('start\n');
      expect(await next()).toBe('tried');
    },
    async start() {
      starter.stdin!.write('start\n');
      return outcome();
    },
    outcome,
  };
}

/** Sets a soft limit of the running starter: its own user may lower it, and raise it again. */
function limit(what: string, uid?: number): void {
  const as = uid === undefined ? {} : { uid, gid: uid };
  execFileSync('prlimit', ['--pid', String(starter.pid), `${what}:`], { cwd: '/', ...as });
}
const openFiles = (): number => readdirSync(`/proc/${starter.pid}/fd`).length;
const threads = (): number =>
  Number(/^Threads:\s+(\d+)/m.exec(readFileSync(`/proc/${starter.pid}/status`, 'utf8'))![1]);

describe.skipIf(!canLimit)('a machine that is short of', () => {
  it('D10: files: the start says so when it lasts, and succeeds when it passes', async () => {
    const { start, tried, outcome } = await startStarter();
    expect(await start()).toBe('started');
    limit(`--nofile=${openFiles()}`);
    expect(await start()).toContain('could not be started: too many open files');
    await tried();
    limit('--nofile=1024');
    expect(await outcome()).toBe('started');
  });

  it('D11: processes: the start says so when it lasts, and succeeds when it passes', async () => {
    const { start, tried, outcome } = await startStarter(NOBODY);
    expect(await start()).toBe('started');
    limit(`--nproc=${threads()}`, NOBODY);
    expect(await start()).toContain('could not be started: the system has no free processes');
    await tried();
    limit('--nproc=1024', NOBODY);
    expect(await outcome()).toBe('started');
  });
});
