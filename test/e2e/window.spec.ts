import { connected, isWindowVisible, startAgain, windowAddress } from './desktop-app.ts';
import { expect, test } from './fixtures.ts';

test('the window shows the UI, connected to the hub over a message port', async ({
  desktop: { app, page },
}) => {
  expect(await windowAddress(app)).toMatch(/^app:\/\/ui\//);
  await expect(page.getByText('0 sessions')).toBeVisible();
  expect(app.windows()).toHaveLength(1);
});

test('E34: the window’s page is isolated, sandboxed and without Node, and is given nothing but the bridge', async ({
  desktop: { app, page },
}) => {
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    // In Electron's interface, if not in its types.
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  const given = await page.evaluate(() => {
    const { patchbay } = window as unknown as { patchbay: Record<string, unknown> };
    return {
      bridge: Object.fromEntries(Object.entries(patchbay).map(([key, value]) => [key, typeof value])),
      isFrozen: Object.isFrozen(patchbay),
      node: ['require', 'process', 'module', 'ipcRenderer'].filter((name) => name in window),
    };
  });
  expect(given).toEqual({
    bridge: {
      host: 'string',
      requestHubPort: 'function',
      state: 'function',
      choose: 'function',
      checkForUpdate: 'function',
      downloadUpdate: 'function',
      installUpdate: 'function',
      openLoginPage: 'function',
      onState: 'function',
    },
    isFrozen: true,
    node: [],
  });
});

test('D16, D03: closing hides the window, a second start brings it back and leaves by itself', async ({
  home,
  desktop: { app, page },
}) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await isWindowVisible(app)).toBe(false);

  expect(await startAgain(home)).toBe(0);
  await expect.poll(() => isWindowVisible(app)).toBe(true);
  await expect(page.getByText('Hub connected')).toBeVisible();
});

test('a second start by a shim (hidden) leaves the window where it is', async ({
  home,
  desktop: { app },
}) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const heard = app.evaluate(
    ({ app: electronApp }) =>
      new Promise<void>((resolve) => electronApp.once('second-instance', () => resolve())),
  );
  expect(await startAgain(home, ['--hidden'])).toBe(0);
  await heard;
  expect(await isWindowVisible(app)).toBe(false);
});

test('the window comes back where it was', async ({ start }) => {
  const bounds = { x: 40, y: 30, width: 1000, height: 700 };
  const first = await connected(await start());
  await first.app.evaluate(({ BrowserWindow }, wanted) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(wanted);
    BrowserWindow.getAllWindows()[0]?.close();
  }, bounds);
  await first.app.close();

  const { app } = await connected(await start());
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(
    bounds,
  );
});
