import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, type Mock, test, vi } from 'vitest';
import type { AppLife } from '../../../electron/main/lifecycle.ts';
import type { Desktop } from '../../../electron/main/desktop.ts';

const electron = vi.hoisted(() => ({
  app: null as unknown as FakeApp,
  powerMonitor: null as unknown as EventEmitter,
}));
vi.mock('electron', () => electron);

class FakeApp extends EventEmitter {
  hasQuit = false;
  readonly relaunch = vi.fn();
  readonly exit = vi.fn();
  quit(): void {
    const event = { isPrevented: false, preventDefault: () => (event.isPrevented = true) };
    this.emit('before-quit', event);
    this.hasQuit = !event.isPrevented;
  }
}

const { followAppEvents } = await import('../../../electron/main/lifecycle.ts');
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let signals: EventEmitter;
let isAgreed: Promise<boolean>;
let life: AppLife;
let desktop: { [name in keyof Desktop]: Mock<Desktop[name]> };

beforeEach(() => {
  electron.app = new FakeApp();
  electron.powerMonitor = new EventEmitter();
  signals = new EventEmitter();
  isAgreed = Promise.resolve(true);
  desktop = {
    show: vi.fn(),
    startHub: vi.fn(),
    wakeHub: vi.fn(),
    confirmQuit: vi.fn(() => isAgreed),
    dispose: vi.fn(() => Promise.resolve()),
  };
  life = followAppEvents(desktop, signals);
});

describe('quitting', () => {
  test('drains before it quits', async () => {
    let drained = (): void => {};
    desktop.dispose.mockImplementation(() => new Promise<void>((resolve) => (drained = resolve)));
    electron.app.quit();
    await settled();
    expect([desktop.dispose.mock.calls.length, electron.app.hasQuit]).toEqual([1, false]);
    drained();
    await settled();
    expect(electron.app.hasQuit).toBe(true);
  });

  test('D16: is asked first, and refused it does not happen; asked again, it may', async () => {
    isAgreed = Promise.resolve(false);
    electron.app.quit();
    await settled();
    expect([desktop.dispose.mock.calls.length, electron.app.hasQuit]).toEqual([0, false]);
    isAgreed = Promise.resolve(true);
    electron.app.quit();
    await settled();
    expect(electron.app.hasQuit).toBe(true);
  });

  test('the question is put once, however often quit is pressed', async () => {
    isAgreed = new Promise(() => {});
    electron.app.quit();
    electron.app.quit();
    await settled();
    expect(desktop.confirmQuit).toHaveBeenCalledOnce();
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('D20: %s asks nobody', async (signal) => {
    signals.emit(signal);
    await settled();
    expect([desktop.confirmQuit.mock.calls.length, electron.app.hasQuit]).toEqual([0, true]);
  });

  test('D20: a shutdown of the system overtakes a question that stands', async () => {
    let answer: (isAgreed: boolean) => void = () => {};
    isAgreed = new Promise((resolve) => (answer = resolve));
    electron.app.quit();
    electron.powerMonitor.emit('shutdown');
    await settled();
    expect(electron.app.hasQuit).toBe(true);
    answer(true);
    await settled();
    expect(desktop.dispose).toHaveBeenCalledOnce();
  });
});

describe('ending to install a new version', () => {
  test('asks nobody, waits for calls, then installs, and the installer may quit the app', async () => {
    let drained = (): void => {};
    desktop.dispose.mockImplementation(() => new Promise<void>((resolve) => (drained = resolve)));
    const install = vi.fn(() => electron.app.quit());
    life.endThen(install);
    await settled();
    expect(desktop.dispose).toHaveBeenCalledWith({ waitForCalls: true });
    expect(install).not.toHaveBeenCalled();
    drained();
    await settled();
    expect([desktop.confirmQuit.mock.calls.length, install.mock.calls.length, electron.app.hasQuit]).toEqual([
      0,
      1,
      true,
    ]);
  });

  test('a shim that lost its hub meanwhile does not bring it back', async () => {
    desktop.dispose.mockImplementation(() => new Promise<void>(() => {}));
    life.endThen(() => {});
    await settled();
    electron.app.emit('second-instance', {}, ['/opt/patchbay', '--hidden']);
    electron.app.emit('second-instance', {}, ['/opt/patchbay']);
    expect([desktop.show.mock.calls.length, desktop.wakeHub.mock.calls.length]).toEqual([0, 0]);
  });

  test('an installer that fails, or does nothing, leaves a running app behind, not an empty one', async () => {
    vi.useFakeTimers();
    try {
      life.endThen(() => {
        throw new Error('no such file');
      });
      await vi.advanceTimersByTimeAsync(0);
      expect([electron.app.relaunch.mock.calls.length, electron.app.exit.mock.calls]).toEqual([1, [[0]]]);
      electron.app = new FakeApp();
      followAppEvents(desktop, signals).endThen(() => {});
      await vi.advanceTimersByTimeAsync(59_000);
      expect(electron.app.relaunch).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(2_000);
      expect(electron.app.relaunch).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('D03: a second start', () => {
  test('shows the window', () => {
    electron.app.emit('second-instance', {}, ['/opt/patchbay']);
    expect([desktop.show.mock.calls.length, desktop.wakeHub.mock.calls.length]).toEqual([1, 0]);
  });

  test('by a shim only wakes the hub', () => {
    electron.app.emit('second-instance', {}, ['/opt/patchbay', '--hidden']);
    expect([desktop.show.mock.calls.length, desktop.wakeHub.mock.calls.length]).toEqual([0, 1]);
  });
});

test('without windows the app lives on in the tray', () => {
  expect(electron.app.listenerCount('window-all-closed')).toBe(1);
});
