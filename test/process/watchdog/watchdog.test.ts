import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { silentLogger, type Logger } from '../../../electron/hub/log.ts';
import { WATCHED_HUB_READY, watchHub, type Watchdog } from '../../../electron/hub/watchdog.ts';

const started: ChildProcess[] = [];
let dog: Watchdog | null = null;
afterEach(async () => {
  dog?.stop();
  await dog?.ended;
  dog = null;
  for (const { exitCode, signalCode } of started.splice(0)) expect(exitCode ?? signalCode).not.toBeNull();
});

/** Node programs in place of the hub; what the watchdog sees of one is its IPC channel and its end. */
function watch(programs: string[], logger: Logger = silentLogger): { next(): Promise<ChildProcess> } {
  const ready: ((child: ChildProcess) => void)[] = [];
  const waiting: ChildProcess[] = [];
  dog = watchHub({
    logger,
    spawn() {
      const program = programs[Math.min(started.length, programs.length - 1)]!;
      const child = spawn(process.execPath, ['-e', program], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      started.push(child);
      child.on('message', () => {
        const taker = ready.shift();
        if (taker) taker(child);
        else waiting.push(child);
      });
      return child;
    },
  });
  return {
    next: () =>
      new Promise((resolve) => {
        const child = waiting.shift();
        if (child) resolve(child);
        else ready.push(resolve);
      }),
  };
}

const SERVES = `process.send(${JSON.stringify(WATCHED_HUB_READY)}); setInterval(() => {}, 1000);`;
const ENDS_IN_ORDER = `process.send(${JSON.stringify(WATCHED_HUB_READY)}, () => process.exit(0));`;

describe('the watchdog', () => {
  test('starts a killed hub again (D12)', async () => {
    const { next } = watch([SERVES]);
    const first = await next();
    first.kill('SIGKILL');
    const second = await next();
    expect(second.pid).not.toBe(first.pid);
    expect(second.exitCode).toBeNull();
  });

  test('lets a hub go that ends in order', async () => {
    watch([ENDS_IN_ORDER]);
    expect(await dog!.ended).toBe(0);
    expect(started).toHaveLength(1);
  });

  test('does not insist on a hub that cannot start', async () => {
    watch(['process.exit(3)']);
    expect(await dog!.ended).toBe(3);
    expect(started).toHaveLength(1);
  });

  test('stops its hub in order when it is stopped itself', async () => {
    const { next } = watch([SERVES]);
    const hub = await next();
    dog!.stop();
    expect(await dog!.ended).toBe(1);
    expect(hub.signalCode).toBe('SIGTERM');
    expect(started).toHaveLength(1);
  });

  test('a stop between two starts starts nothing more', async () => {
    const restarts: number[] = [];
    let wake = (): void => {};
    const waits = new Promise<void>((resolve) => (wake = resolve));
    const { next } = watch([SERVES], {
      log(_level, event, fields) {
        if (event !== 'watchdog.restarts') return;
        restarts.push(Number(fields?.delayMs));
        if (restarts.length === 2) wake();
      },
    });
    (await next()).kill('SIGKILL');
    (await next()).kill('SIGKILL');
    await waits;
    expect(restarts[0]).toBe(0);
    expect(restarts[1]).toBeGreaterThanOrEqual(1_000);
    dog!.stop();
    expect(await dog!.ended).toBe(0);
    expect(started).toHaveLength(2);
  });
});
