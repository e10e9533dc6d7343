import {
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  nativeTheme,
  type Rectangle,
  screen,
} from 'electron';
import { UI_ORIGIN } from './app-protocol.ts';
import type { DesktopSettingsStore } from './desktop-settings.ts';

/** A window hidden for this long gives its renderer's memory back; all state lives in the hub. */
const IDLE_MS = 5 * 60_000;
const DEFAULT_SIZE = { width: 1180, height: 760 };

export interface WindowOptions {
  preload: string;
  /** Image for window lists where the system does not take it from the app, as on Linux. */
  icon: string | undefined;
  settings: DesktopSettingsStore;
  /** The window was hidden by its close button. */
  onHidden: () => void;
  /** Its close button was pressed, and the person chose that this quits. The window stays until the app really ends. */
  onQuit: () => void;
  /** The window came into sight or went out of it. */
  onVisibility: (isVisible: boolean) => void;
}

/** The one window. Closing it only hides it, unless the person chose otherwise: Patchbay lives in the tray. */
export interface WindowControl {
  /** The window while a person can see it. */
  visible(): BrowserWindow | null;
  /** Brings the window up, made anew if need be, at a route of the UI (`/traffic`) if one is given. */
  show(route?: string): void;
  /** Really closes it, for quitting. */
  dispose(): void;
}

/**
 * Isolation, sandbox and web security are Electron's defaults; they are spelled out so that a test can hold the
 * window to them.
 */
export function windowOptions(preload: string, icon: string | undefined): BrowserWindowConstructorOptions {
  return {
    ...DEFAULT_SIZE,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Patchbay',
    ...(icon ? { icon } : {}),
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

export function createWindowControl(options: WindowOptions): WindowControl {
  const { settings } = options;
  let window: BrowserWindow | null = null;
  let idle: NodeJS.Timeout | undefined;

  function open(route: string): BrowserWindow {
    const remembered = settings.get().window;
    const created = new BrowserWindow({
      ...windowOptions(options.preload, options.icon),
      // The page's own background, so that opening does not flash.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#0c0f10' : '#f4f6f6',
      ...(remembered && isOnScreen(remembered.bounds) ? remembered.bounds : {}),
    });
    if (remembered?.isMaximized) created.maximize();
    created.once('ready-to-show', () => present(created));
    created.on('close', (event) => {
      event.preventDefault();
      if (!settings.get().choices.closeToTray) return options.onQuit();
      hide(created);
      options.onHidden();
    });
    created.on('closed', () => {
      if (window === created) window = null;
      options.onVisibility(false);
    });
    created.on('show', () => options.onVisibility(true));
    created.on('hide', () => options.onVisibility(false));
    // A crashed page leaves an empty window; the next opening makes a new one.
    created.webContents.on('render-process-gone', () => created.destroy());
    void created.loadURL(address(route));
    return created;
  }

  function present(target: BrowserWindow): void {
    clearTimeout(idle);
    if (target.isMinimized()) target.restore();
    target.show();
    target.focus();
  }

  function remember(target: BrowserWindow): void {
    settings.update({ window: { bounds: target.getNormalBounds(), isMaximized: target.isMaximized() } });
  }

  function hide(target: BrowserWindow): void {
    remember(target);
    target.hide();
    clearTimeout(idle);
    idle = setTimeout(() => target.destroy(), IDLE_MS);
    idle.unref();
  }

  return {
    visible: () => (window?.isVisible() ? window : null),
    show(route) {
      if (!window) {
        window = open(route ?? '/');
        return;
      }
      if (route !== undefined) void window.loadURL(address(route));
      present(window);
    },
    dispose() {
      clearTimeout(idle);
      if (window?.isVisible()) remember(window);
      window?.destroy();
    },
  };
}

const address = (route: string): string => `${UI_ORIGIN}/#${route}`;

/** A remembered place is of no use when its screen is gone. */
function isOnScreen(bounds: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const across =
      Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
    const down =
      Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
    return across >= 100 && down >= 50;
  });
}
