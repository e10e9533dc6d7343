import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication } from 'playwright/test';
import { installShimFor, startThroughShim } from '../support/shim.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { connected, isWindowVisible } from './desktop-app.ts';
import { expect, test } from './fixtures.ts';
import { target } from './target.ts';
import { clickTray, shownMessages, trayFace, trayLabels } from './tray.ts';

test.skip(
  target.kind === 'electron',
  'Electron shows its notifications and its tray to nobody but the person',
);

/** Presses the newest notification with this title, as a click of the person would. */
const pressNotification = (app: ElectronApplication, title: string): Promise<void> =>
  app.evaluate((_electron, wanted) => {
    const { standin } = globalThis as unknown as {
      standin: { notifications: { title: string; press(): void }[] };
    };
    const found = standin.notifications.findLast((notification) => notification.title === wanted);
    if (!found) throw new Error(`There is no notification ${wanted}.`);
    found.press();
  }, title);

/** A catalog with one server that ends before it has said anything. */
function writeCatalog(home: TemporaryHome): void {
  mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  chmodSync(home.dataDir, 0o700);
  const servers = { broken: { command: process.execPath, args: ['-e', 'process.exit(3)'] } };
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers: servers }), {
    mode: 0o600,
  });
}

test('a server that fails is told of once, in words and shape, and a click leads to it', async ({
  home,
  start,
}) => {
  test.slow();
  writeCatalog(home);
  installShimFor(home);
  const { app, page } = await connected(await start());
  await expect.poll(() => trayLabels(app)).toContain('1 Server');

  const client = startThroughShim(home, {
    name: 'broken',
    command: process.execPath,
    args: ['-e', 'process.exit(3)'],
    env: { PATCHBAY_NO_AUTOSTART: '1' },
  });
  // Whatever the client hears, the hub has seen its server end.
  await Promise.race([client.initialize().catch(() => {}), client.exited]);
  await expect.poll(() => shownMessages(app), { timeout: 30_000 }).toContain('broken failed');
  expect(await trayFace(app)).toMatchObject({ image: 'tray-attention-linux.png' });
  expect(await trayLabels(app)).toContain('1 Server (1 failed)');

  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await pressNotification(app, 'broken failed');
  await expect.poll(() => isWindowVisible(app)).toBe(true);
  await expect(page).toHaveURL(/#\/servers\?server=broken$/);
  await clickTray(app, 'server:broken');
  expect((await shownMessages(app)).filter((title) => title === 'broken failed')).toHaveLength(1);
  client.child.kill();
  await client.exited;
});
