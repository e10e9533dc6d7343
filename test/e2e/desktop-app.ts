import type { ChildProcess } from 'node:child_process';
import { _electron, type ElectronApplication, type Page, expect } from 'playwright/test';
import { runProgram } from '../support/cli.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { answerDialogs } from './dialogs.ts';
import { appFolder, target } from './target.ts';

/** Variables of the person's session that a real Electron needs to show a window. */
const SESSION = ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];

/** The app as it runs for one test. */
export interface DesktopApp {
  app: ElectronApplication;
  /** The window's page. */
  page: Page;
}

const environment = (
  home: TemporaryHome,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> => ({
  ...home.env,
  ...Object.fromEntries(
    [...SESSION, 'CHROMIUM_PATH'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  ),
  ...extra,
});

/** Starts the built app in a temporary home; `extra` is added to its environment. */
export function launchElectron(
  home: TemporaryHome,
  extra?: Readonly<Record<string, string>>,
): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: target.executable,
    args: [appFolder],
    cwd: home.project,
    env: environment(home, extra),
  });
}

/** Starts the app again while it runs; resolves with the exit code of the second process. */
export async function startAgain(home: TemporaryHome, args: readonly string[] = []): Promise<number> {
  // Chromium refuses to start its sandbox for root on Linux.
  const sandbox = process.platform === 'linux' ? ['--no-sandbox'] : [];
  const { code } = await runProgram(target.executable, [...sandbox, appFolder, ...args], {
    cwd: home.project,
    env: environment(home),
  });
  return code;
}

/** Waits until the app's window is up and shows the hub. */
export async function connected(app: ElectronApplication): Promise<DesktopApp> {
  const page = await app.firstWindow();
  await expect(page.getByText('Hub connected')).toBeVisible();
  await expect.poll(() => isWindowVisible(app)).toBe(true);
  return { app, page };
}

/** Whether a person could see a window of the app. */
export const isWindowVisible = (app: ElectronApplication): Promise<boolean> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()));

/** The route the window is at, as main knows it. */
export const windowAddress = (app: ElectronApplication): Promise<string | undefined> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());

/** Pid of the hub's process, as the settings page shows it. Leaves the page there. */
export async function hubPid(page: Page): Promise<number> {
  await page.getByRole('link', { name: 'Settings' }).click();
  const shown = page.getByText('Process', { exact: true }).locator('xpath=following-sibling::dd[1]');
  await expect(shown).toHaveText(/^\d+$/);
  return Number(await shown.textContent());
}

/** Resolves with the exit code of the app's process. */
export const exitOf = (app: ElectronApplication): Promise<number | null> =>
  new Promise((resolve) => app.process().once('exit', (code) => resolve(code)));

/** How long an orderly end may take before a test is given up on. */
const CLOSE_LIMIT_MS = 20_000;

/** Quits the app, whatever it may ask; ends it by force when that leads nowhere. Nothing happens when it has ended. */
export async function closeApp(app: ElectronApplication, child: ChildProcess): Promise<void> {
  // Playwright forgets the process of an app that has ended, so the caller has to have kept it.
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const force = setTimeout(() => child.kill('SIGKILL'), CLOSE_LIMIT_MS);
  await answerDialogs(app, 'Quit').catch(() => {});
  await app.close();
  await exit;
  clearTimeout(force);
}
