import type { ElectronApplication, Page } from 'playwright/test';
import type { DesktopBridge } from '../../shared/contract/desktop-bridge.ts';
import type { DesktopChoices, DesktopState } from '../../shared/model/desktop.ts';
import { connected, exitOf, isWindowVisible } from './desktop-app.ts';
import { expect, test } from './fixtures.ts';
import { target } from './target.ts';
import { trayLabels } from './tray.ts';

interface Bridged {
  patchbay: DesktopBridge;
  statesSeen: DesktopState[];
}

const stateOf = (page: Page): Promise<DesktopState> =>
  page.evaluate(() => (window as unknown as Bridged).patchbay.state());
const choose = (page: Page, change: Partial<DesktopChoices>): Promise<DesktopState> =>
  page.evaluate((given) => (window as unknown as Bridged).patchbay.choose(given), change);
const closeWindow = (app: ElectronApplication): Promise<void> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

test('the page is told the app’s choices and updates, and of every change of them', async ({
  desktop: { page },
}) => {
  expect(await stateOf(page)).toEqual({
    choices: {
      launchAtLogin: false,
      closeToTray: true,
      notify: { alerts: true, serverFailures: true, guardian: true, toolChanges: true },
      checkForUpdates: true,
      language: null,
    },
    update: { phase: 'unsupported', reason: expect.stringContaining('sources') },
  });
  await page.evaluate(() => {
    const bridged = window as unknown as Bridged;
    bridged.statesSeen = [];
    bridged.patchbay.onState((state) => bridged.statesSeen.push(state));
  });
  expect((await choose(page, { checkForUpdates: false })).choices.checkForUpdates).toBe(false);
  await expect
    .poll(() =>
      page.evaluate(() =>
        (window as unknown as Bridged).statesSeen.map(({ choices }) => choices.checkForUpdates),
      ),
    )
    .toEqual([false]);
});

test('a choice outlives the app', async ({ start }) => {
  const first = await connected(await start());
  await choose(first.page, {
    closeToTray: false,
    notify: { alerts: false, serverFailures: true, guardian: true, toolChanges: true },
  });
  const exit = exitOf(first.app);
  await first.app.evaluate(({ app }) => app.quit());
  await exit;
  const { page } = await connected(await start());
  expect((await stateOf(page)).choices).toMatchObject({
    closeToTray: false,
    notify: { alerts: false, serverFailures: true, guardian: true, toolChanges: true },
  });
});

test('chosen so, closing the window quits the app, in order', async ({ desktop: { app, page } }) => {
  await choose(page, { closeToTray: false });
  const exit = exitOf(app);
  await closeWindow(app);
  expect(await exit).toBe(0);
});

test('starting at login is one setting, in the tray and in the page', async ({ desktop: { app, page } }) => {
  test.skip(target.kind === 'electron', 'Electron gives no access to the tray of a running app');
  test.skip(process.platform !== 'linux', 'Elsewhere an app that runs from its sources has none');
  expect((await choose(page, { launchAtLogin: true })).choices.launchAtLogin).toBe(true);
  expect(await trayLabels(app)).toContain('[x] Start at Login');
  await choose(page, { launchAtLogin: false });
  expect(await trayLabels(app)).toContain('[ ] Start at Login');
});

test('E33: what the page asks for is checked, and refused in words', async ({ desktop: { app, page } }) => {
  const refusals = await page.evaluate(async () => {
    const { patchbay } = window as unknown as {
      patchbay: Record<string, (input?: unknown) => Promise<unknown>>;
    };
    const told = async (name: string, input?: unknown): Promise<string> => {
      try {
        await patchbay[name]!(input);
        return 'taken';
      } catch (error) {
        return (error as Error).message;
      }
    };
    return {
      kind: await told('choose', { closeToTray: 'no' }),
      unknown: await told('choose', { runAtOnce: 'rm -rf' }),
      nothing: await told('choose', null),
      check: await told('checkForUpdate'),
      download: await told('downloadUpdate'),
      install: await told('installUpdate'),
    };
  });
  const notUnderstood = 'The app did not understand what the page asked for.';
  expect(refusals).toEqual({
    kind: notUnderstood,
    unknown: notUnderstood,
    nothing: notUnderstood,
    check: expect.stringContaining('sources'),
    download: expect.stringContaining('sources'),
    install: expect.stringContaining('sources'),
  });
  expect((await stateOf(page)).choices.closeToTray).toBe(true);
  expect(await isWindowVisible(app)).toBe(true);
});
