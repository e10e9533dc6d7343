import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DesktopSettings } from '../../../electron/main/desktop-settings.ts';

const electron = vi.hoisted(() => ({
  BrowserWindow: null as unknown,
  nativeTheme: { shouldUseDarkColors: true },
  protocol: {},
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1000, height: 800 } }] },
}));
vi.mock('electron', () => electron);
const { createWindowControl, windowOptions } = await import('../../../electron/main/window.ts');

class FakeWindow extends EventEmitter {
  static made: FakeWindow[] = [];
  readonly webContents = new EventEmitter();
  readonly loaded: string[] = [];
  isGone = false;
  isShown = false;

  readonly options: Electron.BrowserWindowConstructorOptions;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    FakeWindow.made.push(this);
  }
  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    return Promise.resolve();
  }
  show(): void {
    this.isShown = true;
    this.emit('show');
  }
  hide(): void {
    this.isShown = false;
    this.emit('hide');
  }
  isVisible = (): boolean => this.isShown && !this.isGone;
  focus(): void {}
  maximize(): void {}
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  getNormalBounds = () => ({ x: 5, y: 6, width: 900, height: 700 });
  destroy(): void {
    this.isGone = true;
    this.emit('closed');
  }
  /** A person presses its close button. */
  pressClose(): boolean {
    let isPrevented = false;
    this.emit('close', { preventDefault: () => (isPrevented = true) });
    return isPrevented;
  }
}

let settings: DesktopSettings;
const onHidden = vi.fn();
const onQuit = vi.fn();
const control = () =>
  createWindowControl({
    preload: '/dist/preload.cjs',
    icon: undefined,
    settings: { get: () => settings, update: (part) => (settings = { ...settings, ...part }) },
    onHidden,
    onQuit,
    onVisibility: () => {},
  });

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  FakeWindow.made = [];
  electron.BrowserWindow = FakeWindow;
  settings = {
    window: null,
    wasTrayHintShown: false,
    choices: {
      closeToTray: true,
      notify: { alerts: true, serverFailures: true, guardian: true, toolChanges: true },
      checkForUpdates: true,
      language: null,
    },
  };
});
afterEach(() => vi.useRealTimers());

test('E34: the window’s page is isolated, sandboxed and without Node', () => {
  expect(windowOptions('/dist/preload.cjs', undefined).webPreferences).toMatchObject({
    preload: '/dist/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    webviewTag: false,
  });
});

describe('the window', () => {
  test('is seen once its page is ready, at the route asked for', () => {
    const window = control();
    window.show('/traffic');
    const [made] = FakeWindow.made;
    expect([made!.loaded, window.visible()]).toEqual([['app://ui/#/traffic'], null]);
    made!.emit('ready-to-show');
    expect(window.visible()).toBe(made);
    window.show('/clients');
    expect([FakeWindow.made.length, made!.loaded[1]]).toEqual([1, 'app://ui/#/clients']);
    window.show();
    expect(made!.loaded).toHaveLength(2);
  });

  test('D16: closing hides it and remembers its place; much later its memory is given back', () => {
    const window = control();
    window.show();
    const [first] = FakeWindow.made;
    first!.emit('ready-to-show');
    expect(first!.pressClose()).toBe(true);
    expect([first!.isShown, onHidden.mock.calls.length]).toEqual([false, 1]);
    expect(settings.window).toEqual({ bounds: first!.getNormalBounds(), isMaximized: false });

    window.show();
    vi.advanceTimersByTime(3_600_000);
    expect(first!.isGone).toBe(false);
    first!.pressClose();
    vi.advanceTimersByTime(3_600_000);
    expect(first!.isGone).toBe(true);
    window.show();
    expect(FakeWindow.made).toHaveLength(2);
  });

  test('chosen so, closing it asks the app to quit and leaves it in sight until that happens', () => {
    const window = control();
    window.show();
    const [made] = FakeWindow.made;
    made!.emit('ready-to-show');
    settings = { ...settings, choices: { ...settings.choices, closeToTray: false } };
    expect(made!.pressClose()).toBe(true);
    expect([onQuit.mock.calls.length, onHidden.mock.calls.length, made!.isShown]).toEqual([1, 0, true]);
  });

  test('comes back where it was, but not on a screen that is gone', () => {
    const bounds = { x: 100, y: 50, width: 800, height: 600 };
    settings = { ...settings, window: { bounds, isMaximized: false } };
    control().show();
    expect(FakeWindow.made[0]!.options).toMatchObject(bounds);
    settings = { ...settings, window: { bounds: { ...bounds, x: 2_000 }, isMaximized: false } };
    control().show();
    expect(FakeWindow.made[1]!.options.x).toBeUndefined();
  });

  test('whose page crashed is replaced at the next opening', () => {
    const window = control();
    window.show();
    FakeWindow.made[0]!.webContents.emit('render-process-gone');
    expect(FakeWindow.made[0]!.isGone).toBe(true);
    window.show();
    expect(FakeWindow.made).toHaveLength(2);
  });

  test('is really closed by dispose', () => {
    const window = control();
    window.show();
    window.dispose();
    expect([FakeWindow.made[0]!.isGone, vi.getTimerCount()]).toEqual([true, 0]);
  });
});
