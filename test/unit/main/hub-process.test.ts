import { EventEmitter } from 'node:events';
import type { MessagePortMain } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../../../electron/hub/log.ts';
import { createRestartPolicy } from '../../../electron/hub/supervisor/restart-policy.ts';
import type { HubProcess, HubState } from '../../../electron/main/hub-process.ts';

class FakeChild extends EventEmitter {
  readonly stdout = new EventEmitter();
  readonly stderr = new EventEmitter();
  readonly pid = 4_000_000;
  readonly kill = vi.fn(() => true);
  readonly postMessage = vi.fn();

  /** The process says its last word, if any, and ends. */
  end(code: number, word?: object): void {
    if (word) this.emit('message', word);
    this.emit('exit', code);
  }
}

const electron = vi.hoisted(() => ({ utilityProcess: { fork: vi.fn() } }));
vi.mock('electron', () => electron);
const { createHubProcess } = await import('../../../electron/main/hub-process.ts');

const READY = { type: 'ready', url: 'http://127.0.0.1:12009/', port: 12_009, pid: 7 };
const port = {} as MessagePortMain;
let children: FakeChild[];
let phases: HubState['phase'][];
let hub: HubProcess;
let output: string;

beforeEach(() => {
  vi.useFakeTimers();
  children = [];
  phases = [];
  output = '';
  electron.utilityProcess.fork.mockReset().mockImplementation(() => {
    const child = new FakeChild();
    children.push(child);
    return child;
  });
  hub = createHubProcess({
    modulePath: '/dist/hub.mjs',
    args: ['--x'],
    policy: createRestartPolicy(() => 0),
    now: () => Date.now(),
    output: (chunk) => (output += Buffer.from(chunk).toString()),
    logger: silentLogger,
  });
  hub.onChange(({ phase }) => phases.push(phase));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const last = (): FakeChild => children.at(-1)!;

describe('starting', () => {
  test('the hub is forked with its arguments, is ready when it says so, and its output is kept', () => {
    hub.start();
    expect(electron.utilityProcess.fork).toHaveBeenCalledWith(
      '/dist/hub.mjs',
      ['--x'],
      expect.objectContaining({ disclaim: true }),
    );
    last().stderr.emit('data', Buffer.from('hello'));
    expect(hub.connect(port)).toBe(false);
    last().emit('message', READY);
    expect(hub.state).toEqual({ phase: 'ready', url: READY.url, port: 12_009, pid: 7 });
    expect([phases, output]).toEqual([['starting', 'ready'], 'hello']);
  });

  test('a second start changes nothing', () => {
    hub.start();
    hub.start();
    expect(children).toHaveLength(1);
  });

  test('a port is handed over only to a hub that is ready', () => {
    hub.start();
    last().emit('message', READY);
    expect(hub.connect(port)).toBe(true);
    expect(last().postMessage).toHaveBeenCalledWith({ type: 'connect' }, [port]);
    last().end(1);
    expect(hub.connect(port)).toBe(false);
  });

  test('D02: a refusal (port taken) is shown as it is and not tried again', async () => {
    hub.start();
    const error = { code: 'PORT_TAKEN', message: 'Port 12009 is taken by node (pid 3).' };
    last().end(1, { type: 'failed', error });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(hub.state).toEqual({ phase: 'failed', error });
    expect(children).toHaveLength(1);

    hub.start();
    expect(children).toHaveLength(2);
  });

  test('a start that leads nowhere is ended and counts as a crash', async () => {
    hub.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(last().kill).toHaveBeenCalledOnce();
    last().end(15);
    expect(hub.state.phase).toBe('restarting');
  });

  test('a message that is none is ignored', () => {
    hub.start();
    last().emit('message', { type: 'ready', port: 'x' });
    last().emit('message', null);
    expect(hub.state.phase).toBe('starting');
  });
});

describe('D12, D14: after a crash', () => {
  test('the hub starts again, at once the first time, then later and later', async () => {
    hub.start();
    const delays: number[] = [];
    for (let crash = 0; crash < 4; crash += 1) {
      last().emit('message', READY);
      last().end(9);
      if (hub.state.phase === 'restarting') delays.push(hub.state.delayMs);
      await vi.advanceTimersByTimeAsync(60_000 / 8);
    }
    expect(delays).toEqual([0, 1_000, 2_000, 4_000]);
    expect(children).toHaveLength(5);
  });

  test('too many crashes end in failure, which a person’s restart clears', async () => {
    hub.start();
    for (let crash = 0; crash < 5; crash += 1) {
      last().end(1);
      await vi.advanceTimersByTimeAsync(8_000);
    }
    expect(hub.state).toEqual({ phase: 'failed', error: 'crashes' });
    expect(children).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(children).toHaveLength(5);

    hub.start();
    last().end(1);
    expect(hub.state).toMatchObject({ phase: 'restarting', delayMs: 0 });
  });

  test('an end with code 0 that nobody asked for is a crash too', () => {
    hub.start();
    last().emit('message', READY);
    last().end(0);
    expect(hub.state.phase).toBe('restarting');
  });
});

describe('stopping', () => {
  test('the hub is asked to drain and its end awaited', async () => {
    hub.start();
    last().emit('message', READY);
    const stopped = hub.stop();
    expect(last().postMessage).toHaveBeenCalledWith({ type: 'stop' });
    last().end(0, { type: 'stopped' });
    await stopped;
    expect([hub.state.phase, last().kill.mock.calls.length]).toEqual(['stopped', 0]);
  });

  test('D20: one that does not drain is ended by force, in bounded time', async () => {
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => true);
    hub.start();
    const stopped = hub.stop();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(last().kill).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kill).toHaveBeenCalledWith(4_000_000, 'SIGKILL');
    await vi.advanceTimersByTimeAsync(2_000);
    await stopped;
  });

  test('a restart that was due does not happen any more', async () => {
    hub.start();
    last().end(1);
    last().end(1);
    expect(hub.state.phase).toBe('restarting');
    await hub.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([hub.state.phase, children.length]).toEqual(['stopped', 1]);
  });

  test('a hub that was stopped through the contract stays stopped until someone starts it', async () => {
    hub.start();
    last().emit('message', READY);
    last().end(0, { type: 'stopped' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([hub.state.phase, children.length]).toEqual(['stopped', 1]);
    hub.start();
    expect(hub.state.phase).toBe('starting');
  });
});

test('an end that the hub takes its own time for is waited for, within a limit', async () => {
  expect(await hub.waitForEnd(1)).toBe(true);
  hub.start();
  last().emit('message', READY);
  const inTime = hub.waitForEnd(40_000);
  await vi.advanceTimersByTimeAsync(30_000);
  const tooLong = hub.waitForEnd(1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await tooLong).toBe(false);
  last().end(0, { type: 'stopped' });
  expect([await inTime, hub.state.phase]).toEqual([true, 'stopped']);
});
